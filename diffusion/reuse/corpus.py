"""All texts laid end to end, in the order of county, unit and time, with what the kernels need of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from diffusion.reuse.model import Item, Options
from diffusion.reuse.normalising import normalise

Array = npt.NDArray[Any]
Report = Callable[[str, int, int], None]


class About(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is kept of an item beside its characters. ``rank`` orders texts: two a year, first that year's orders, then the reports on it; -1 unknown."""

    key: str
    unit: str
    county: str
    year: int | None
    issued: str | None
    superior: bool
    order: bool
    rank: int
    mark: str = ""

    @property
    def position(self) -> tuple[str, str, int, str, str]:
        """By which texts lie one behind the other."""
        return self.county, self.unit, self.rank, self.issued or "", self.key


class Laid(NamedTuple):
    """One text ready to be laid beside others."""

    about: About
    codes: Array
    offsets: Array
    ends: Array


class Corpus(NamedTuple):
    texts: list[About]
    codes: Array  # uint16, a 0 behind each text
    offsets: Array  # int32, of each code in its original
    ends: Array  # bool, whether a sentence ends behind it
    text_start: Array  # int64, one more than there are texts
    text_of: Array  # int32, by place
    unit_of: Array  # int32, by text
    county_of: Array  # int32, by text; -1 unknown
    rank_of: Array  # int64, by text
    superior: Array  # bool, by text

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in its original of a stretch of one text."""
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


class Groups(NamedTuple):
    """Grams by hash: ``heads`` sorted, ``starts`` into ``places``, ``units`` that use each; ``group_of`` by place."""

    heads: Array
    starts: Array
    places: Array
    units: Array
    group_of: Array


class Phrases(NamedTuple):
    """Grams that stand anywhere: their ``hashes``, sorted, and how many ``units`` use each."""

    hashes: Array  # uint32
    units: Array  # uint16

    def find(self, hashes: Array) -> Array:
        """By gram of a passage: how many units use it, where it is one of these; else 0."""
        if not len(self.hashes):
            return np.zeros(len(hashes), dtype=np.uint16)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[at] == hashes, self.units[at], np.uint16(0))


class Limits(NamedTuple):
    """Least units of a national phrase, of one that everybody has whenever it began, and superiors of one of theirs;
    ``together``: how often two townships are of one county; ``present``: townships of each county (row) that have a text of each rank (column);
    ``towns``: of each county that have any."""

    national: int
    everybody: int
    superiors: int
    together: float
    present: Array
    first_rank: int
    towns: Mapping[int, int]


def rank_of(year: int | None, order: bool) -> int:
    return -1 if year is None else 2 * year + (0 if order else 1)


def lay_out(items: Sequence[Item]) -> Corpus:
    """Items in a fixed order, whatever order they come in."""
    return put_together(list(map(prepare, items)))


def prepare(item: Item) -> Laid:
    about = About(
        key=item.key, unit=item.unit, county=item.county, year=item.year, issued=item.issued, superior=item.superior, order=item.order,
        rank=rank_of(item.year, item.order), mark=item.mark,
    )  # fmt: skip
    return Laid(about, *normalise(item.text, item.names, item.above))


def put_together(laid: Iterable[Laid], units: Mapping[str, int] | None = None, counties: Mapping[str, int] | None = None) -> Corpus:
    """One corpus of texts. ``units`` and ``counties`` that have numbers already keep them."""
    laid = sorted(laid, key=lambda one: one.about.position)
    pieces, offsets, ends, starts = [], [], [], [0]
    nothing_codes, nothing_offsets, end = np.zeros(1, dtype=np.uint16), np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.bool_)
    for one in laid:
        pieces += [one.codes, nothing_codes]
        offsets += [one.offsets, nothing_offsets]
        ends += [one.ends, end]
        starts.append(starts[-1] + len(one.codes) + 1)
    texts = [one.about for one in laid]
    unit_numbers = _number((text.unit for text in texts), units or {})
    county_numbers = _number((text.county for text in texts if text.county), counties or {})
    text_start = np.array(starts, dtype=np.int64)
    return Corpus(
        texts=texts,
        codes=np.concatenate(pieces) if pieces else nothing_codes[:0],
        offsets=np.concatenate(offsets) if offsets else nothing_offsets[:0],
        ends=np.concatenate(ends) if ends else end[:0],
        text_start=text_start,
        text_of=np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(text_start)),
        unit_of=np.array([unit_numbers[text.unit] for text in texts], dtype=np.int32),
        county_of=np.array([county_numbers.get(text.county, -1) for text in texts], dtype=np.int32),
        rank_of=np.array([text.rank for text in texts], dtype=np.int64),
        superior=np.array([text.superior for text in texts], dtype=np.bool_),
    )


def _number(names: Iterable[str], known: Mapping[str, int]) -> dict[str, int]:
    numbers = dict(known)
    for name in names:
        numbers.setdefault(name, len(numbers))
    return numbers


def group_grams(corpus: Corpus, options: Options) -> Groups:
    """One sort over all grams, one walk over what is the same."""
    from diffusion.reuse import kernels

    keys = sort_grams(corpus.codes, options.gram)
    group_of = np.full(len(corpus.codes), -1, dtype=np.int32)
    starts, heads, units = kernels.describe_groups(keys, int(kernels.count_groups(keys)), corpus.text_of, corpus.unit_of, group_of)
    return Groups(heads, starts, (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32), units, group_of)


def sort_grams(codes: Array, n: int) -> Array:
    """Hash and place of each gram as one number each, sorted."""
    from diffusion.reuse import kernels

    hashes = kernels.hash_grams(codes, n)
    places = np.flatnonzero(hashes)
    keys: Array = hashes[places].astype(np.uint64)
    keys <<= np.uint64(32)
    keys |= places.astype(np.uint64)
    keys.sort()
    return keys


def mark_shared(corpus: Corpus, keys: Array, limits: Limits, options: Options) -> Array:
    """1 where a gram of ``keys`` begins that looks like a template's, by place. These grams are longer than those that lead to copies: a phrase of five is
    everybody's."""
    from diffusion.reuse import kernels

    shared: Array = np.zeros(len(corpus.codes), dtype=np.uint8)
    kernels.mark_shared(
        keys, corpus.text_of, corpus.unit_of, corpus.county_of, corpus.superior, limits.national, limits.superiors, options.county_units, shared
    )
    return shared


def find_phrases(corpus: Corpus, keys: Array, limits: Limits, options: Options) -> Phrases:
    """What stands anywhere, of the grams of ``keys``. Words that one place takes from another stand with neighbours first."""
    from diffusion.reuse import kernels

    found = kernels.find_phrases(
        keys, corpus.text_of, corpus.unit_of, corpus.county_of, corpus.superior, options.phrase_units, limits.everybody, limits.together, options.scattered
    )
    return Phrases(found[:, 0].astype(np.uint32), np.minimum(found[:, 1], 65535).astype(np.uint16))


def limits_of(corpus: Corpus, options: Options) -> Limits:
    """How many make a template in a collection of this size."""
    present, first = _count_present(corpus)
    units = len(set(corpus.unit_of.tolist()))
    county_of = dict(zip(corpus.unit_of[~corpus.superior].tolist(), corpus.county_of[~corpus.superior].tolist(), strict=True))
    towns = {county: count for county, count in Counter(county_of.values()).items() if county >= 0}
    inside = sum(count * (count - 1) for count in towns.values())
    superiors = len(set(corpus.unit_of[corpus.superior].tolist()))
    return Limits(
        national=max(options.national_units, int(options.national_share * units)),
        everybody=max(options.common_units, int(options.everybody_share * units)),
        superiors=max(options.superior_units, int(options.superior_share * superiors)),
        together=inside / max(1, len(county_of) * (len(county_of) - 1)),
        present=present,
        first_rank=first,
        towns=towns,
    )


def _count_present(corpus: Corpus) -> tuple[Array, int]:
    """Townships of each county that have a text of each rank, and the rank of the first column."""
    known = corpus.rank_of[corpus.rank_of >= 0]
    first, last = (int(known.min()), int(known.max())) if len(known) else (0, 0)
    present = np.zeros((max(1, int(corpus.county_of.max(initial=-1)) + 1), last - first + 1), dtype=np.int64)
    seen = {
        (int(county), int(rank), int(unit))
        for county, rank, unit, above in zip(corpus.county_of, corpus.rank_of, corpus.unit_of, corpus.superior, strict=True)
        if county >= 0 and rank >= 0 and not above
    }
    for (county, rank), count in Counter((county, rank) for county, rank, _ in seen).items():
        present[county, rank - first] = count
    return present, first
