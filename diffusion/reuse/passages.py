"""Alignments into pairs: pieces of one passage joined, doubles dropped, the best source of each named, a direction only where something speaks for it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from diffusion.reuse.corpus import About, Array, Corpus, Phrases
from diffusion.reuse.model import Direction, Kind, Options, Pair

_JOIN = 40  # characters between two pieces of one passage
Found = tuple[int, int, int, int, int, int, int, int]  # source text, target start, end, source start, end, same, length, own


class Settled(NamedTuple):
    """Pairs of one target text by the position of the passage, and of each passage whose sources agree with it equally the numbers of these pairs."""

    pairs: list[Pair]
    ties: list[list[int]]


def settle(
    corpus: Corpus, used: Array, phrases: Phrases | None, text: int, rows: Iterable[Sequence[int] | Array], options: Options
) -> Settled:  # fmt: skip
    """Pairs of one target text; what is short or anybody's words is left out, but for a text that is asked about (no ``phrases``).

    ``used``: how many units have the gram that begins at a place.
    """
    found = _join([tuple(int(value) for value in row) for row in rows])  # type: ignore[misc]
    own = [one for one in found if one[7]]
    others = [one for one in found if not one[7] and not _explained(one, own)]
    made: list[tuple[Pair, int]] = [(_pair(corpus, used, text, one, "self", rank == 0, same), -1) for one, _, rank, same in _rank(corpus, text, own)]
    for one, passage, rank, same in _rank(corpus, text, others):
        pair = _pair(corpus, used, text, one, "copy", rank == 0, same)
        if phrases is None or _is_copied(corpus, text, one, pair, phrases, options):
            made.append((pair, passage if rank <= 1 else -1))
    made.sort(key=lambda one: (one[0].b, one[0].b_start, one[0].a, one[0].a_start))
    ties: dict[int, list[int]] = {}
    for number, (_, passage) in enumerate(made):
        if passage >= 0:
            ties.setdefault(passage, []).append(number)
    return Settled([pair for pair, _ in made], [tied for tied in ties.values() if len(tied) > 1])


def _is_copied(corpus: Corpus, text: int, one: Found, pair: Pair, phrases: Phrases, options: Options) -> bool:
    """Whether words that two texts have are more than what anybody writes. The shorter they are, the fewer may write them. What stands between them in one
    text only, such as another practice in the same phrases, does not count as long as they are half of the passage; and a short sentence, or short phrases
    around such a gap, are no copy from another county."""
    if pair.aligned < options.least_copied or (pair.aligned < options.short_aligned and pair.boilerplate >= options.short_boilerplate):
        return False
    from diffusion.reuse import kernels

    target, source = corpus.codes[one[1] : one[2]], corpus.codes[one[3] : one[4]]
    elsewhere = int(corpus.county_of[one[0]]) != int(corpus.county_of[text])
    if elsewhere and pair.aligned < options.short_aligned and (one[6] < options.short_aligned or _is_frame(target, source, options)):
        return False
    n = options.template_gram
    grams = kernels.hash_grams(target, n)[: max(0, len(target) - n + 1)]
    units = phrases.find(grams)
    anywhere = units[units > 0]
    looked_at = max(int(np.count_nonzero((units > 0) | np.isin(grams, kernels.hash_grams(source, n)))), len(grams) / 2)
    return len(anywhere) < options.anybodys * looked_at or float(np.median(anywhere)) * options.a_user < pair.aligned


def _is_frame(target: Array, source: Array, options: Options) -> bool:
    """Whether words agree nearly everywhere but in one gap: what is edited differs here and there."""
    from diffusion.reuse import kernels

    n = options.gram
    agreed = np.zeros(len(target), dtype=np.int64)
    for at in np.flatnonzero(np.isin(kernels.hash_grams(target, n)[: max(0, len(target) - n + 1)], kernels.hash_grams(source, n))).tolist():
        agreed[at : at + n] = 1
    marks = np.flatnonzero(np.concatenate([[1], agreed, [1]]))
    gap = int(np.diff(marks).max()) - 1
    return gap >= options.frame_gap and int(agreed.sum()) >= options.frame_agreed * (len(target) - gap)


def count_sure(settled: Iterable[Settled], unit_of: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """How many passages surely went from one place to another."""
    surely: Counter[tuple[str, str]] = Counter()
    for pairs, ties in settled:
        open_ones = {number for tied in ties for number in tied}
        surely.update(
            (unit_of[pair.a], unit_of[pair.b])
            for number, pair in enumerate(pairs)
            if pair.best and pair.kind == "copy" and pair.direction != "none" and number not in open_ones
        )
    return surely


def choose_among_equals(settled: Iterable[Settled], unit_of: Mapping[str, str], surely: Mapping[tuple[str, str], int]) -> list[Pair]:
    """All pairs. Where sources agree with a passage equally, the place is taken from which most of the target's other passages surely are, if there is one."""
    chosen: list[Pair] = []
    for pairs, ties in settled:
        pairs = list(pairs)
        for tied in ties:
            before = next((number for number in tied if pairs[number].best), tied[0])
            after = max(tied, key=lambda number: (surely.get((unit_of[pairs[number].a], unit_of[pairs[number].b]), 0), number == before, -number))
            if after != before:
                pairs[before] = msgspec.structs.replace(pairs[before], best=False)
                pairs[after] = msgspec.structs.replace(pairs[after], best=True)
        chosen += pairs
    return chosen


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


def _rank(corpus: Corpus, text: int, found: list[Found]) -> list[tuple[Found, int, int, int]]:
    """Each with the number of its passage, its rank among the sources of that (0 for the one taken, 1 for what agrees as well as that, 2 for others), and how
    many characters are the same in the part that is common to them.

    Taken is what agrees most over the part of the passage that is common to its sources, then what is surely earlier, a superior's, the latest, a sibling's.
    What stands beside it and only one of them has, or seems to have, says nothing about whence the rest came.
    """
    target = corpus.texts[text]
    ranked: list[tuple[Found, int, int, int]] = []
    passages: list[list[Found]] = []
    for one in sorted(found, key=lambda one: (_score(one[5], one[6]), corpus.texts[one[0]].key), reverse=True):
        for passage in passages:
            first = passage[0]
            if min(one[2], first[2]) - max(one[1], first[1]) >= 0.5 * min(one[2] - one[1], first[2] - first[1]):
                passage.append(one)
                break
        else:
            passages.append([one])
    for number, passage in enumerate(passages):
        agreed = _agree(corpus, text, passage)

        def worth(at: int, passage: list[Found] = passage, agreed: list[_Agreement] = agreed) -> tuple[int, bool, bool, int, bool, str]:
            source = corpus.texts[passage[at][0]]
            return (
                agreed[at].score,
                0 <= source.rank < target.rank,
                source.superior and source.order,
                source.rank,
                bool(source.county) and source.county == target.county,
                source.key,
            )

        best = max(range(len(passage)), key=worth)
        ranked += [(one, number, 0 if at == best else 1 if agreed[at].score == agreed[best].score else 2, agreed[at].same) for at, one in enumerate(passage)]
    return ranked


def _score(same: int, length: int) -> int:
    return 2 * same - (length - same)


class _Agreement(NamedTuple):
    score: int
    same: int


def _agree(corpus: Corpus, text: int, passage: list[Found]) -> list[_Agreement]:
    """How well each agrees with the part of the passage that half of them reach, and in how many characters."""
    if len(passage) == 1:
        return [_Agreement(_score(passage[0][5], passage[0][6]), passage[0][5])]
    from diffusion.reuse import kernels

    middle = len(passage) // 2
    start, end = sorted(one[1] for one in passage)[middle], sorted(one[2] for one in passage)[(len(passage) - 1) // 2]
    target = corpus.codes[start:end]
    result = np.zeros(6, dtype=np.int64)
    agreed = []
    for one in passage:
        first, last = int(corpus.text_start[one[0]]), int(corpus.text_start[one[0] + 1]) - 1
        begin, stop = max(first, one[3] - _JOIN), min(last, one[4] + _JOIN)
        band = _JOIN + abs((one[4] - one[3]) - (one[2] - one[1])) // 2
        middle_diagonal = (one[3] + one[4] - one[1] - one[2]) // 2
        source = corpus.codes[begin:stop]
        found = start < end and kernels.align(target, 0, end - start, source, 0, stop - begin, middle_diagonal + start - begin, band, result)
        same = int(result[4])
        agreed.append(_Agreement(_score(same, int(result[5])) - (end - start - int(result[1] - result[0])), same) if found else _Agreement(0, 0))
    return agreed


def _pair(corpus: Corpus, used: Array, text: int, one: Found, kind: Kind, best: bool, agreed: int) -> Pair:
    source, target = corpus.texts[one[0]], corpus.texts[text]
    direction, evidence = direct(source, target)
    a_start, a_end = corpus.original(one[3], one[4])
    b_start, b_end = corpus.original(one[1], one[2])
    boilerplate = guess_boilerplate(used[one[1] : one[2]])
    return Pair(
        a=source.key, a_start=a_start, a_end=a_end, b=target.key, b_start=b_start, b_end=b_end, aligned=one[5], identity=round(one[5] / max(1, one[6]), 3),
        kind=kind, direction=direction, evidence=evidence, best=best, agreed=agreed, boilerplate=boilerplate,
    )  # fmt: skip


def direct(source: About, target: About) -> tuple[Direction, str]:
    """Reports of one year appear within weeks: their order says nothing. A superior's order of that year was there before the reports on it."""
    if source.rank < 0 or target.rank < 0 or source.rank >= target.rank:
        return "none", ""
    return "a->b", "covered year" if source.rank // 2 < target.rank // 2 else "superior document"


def guess_boilerplate(used: Array) -> float:
    """Probability that a passage is anybody's words, from how many units use its grams (the median). Logistic: 3 units 0.06, 10 units 0.5, 30 units 0.93."""
    known = used[used > 0]
    if not len(known):
        return 0.0
    middle = float(np.median(known))
    return round(1 / (1 + math.exp(-2.35 * (math.log(max(1.0, middle)) - math.log(10)))), 3)
