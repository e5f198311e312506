"""A collection in two parts, what the last whole comparison saw and what came since, and texts compared with both as if they were one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from diffusion.reuse.corpus import About, Array, Corpus, Groups, put_together
from diffusion.reuse.model import Options

_NOTHING = np.zeros(0, dtype=np.uint8)
_NONE = np.zeros(0, dtype=np.int32)
_NO_PLACES = np.zeros(0, dtype=np.uint32)


class Segment(NamedTuple):
    """One part. ``covered`` is 1 where a template stands, by place; ``gone`` is 1 for texts that are no longer there. ``groups.group_of`` is left empty."""

    corpus: Corpus
    groups: Groups
    covered: Array
    gone: Array


class Asked(NamedTuple):
    """A text as it is compared. ``groups``: of its grams in each part; ``used``: units that have them; ``numbers``: its own in each part, or -1; ``befores``:
    the first text of each part that comes after it."""

    codes: Array
    covered: Array
    groups: tuple[Array, Array]
    used: Array
    unit: Any
    rank: int
    numbers: tuple[int, int]
    befores: tuple[int, int]
    start: int  # its place in both parts laid end to end


class Joined:
    """Arrays one behind the other, without copying the first, which is large and on disk."""

    def __init__(self, *arrays: Array) -> None:
        self._arrays = arrays
        self._starts = np.concatenate([[0], np.cumsum([len(array) for array in arrays])]).tolist()

    def __getitem__(self, at: Any) -> Any:
        """A place, many places, or a stretch that lies in one of them."""
        if isinstance(at, np.ndarray):
            parts = np.searchsorted(self._starts, at, side="right") - 1
            out = np.zeros(len(at), dtype=self._arrays[0].dtype)
            for part, array in enumerate(self._arrays):
                out[parts == part] = array[at[parts == part] - self._starts[part]]
            return out
        first = at.start if isinstance(at, slice) else at
        part = 0
        while part + 1 < len(self._arrays) and first >= self._starts[part + 1]:
            part += 1
        before = self._starts[part]
        return self._arrays[part][at.start - before : at.stop - before] if isinstance(at, slice) else self._arrays[part][at - before]


class Window:
    """An array of which only a stretch is there."""

    def __init__(self, start: int, values: Array) -> None:
        self._start, self._values = start, values

    def __getitem__(self, at: slice) -> Array:
        return self._values[at.start - self._start : at.stop - self._start]


def empty() -> Segment:
    groups = Groups(
        np.zeros(0, dtype=np.uint32), np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int32)
    )
    return Segment(put_together([]), groups, _NOTHING, _NOTHING)


def look_up(groups: Groups, hashes: Array) -> Array:
    """Number of each gram's group; -1 for one that no text has."""
    if not len(groups.heads):
        return np.full(len(hashes), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(groups.heads, hashes), len(groups.heads) - 1)
    return np.where((groups.heads[at] == hashes) & (hashes != 0), at, -1).astype(np.int32)


class View:
    """Both parts. Texts and places of the second are numbered behind those of the first."""

    def __init__(self, base: Segment, more: Segment, options: Options) -> None:
        self.segments = (base, more)
        self.options = options
        self._texts_before = (0, len(base.corpus.texts))
        self._places_before = (0, len(base.corpus.codes))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each text that is there, by key."""
        return {
            text.key: before + number
            for segment, before in zip(self.segments, self._texts_before, strict=True)
            for number, text in enumerate(segment.corpus.texts)
            if not segment.gone[number]
        }

    @cached_property
    def corpus(self) -> Corpus:
        """Both laid end to end, as far as ``settle`` and templates look at them."""
        return self._lay()

    def _lay(self, *behind: tuple[About, Array, Array]) -> Corpus:
        base, more = (segment.corpus for segment in self.segments)
        return Corpus(
            texts=[*base.texts, *more.texts, *(about for about, _, _ in behind)],
            codes=Joined(base.codes, more.codes, *(codes for _, codes, _ in behind)),  # type: ignore[arg-type]
            offsets=Joined(base.offsets, more.offsets, *(offsets for _, _, offsets in behind)),  # type: ignore[arg-type]
            ends=np.zeros(0, dtype=np.bool_),
            text_start=np.concatenate([base.text_start, more.text_start[1:] + len(base.codes)]),
            text_of=Joined(base.text_of, more.text_of + np.int32(len(base.texts))),  # type: ignore[arg-type]
            unit_of=np.concatenate([base.unit_of, more.unit_of]),
            county_of=np.concatenate([base.county_of, more.county_of]),
            rank_of=np.concatenate([base.rank_of, more.rank_of]),
            superior=np.concatenate([base.superior, more.superior]),
        )

    def corpus_with(self, about: About, codes: Array, offsets: Array) -> Corpus:
        """The same with a text behind it that is not in the collection."""
        return self._lay((about, codes, offsets))

    def locate(self, number: int) -> tuple[int, int]:
        """(part, number in it) of a text."""
        part = int(number >= self._texts_before[1])
        return part, number - self._texts_before[part]

    def start_of(self, part: int, number: int) -> int:
        """Place of a part's text in both laid end to end."""
        return self._places_before[part] + int(self.segments[part].corpus.text_start[number])

    def take(self, number: int, *, parts: tuple[int, ...] = (0, 1)) -> Asked:
        """One of the texts as it is compared with the others, or with those of one part."""
        part, own = self.locate(number)
        corpus = self.segments[part].corpus
        first, last = int(corpus.text_start[own]), int(corpus.text_start[own + 1]) - 1
        position = corpus.texts[own].position
        befores = [own if each == part else bisect_left(self._positions[each], position) for each in (0, 1)]
        return self._ask(
            corpus.codes[first:last], self.segments[part].covered[first:last], corpus.unit_of[own], int(corpus.rank_of[own]),
            (own, -1) if part == 0 else (-1, own), (befores[0], befores[1]), self.start_of(part, own), parts,
        )  # fmt: skip

    def ask(self, codes: Array, rank: int) -> Asked:
        """A text that is not in the collection and comes after all that is."""
        ends = len(self.segments[0].corpus.texts), len(self.segments[1].corpus.texts)
        return self._ask(
            codes, np.zeros(len(codes), dtype=np.uint8), np.int32(-1), rank, (-1, -1), ends, self._places_before[1] + len(self.segments[1].covered)
        )

    def _ask(
        self, codes: Array, covered: Array, unit: Any, rank: int, numbers: tuple[int, int], befores: tuple[int, int], start: int,
        parts: tuple[int, ...] = (0, 1),
    ) -> Asked:  # fmt: skip
        from diffusion.reuse import kernels

        hashes = kernels.hash_grams(codes, self.options.gram)
        base, more = (look_up(segment.groups, hashes) if part in parts else _NONE for part, segment in enumerate(self.segments))
        used = np.zeros(len(codes), dtype=np.uint16)
        for groups, segment in ((more, self.segments[1]), (base, self.segments[0])):
            known = np.flatnonzero(groups >= 0)
            used[known] = segment.groups.units[groups[known]]
        return Asked(codes, covered, (base, more), used, unit, rank, numbers, befores, start)

    @cached_property
    def _positions(self) -> tuple[list[Any], list[Any]]:
        base, more = ([text.position for text in segment.corpus.texts] for segment in self.segments)
        return base, more

    def find(self, asked: Asked, part: int, *, gone: Array | None = None, examples: tuple[Array, Array] | None = None) -> Array:
        """Candidates of a text in one part (``kernels.find_candidates``), the text's places counted from its start.

        ``examples``: (groups, places) of common grams that count where they stand there; then templates count as well.
        """
        from diffusion.reuse import kernels

        segment, options = self.segments[part], self.options
        corpus, groups = segment.corpus, segment.groups
        if not corpus.texts or not len(groups.heads):
            return np.zeros((0, 5), dtype=np.int64)
        common, there = examples or (_NONE, _NO_PLACES)
        return kernels.find_candidates(  # type: ignore[no-any-return]
            0, len(asked.codes), asked.groups[part], asked.covered, options.gram, asked.numbers[part], asked.befores[part], asked.unit, asked.rank,
            groups.starts, groups.places, groups.units, options.common_units, corpus.text_of, corpus.unit_of, corpus.rank_of,
            segment.covered if examples is None else _NOTHING, common, there, segment.gone if gone is None else gone, options.seed_reach,
            options.drift, options.least_covered,
        )  # fmt: skip

    def align(self, asked: Asked, found: Sequence[Array], *, blank: bool = True) -> Array:
        """Alignments of a text with its candidates in both parts: texts and places as in both laid end to end.

        ``blank``: templates agree with nothing at first. Only the texts that it is compared with are laid out, which are few.
        """
        from diffusion.reuse import kernels

        options = self.options
        pieces, hidden, starts, numbers, shifts, rows = [], [], [0], [], [], []
        for part, candidates in enumerate(found):
            segment = self.segments[part]
            corpus, covered = segment.corpus, segment.covered
            sources, at = np.unique(candidates[:, 0], return_inverse=True)
            moved = np.zeros(len(sources), dtype=np.int64)
            for nth, source in enumerate(sources.tolist()):
                first, last = int(corpus.text_start[source]), int(corpus.text_start[source + 1])
                codes = corpus.codes[first:last]
                pieces.append(codes)
                hidden.append(np.where(covered[first:last] != 0, np.uint16(0), codes) if blank else codes)
                moved[nth] = starts[-1] - first
                numbers.append(self._texts_before[part] + source)
                shifts.append(first + self._places_before[part] - starts[-1])
                starts.append(starts[-1] + last - first)
            own = candidates.copy()
            own[:, 0] = at.reshape(-1) + len(numbers) - len(sources)
            own[:, 3] += moved[at.reshape(-1)]
            rows.append(own)
        if not numbers:
            return np.zeros((0, 8), dtype=np.int64)
        target = np.where(asked.covered != 0, np.uint16(0), asked.codes) if blank else asked.codes
        aligned: Array = kernels.align_candidates(
            np.concatenate(rows), 0, len(asked.codes), target, np.concatenate(hidden), asked.codes, np.concatenate(pieces), np.array(starts, dtype=np.int64),
            options.margin, options.band, options.least_aligned, options.least_identity,
        ).copy()  # fmt: skip
        source = aligned[:, 0].copy()
        aligned[:, 1:3] += asked.start
        aligned[:, 3:5] += np.array(shifts, dtype=np.int64)[source][:, None]
        aligned[:, 0] = np.array(numbers, dtype=np.int64)[source]
        return aligned

    def compare(self, asked: Asked) -> Array:
        """Alignments of one text with all that it can have words from."""
        return self.align(asked, [self.find(asked, 0), self.find(asked, 1)])

    def used_by(self, asked: Asked) -> Array:
        """How many units use each of its grams, as ``settle`` asks for it."""
        return Window(asked.start, asked.used)  # type: ignore[return-value]
