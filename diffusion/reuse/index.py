"""A comparison on disk: the last whole one, and what has changed since. Arrays are mapped into memory, so that opening costs nothing.

A folder holds the last whole comparison (``build-…``) and, where reports came or went since, one folder (``more-…``) with all that differs from it. The file
``current`` names the one in use and is replaced last, so that a reader never meets half of one.
"""

from __future__ import annotations

import mmap
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec
import numpy as np

from diffusion.reuse.building import Reuse
from diffusion.reuse.corpus import About, Array, Corpus, Groups, Phrases, rank_of
from diffusion.reuse.model import Options, Pair, Template
from diffusion.reuse.normalising import normalise
from diffusion.reuse.passages import settle
from diffusion.reuse.segments import Segment, View, empty, look_up
from diffusion.reuse.templates import Scope

FORMAT = 6
_CURRENT = "current"
_CORPUS = ("codes", "offsets", "text_start", "text_of", "unit_of", "county_of", "rank_of", "superior")
_GROUPS = ("heads", "starts", "places", "units")
_ARRAYS = (*_CORPUS, *_GROUPS, "runs", "covered")
_ASKED = "?"
_TEMPLATE = b'"kind":"template"'
KINDS = ("copy", "template", "self")


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What the comparison was made from and with. ``brought_in`` and ``taken_out``: texts that came and went since all were compared; one that was replaced
    did both. ``base`` is the folder of the whole comparison; empty where this is it."""

    snapshot: str
    options: Options
    reports: int
    characters: int
    without_year: int
    without_place: int
    pairs: dict[str, int]
    templates: int
    brought_in: int = 0
    taken_out: int = 0
    since_whole: int = 0  # reports that came, went or were replaced
    base: str = ""
    format: int = FORMAT


class More(NamedTuple):
    """All that differs from a whole comparison. ``gone``: numbers of its texts that are no longer there; ``changed``: groups of grams and how many units use
    them now; ``pairs``: of texts whose pairs are others, by key; ``templates``: None for one that nobody has any more."""

    segment: Segment
    ends: Array
    runs: Array
    gone: Array
    changed: tuple[Array, Array]
    templates: Sequence[Template | None]
    pairs: Mapping[str, Sequence[Pair] | bytes]


class Index:
    """Attributes: ``meta``, ``view``, ``runs`` (of both parts), ``numbered`` (templates by number). Open it with ``Index.open``."""

    def __init__(self, folder: Path, name: str) -> None:
        top = folder / name
        self.meta = msgspec.json.decode((top / "meta.json").read_bytes(), type=Meta)
        if self.meta.format != FORMAT:
            raise ValueError(f"format {self.meta.format}")
        self._folder = folder
        self._top = top
        self._base = folder / self.meta.base if self.meta.base else top
        base = _open_segment(self._base)
        more = empty()
        self.runs: tuple[Array, Array] = (_load(self._base, "runs"), np.zeros((0, 3), dtype=np.int64))
        self._lines = (_Lines(self._base), None if top == self._base else _Lines(top))
        if top != self._base:
            more = _open_segment(top)
            self.runs = (self.runs[0], _load(top, "runs"))
            base.gone[np.load(top / "gone.npy")] = 1
            base.groups.units[np.load(top / "changed_groups.npy")] = np.load(top / "changed_units.npy")
        self.numbered = msgspec.json.decode((top / "templates.json").read_bytes(), type=list[Template | None])
        self.view = View(base, more, self.meta.options)

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """The newest complete comparison; None where there is none, or one of another format."""
        name = ""
        for _ in range(5):  # one that was replaced while it was being opened
            before = name
            try:
                name = (folder / _CURRENT).read_text().strip()
                return cls(folder, name)
            except FileNotFoundError:
                if name == before:
                    return None
            except (OSError, ValueError, msgspec.MsgspecError):
                return None
        return None

    @classmethod
    def save(cls, folder: Path, reuse: Reuse, snapshot: str, options: Options) -> Self:
        """Write a whole comparison beside the one in use, then switch."""
        made = _make(folder, "build")
        corpus = reuse.corpus
        _write_arrays(made, {**corpus._asdict(), **reuse.groups._asdict(), "runs": reuse.runs, "covered": reuse.covered})
        leaders = [(start, end, number) for number, cluster in enumerate(reuse.clusters) for start, end in cluster.leaders]
        np.save(made / "phrase_hashes.npy", reuse.phrases.hashes)
        np.save(made / "phrase_units.npy", reuse.phrases.units)
        np.save(made / "leaders.npy", np.array(leaders, dtype=np.int64).reshape(-1, 3))
        _write(made, "scopes", [(cluster.scope.everywhere, sorted(cluster.scope.counties)) for cluster in reuse.clusters])
        _write(made, "surely", [(*places, count) for places, count in sorted(reuse.surely.items())])
        _write(made, "texts", corpus.texts)
        _write(made, "templates", reuse.templates)
        _write_pairs(made, _by_target(reuse.pairs))
        meta = Meta(
            snapshot=snapshot, options=options, reports=len(corpus.texts), characters=len(corpus.codes) - len(corpus.texts),
            without_year=sum(text.year is None for text in corpus.texts), without_place=sum(not text.county for text in corpus.texts),
            pairs={kind: sum(pair.kind == kind for pair in reuse.pairs) for kind in KINDS}, templates=len(reuse.templates),
        )  # fmt: skip
        _write(made, "meta", meta)
        _switch(folder, made.name, {made.name})
        return cls(folder, made.name)

    def put(self, more: More, meta: Meta) -> Index:
        """Write what has changed since the whole comparison that this one is, or rests on, then switch."""
        made = _make(self._folder, "more")
        corpus = more.segment.corpus
        _write_arrays(made, {**corpus._asdict(), **more.segment.groups._asdict(), "runs": more.runs, "covered": more.segment.covered})
        for name, array in (("ends", more.ends), ("gone", more.gone), ("changed_groups", more.changed[0]), ("changed_units", more.changed[1])):
            np.save(made / f"{name}.npy", array)
        _write(made, "texts", corpus.texts)
        _write(made, "templates", more.templates)
        _write_pairs(made, more.pairs)
        _write(made, "meta", msgspec.structs.replace(meta, base=self._base.name))
        _switch(self._folder, made.name, {made.name, self._base.name})
        return Index(self._folder, made.name)

    # -- what is in it -----------------------------------------------------------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> list[About]:
        """Those that are there, in the order in which they lie."""
        return sorted((text for part in self.view.segments for text, gone in zip(part.corpus.texts, part.gone, strict=True) if not gone), key=_position)

    @property
    def templates(self) -> list[Template]:
        return [template for template in self.numbered if template is not None]

    def lines(self) -> Iterator[bytes]:
        """All pairs, one JSON object a line, in the order of their later text."""
        for key in sorted(self.view.numbers):
            yield from self.lines_of(key).splitlines(keepends=True)

    def pairs(self) -> Iterator[Pair]:
        for line in self.lines():
            yield msgspec.json.decode(line, type=Pair)

    def lines_of(self, key: str) -> bytes:
        """The pairs whose later text this is."""
        base, more = self._lines
        found = more.of(key) if more is not None else None
        if found is None and key in self.view.numbers and self.view.locate(self.view.numbers[key])[0] == 0:
            found = base.of(key)
        return found or b""

    def pairs_of(self, key: str) -> list[Pair]:
        return [msgspec.json.decode(line, type=Pair) for line in self.lines_of(key).splitlines()]

    def targets_of(self, keys: Sequence[str]) -> set[str]:
        """Texts that are there and have a copy or own text with one of these as the earlier text; places of templates don't count, of which there are many."""
        marks = list(map(_mark, keys))
        found = {key for lines in self._lines if lines is not None for mark in marks for key in lines.search(mark)}
        return {
            key
            for key in found
            if key in self.view.numbers and any(mark in line for line in self.lines_of(key).splitlines() for mark in marks if _TEMPLATE not in line)
        }

    def pairs_about(self, key: str) -> list[Pair]:
        """The pairs that this text has an end of, on either side, templates aside."""
        mark = _mark(key)
        lines = [line for other in sorted(self.targets_of([key])) for line in self.lines_of(other).splitlines() if mark in line]
        found = [*self.pairs_of(key), *(pair for pair in (msgspec.json.decode(line, type=Pair) for line in lines) if pair.b != key)]
        return [pair for pair in found if pair.kind != "template"]

    def changed_pairs(self) -> dict[str, bytes]:
        """Lines of texts that are there and whose pairs are not those of the whole comparison."""
        more = self._lines[1]
        return {} if more is None else {key: more.of(key) or b"" for key in more.keys if key in self.view.numbers}

    @property
    def reports_compared(self) -> int:
        """How many there were when all were compared with each other."""
        return len(self.view.segments[0].corpus.texts)

    def since_whole(self) -> set[str]:
        """Keys of the reports that came, went or were replaced since then."""
        base, more = self.view.segments
        return {text.key for text, gone in zip(base.corpus.texts, base.gone, strict=True) if gone} | {text.key for text in more.corpus.texts}

    # -- what a change needs of the whole comparison -----------------------------------------------------------------------------------------------------------

    def load(self, name: str) -> Array:
        """An array of the whole comparison, as it was made."""
        return _load(self._base, name)

    def load_ends(self) -> Array:
        """Ends of sentences of the second part."""
        return np.zeros(0, dtype=np.bool_) if self._top == self._base else _load(self._top, "ends")

    def phrases(self) -> Phrases:
        """Words that stood anywhere in the whole comparison."""
        return Phrases(_load(self._base, "phrase_hashes"), _load(self._base, "phrase_units"))

    def scopes(self) -> list[Scope]:
        told = msgspec.json.decode((self._base / "scopes.json").read_bytes(), type=list[tuple[bool, frozenset[int]]])
        return [Scope(*one) for one in told]

    def surely(self) -> dict[tuple[str, str], int]:
        told = msgspec.json.decode((self._base / "surely.json").read_bytes(), type=list[tuple[str, str, int]])
        return {(one, other): count for one, other, count in told}

    # -- texts that are not in it ------------------------------------------------------------------------------------------------------------------------------

    def query(self, text: str, *, name: str = _ASKED, names: tuple[str, ...] = (), year: int | None = None) -> list[Pair]:
        """Where passages of ``text`` stand in the collection; ``b`` is the text asked about, ``best`` marks the source that agrees most with each passage.

        Without ``year`` every report can be a source and no direction is claimed. Passages of templates say so and name theirs.
        """
        options = self.meta.options
        codes, offsets, _ = normalise(text, names)
        if len(codes) < options.gram or not self.view.numbers:
            return []
        asked = self.view.ask(codes, rank_of(year, False))
        candidates = [self.view.find(asked, part, examples=examples) for part, examples in enumerate(self._examples)]
        rows = self.view.align(asked, candidates, blank=False)
        about = About(key=name, unit=_ASKED, county="", year=year, issued=None, superior=False, order=False, rank=rank_of(year, False))
        corpus = self.view.corpus_with(about, codes, offsets)
        settled = settle(corpus, self.view.used_by(asked), None, len(corpus.texts) - 1, rows, options)
        return [
            pair
            for pair in map(self._name_template, settled.pairs)
            if (pair.best if pair.kind == "template" else pair.aligned >= options.short_aligned or pair.boilerplate < options.short_boilerplate)
        ]

    @cached_property
    def _examples(self) -> list[tuple[Array, Array]]:
        """Groups and places of the grams in one run of each template, of each part: common grams lead there and nowhere else."""
        from diffusion.reuse import kernels

        found = []
        named: set[int] = set()
        for runs, segment in zip(self.runs, self.view.segments, strict=True):
            corpus = segment.corpus
            here = runs[segment.gone[corpus.text_of[runs[:, 0]]] == 0]
            chosen = [run for run in here[np.unique(here[:, 2], return_index=True)[1]].tolist() if run[2] not in named]
            named |= {number for _, _, number in chosen}
            places = np.concatenate([np.zeros(0, dtype=np.uint32), *(np.arange(start, end, dtype=np.uint32) for start, end, _ in chosen)])
            # a gram that begins in a run may end behind it
            reach = self.meta.options.gram - 1
            hashes = [kernels.hash_grams(corpus.codes[start : end + reach], self.meta.options.gram)[: end - start] for start, end, _ in chosen]
            groups = look_up(segment.groups, np.concatenate([np.zeros(0, dtype=np.uint32), *hashes]))
            order = np.lexsort((places, groups))
            found.append((groups[order], places[order]))
        return found

    def _name_template(self, pair: Pair) -> Pair:
        """A pair whose source lies in a template's run by half is that template's."""
        if pair.kind != "copy":
            return pair
        part, text = self.view.locate(self.view.numbers[pair.a])
        corpus, runs = self.view.segments[part].corpus, self.runs[part]
        first, last = int(corpus.text_start[text]), int(corpus.text_start[text + 1]) - 1
        offsets = corpus.offsets[first:last]
        start, end = first + int(np.searchsorted(offsets, pair.a_start)), first + int(np.searchsorted(offsets, pair.a_end))
        at = max(0, int(np.searchsorted(runs[:, 0], start, side="right")) - 1)
        held: dict[int, int] = {}
        while at < len(runs) and runs[at, 0] < end:
            shared = min(end, int(runs[at, 1])) - max(start, int(runs[at, 0]))
            if shared > 0:
                held[int(runs[at, 2])] = held.get(int(runs[at, 2]), 0) + shared
            at += 1
        if 2 * sum(held.values()) <= end - start:
            return pair
        template = self.numbered[max(held, key=lambda one: (held[one], -one))]
        return pair if template is None else msgspec.structs.replace(pair, kind="template", template=template.id)


class _Lines:
    """A file of pairs and where those of each later text stand in it."""

    def __init__(self, folder: Path) -> None:
        self.keys = msgspec.json.decode((folder / "targets.json").read_bytes(), type=dict[str, tuple[int, int]])
        with (folder / "pairs.jsonl").open("rb") as file:  # mapped, it stays readable when the folder has gone
            self._bytes: mmap.mmap | bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if file.seek(0, os.SEEK_END) else b""

    def of(self, key: str) -> bytes | None:
        """None for a text that the file says nothing of."""
        if key not in self.keys:
            return None
        start, end = self.keys[key]
        return self._bytes[start:end]

    def search(self, mark: bytes) -> set[str]:
        """Later texts of the lines that have these bytes in them and are no template's."""
        found = set()
        at = self._bytes.find(mark)
        while at >= 0:
            end = self._bytes.find(b"\n", at)
            line = self._bytes[self._bytes.rfind(b"\n", 0, at) + 1 : end]
            if _TEMPLATE not in line:
                found.add(msgspec.json.decode(line, type=Pair).b)
            at = self._bytes.find(mark, end)
        return found


def _mark(key: str) -> bytes:
    """What a line has in it whose earlier text this is."""
    return b'"a":' + msgspec.json.encode(key) + b","


def _position(text: About) -> tuple[str, str, int, str, str]:
    return text.position


def _load(folder: Path, name: str) -> Array:
    # mapped copy-on-write and seen as plain arrays: of read-only ones each kernel would be compiled a second time
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="c"))


def _open_segment(folder: Path) -> Segment:
    arrays = {name: _load(folder, name) for name in (*_CORPUS, *_GROUPS, "covered")}
    texts = msgspec.json.decode((folder / "texts.json").read_bytes(), type=list[About])
    corpus = Corpus(texts=texts, ends=np.zeros(0, dtype=np.bool_), **{name: arrays[name] for name in _CORPUS})
    groups = Groups(**{name: arrays[name] for name in _GROUPS}, group_of=np.zeros(0, dtype=np.int32))
    return Segment(corpus, groups, arrays["covered"], np.zeros(len(texts), dtype=np.uint8))


def _make(folder: Path, kind: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{kind}-{os.getpid()}-{os.urandom(4).hex()}"
    made.mkdir()
    return made


def _write_arrays(folder: Path, arrays: Mapping[str, Any]) -> None:
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", arrays[name])


def _write(folder: Path, name: str, value: Any) -> None:
    (folder / f"{name}.json").write_bytes(msgspec.json.encode(value))


def _by_target(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair.b, []).append(pair)
    return found


def _write_pairs(folder: Path, pairs: Mapping[str, Sequence[Pair] | bytes]) -> None:
    places: dict[str, tuple[int, int]] = {}
    at = 0
    with (folder / "pairs.jsonl").open("wb") as file:
        for key, told in sorted(pairs.items()):
            lines = told if isinstance(told, bytes) else b"".join(msgspec.json.encode(pair) + b"\n" for pair in told)
            file.write(lines)
            places[key] = (at, at + len(lines))
            at += len(lines)
    _write(folder, "targets", places)


def _switch(folder: Path, name: str, kept: set[str]) -> None:
    pointer = folder / name / _CURRENT
    pointer.write_text(name)
    pointer.replace(folder / _CURRENT)
    for pattern in ("build-*", "more-*"):
        for old in folder.glob(pattern):
            if old.name not in kept:
                shutil.rmtree(old, ignore_errors=True)
