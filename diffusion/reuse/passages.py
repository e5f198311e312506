"""Alignments into pairs: pieces of one passage joined, doubles dropped, the best source of each named, a direction only where something speaks for it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from diffusion.reuse.corpus import About, Array, Corpus, Groups
from diffusion.reuse.model import Direction, Kind, Options, Pair

_JOIN = 40  # characters between two pieces of one passage
Found = tuple[int, int, int, int, int, int, int, int]  # source text, target start, end, source start, end, same, length, own


def settle(corpus: Corpus, groups: Groups, text: int, rows: Iterable[Sequence[int] | Array], options: Options, *, phrases: bool = False) -> list[Pair]:
    """Pairs of one target text, by the position of the passage; short ones that are anybody's words only with ``phrases``."""
    found = _join([tuple(int(value) for value in row) for row in rows])  # type: ignore[misc]
    own = [one for one in found if one[7]]
    others = [one for one in found if not one[7] and not _explained(one, own)]
    pairs = [_pair(corpus, groups, text, one, "self", own_best) for one, own_best in _with_best(corpus, text, own)]
    copies = [_pair(corpus, groups, text, one, "copy", best) for one, best in _with_best(corpus, text, others)]
    pairs += [pair for pair in copies if phrases or pair.aligned >= options.short_aligned or pair.boilerplate < options.short_boilerplate]
    return sorted(pairs, key=lambda pair: (pair.b, pair.b_start, pair.a, pair.a_start))


def _join(rows: list[Found]) -> list[Found]:
    """Pieces of the same two texts that follow each other in both become one; of pieces that overlap the larger stays."""
    joined: list[Found] = []
    for row in sorted(rows, key=lambda row: (row[0], row[7], row[1], row[3])):
        if joined:
            last = joined[-1]
            if last[0] == row[0] and last[7] == row[7]:
                ahead, behind = row[1] - last[2], row[3] - last[4]
                if 0 <= ahead <= _JOIN and 0 <= behind <= _JOIN and 2 * max(ahead, behind) <= last[6] + row[6]:
                    joined[-1] = (row[0], last[1], row[2], last[3], row[4], last[5] + row[5], last[6] + row[6] + max(ahead, behind), row[7])
                    continue
                if min(last[2], row[2]) - row[1] > 0.5 * min(last[2] - last[1], row[2] - row[1]) and min(last[4], row[4]) - max(last[3], row[3]) > 0:
                    if row[5] > last[5]:
                        joined[-1] = row
                    continue
        joined.append(row)
    return joined


def _explained(one: Found, own: list[Found]) -> bool:
    held = sum(max(0, min(one[2], other[2]) - max(one[1], other[1])) for other in own)
    return 2 * held > one[2] - one[1]


def _with_best(corpus: Corpus, text: int, found: list[Found]) -> list[tuple[Found, bool]]:
    """Each with whether it is taken as the source of its passage: that which agrees most, then a superior's, the latest, a sibling's."""
    target = corpus.texts[text]

    def worth(one: Found) -> tuple[int, bool, int, bool, str]:
        source = corpus.texts[one[0]]
        return (one[5], source.superior and source.order, source.rank, bool(source.county) and source.county == target.county, source.key)

    ranked = sorted(found, key=worth, reverse=True)
    taken: list[Found] = []
    for one in ranked:
        if all(min(one[2], other[2]) - max(one[1], other[1]) < 0.5 * min(one[2] - one[1], other[2] - other[1]) for other in taken):
            taken.append(one)
    chosen = {id(one) for one in taken}
    return [(one, id(one) in chosen) for one in ranked]


def _pair(corpus: Corpus, groups: Groups, text: int, one: Found, kind: Kind, best: bool) -> Pair:
    source, target = corpus.texts[one[0]], corpus.texts[text]
    direction, evidence = direct(source, target)
    a_start, a_end = corpus.original(one[3], one[4])
    b_start, b_end = corpus.original(one[1], one[2])
    boilerplate = guess_boilerplate(groups.units, groups.group_of[one[1] : one[2]])
    return Pair(
        a=source.key, a_start=a_start, a_end=a_end, b=target.key, b_start=b_start, b_end=b_end, aligned=one[5], identity=round(one[5] / max(1, one[6]), 3),
        kind=kind, direction=direction, evidence=evidence, best=best, boilerplate=boilerplate,
    )  # fmt: skip


def direct(source: About, target: About) -> tuple[Direction, str]:
    """Reports of one year appear within weeks: their order says nothing. A superior's order of that year was there before the reports on it."""
    if source.rank < 0 or target.rank < 0 or source.rank >= target.rank:
        return "none", ""
    return "a->b", "covered year" if source.rank // 2 < target.rank // 2 else "superior document"


def guess_boilerplate(units: Array, groups: Array) -> float:
    """Probability that a passage is anybody's words, from how many units use its grams (the median). Logistic: 3 units 0.06, 10 units 0.5, 30 units 0.93."""
    known = groups[groups >= 0]
    if not len(known):
        return 0.0
    middle = float(np.median(units[known]))
    return round(1 / (1 + math.exp(-2.35 * (math.log(max(1.0, middle)) - math.log(10)))), 3)
