"""A built comparison on disk: what texts that are not in the collection are compared with. Arrays are mapped into memory, so that opening costs nothing.

A folder holds one generation per build; the file ``current`` names the one in use and is replaced last, so that a reader never meets half of one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from diffusion.reuse.building import Reuse
from diffusion.reuse.corpus import About, Array, Corpus, Groups, rank_of
from diffusion.reuse.model import Options, Pair, Template
from diffusion.reuse.normalising import normalise
from diffusion.reuse.passages import settle

FORMAT = 2
_CURRENT = "current"
_ARRAYS = ("codes", "offsets", "text_start", "text_of", "unit_of", "county_of", "rank_of", "superior", "heads", "starts", "places", "units", "runs")
_ASKED = "?"
_NOBODY: Any = np.int32(-1)  # the unit of a text asked about, as the kernels have it


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison was made from and with."""

    snapshot: str
    options: Options
    reports: int
    characters: int
    without_year: int
    without_place: int
    pairs: dict[str, int]
    templates: int
    format: int = FORMAT


class Index:
    """Attributes: ``meta``, ``templates``, ``texts``. Open it with ``Index.open``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.meta = msgspec.json.decode((folder / "meta.json").read_bytes(), type=Meta)
        if self.meta.format != FORMAT:
            raise ValueError(f"format {self.meta.format}")
        self.templates = msgspec.json.decode((folder / "templates.json").read_bytes(), type=list[Template])
        self.texts = msgspec.json.decode((folder / "texts.json").read_bytes(), type=list[About])
        # mapped copy-on-write and seen as plain arrays: of read-only ones each kernel would be compiled a second time
        self._arrays: dict[str, Array] = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c")) for name in _ARRAYS}

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """The newest complete build; None where there is none, or one of another format."""
        try:
            return cls(folder / (folder / _CURRENT).read_text().strip())
        except (OSError, ValueError, msgspec.MsgspecError):
            return None

    @classmethod
    def save(cls, folder: Path, reuse: Reuse, snapshot: str, options: Options) -> Self:
        """Write a build beside the one in use, then switch."""
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"build-{os.getpid()}-{os.urandom(4).hex()}"
        made.mkdir()
        corpus, groups = reuse.corpus, reuse.groups
        arrays: dict[str, Any] = {**corpus._asdict(), **groups._asdict(), "runs": reuse.runs}
        for name in _ARRAYS:
            np.save(made / f"{name}.npy", arrays[name])
        kinds = {kind: sum(pair.kind == kind for pair in reuse.pairs) for kind in ("copy", "template", "self")}
        meta = Meta(
            snapshot=snapshot, options=options, reports=len(corpus.texts), characters=len(corpus.codes) - len(corpus.texts),
            without_year=sum(text.year is None for text in corpus.texts), without_place=sum(not text.county for text in corpus.texts),
            pairs=kinds, templates=len(reuse.templates),
        )  # fmt: skip
        (made / "texts.json").write_bytes(msgspec.json.encode(corpus.texts))
        (made / "templates.json").write_bytes(msgspec.json.encode(reuse.templates))
        (made / "meta.json").write_bytes(msgspec.json.encode(meta))
        with (made / "pairs.jsonl").open("wb") as file:
            for pair in reuse.pairs:
                file.write(msgspec.json.encode(pair) + b"\n")
        pointer = made / _CURRENT
        pointer.write_text(made.name)
        pointer.replace(folder / _CURRENT)
        for old in folder.glob("build-*"):
            if old != made:
                shutil.rmtree(old, ignore_errors=True)
        return cls(made)

    def lines(self) -> Iterator[bytes]:
        """All pairs, one JSON object a line."""
        with (self._folder / "pairs.jsonl").open("rb") as file:
            yield from file

    def pairs(self) -> Iterator[Pair]:
        for line in self.lines():
            yield msgspec.json.decode(line, type=Pair)

    def query(self, text: str, *, name: str = _ASKED, names: tuple[str, ...] = (), year: int | None = None) -> list[Pair]:
        """Where passages of ``text`` stand in the collection; ``b`` is the text asked about, ``best`` marks the source that agrees most with each passage.

        Without ``year`` every report can be a source and no direction is claimed. Passages of templates say so and name theirs.
        """
        from diffusion.reuse import kernels

        options, arrays = self.meta.options, self._arrays
        codes, offsets, _ = normalise(text, names)
        size = len(codes)
        if size < options.gram or not len(arrays["heads"]):
            return []
        group_of = self._look_up(kernels.hash_grams(codes, options.gram))
        known = len(self.texts)
        rank = rank_of(year, False)
        candidates = kernels.find_candidates(
            0, size, group_of, np.zeros(size, dtype=np.uint8), options.gram, known, _NOBODY, rank, arrays["starts"], arrays["places"], arrays["units"],
            options.common_units, arrays["text_of"], arrays["unit_of"], arrays["rank_of"], np.zeros(len(arrays["codes"]), dtype=np.uint8), self._examples,
            options.seed_reach, options.drift, options.least_covered,
        )  # fmt: skip
        rows = kernels.align_candidates(
            candidates, 0, size, codes, arrays["codes"], codes, arrays["codes"], arrays["text_start"], options.margin, options.band, options.least_aligned,
            options.least_identity,
        )  # fmt: skip
        corpus, groups = self._as_corpus(codes, offsets, group_of, name, year)
        named = [self._name_template(pair) for pair in settle(corpus, groups, known, self._shift(rows), options, phrases=True).pairs]
        return [
            pair
            for pair in named
            if (pair.best if pair.kind == "template" else pair.aligned >= options.short_aligned or pair.boilerplate < options.short_boilerplate)
        ]

    def _look_up(self, hashes: Array) -> Array:
        """Number of each gram's group; -1 for one that no report has."""
        heads = self._arrays["heads"]
        at = np.minimum(np.searchsorted(heads, hashes), len(heads) - 1)
        return np.where((heads[at] == hashes) & (hashes != 0), at, -1).astype(np.int32)

    @cached_property
    def _examples(self) -> Array:
        """Places of one run of each template: common grams lead there and nowhere else."""
        places = np.zeros(len(self._arrays["codes"]), dtype=np.uint8)
        runs = self._arrays["runs"]
        for start, end in runs[np.unique(runs[:, 2], return_index=True)[1], :2].tolist():
            places[start:end] = 1
        return places

    def _shift(self, rows: Array) -> Array:
        """Places of the text asked about follow those of the collection."""
        rows = rows.copy()
        rows[:, 1:3] += len(self._arrays["codes"])
        return rows

    def _as_corpus(self, codes: Array, offsets: Array, group_of: Array, name: str, year: int | None) -> tuple[Corpus, Groups]:
        """The collection with the text asked about behind it, as far as ``settle`` looks at it."""
        arrays = self._arrays
        asked = About(key=name, unit=_ASKED, county="", year=year, issued=None, superior=False, order=False, rank=rank_of(year, False))
        ends = np.zeros(0, dtype=np.bool_)
        whole = Corpus(
            [*self.texts, asked], _Behind(arrays["codes"], codes), _Behind(arrays["offsets"], offsets), ends, arrays["text_start"],  # type: ignore[arg-type]
            arrays["text_of"], arrays["unit_of"], arrays["county_of"], arrays["rank_of"], arrays["superior"],
        )  # fmt: skip
        return whole, Groups(arrays["heads"], arrays["starts"], arrays["places"], arrays["units"], _Behind(arrays["codes"], group_of))  # type: ignore[arg-type]

    def _name_template(self, pair: Pair) -> Pair:
        """A pair whose source lies in a template's run by half is that template's."""
        if pair.kind != "copy":
            return pair
        text = self._numbers[pair.a]
        first, last = int(self._arrays["text_start"][text]), int(self._arrays["text_start"][text + 1]) - 1
        offsets = self._arrays["offsets"][first:last]
        start, end = first + int(np.searchsorted(offsets, pair.a_start)), first + int(np.searchsorted(offsets, pair.a_end))
        runs = self._arrays["runs"]
        at = max(0, int(np.searchsorted(runs[:, 0], start, side="right")) - 1)
        held: dict[int, int] = {}
        while at < len(runs) and runs[at, 0] < end:
            shared = min(end, int(runs[at, 1])) - max(start, int(runs[at, 0]))
            if shared > 0:
                held[int(runs[at, 2])] = held.get(int(runs[at, 2]), 0) + shared
            at += 1
        if 2 * sum(held.values()) <= end - start:
            return pair
        number = max(held, key=lambda one: (held[one], -one))
        return msgspec.structs.replace(pair, kind="template", template=self.templates[number].id)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {text.key: number for number, text in enumerate(self.texts)}


class _Behind:
    """Two arrays one behind the other, without copying the first, which is large and on disk."""

    def __init__(self, first: Array, second: Array) -> None:
        self._first, self._second = first, second

    def __getitem__(self, at: Any) -> Any:
        size = len(self._first)
        if isinstance(at, slice):
            return self._second[at.start - size : at.stop - size] if at.start >= size else self._first[at]
        return self._second[at - size] if at >= size else self._first[at]
