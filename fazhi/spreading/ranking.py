"""Who may have been the first of this collection, and how sure that is. Intervals in, sets and probabilities out; no order where there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from fazhi.spreading.model import Candidate, FirstSeen, Unit

SURE = 0.95  # probability of having been alone before all others that a place needs to be called the first here
_LEAST = 0.05  # probability below which a place is no candidate
BEFORE = 0  # stands before all years


def find_first(units: Sequence[Unit]) -> FirstSeen:
    """The places that may have been first in this collection.

    What was there when the collection begins comes before all of its years, and has no order among itself. A place is called the first only where it is
    surely alone before all others; else the answer is the set of those that may have been.
    """
    adopters = [unit for unit in units if unit.begins]
    if not adopters:
        return FirstSeen(separable=False, reason="none", year=None, candidates=())
    chances = [spread(unit) for unit in adopters]
    bins = sorted({bin for chance in chances for bin in chance})
    later = [_tail(chance, bins) for chance in chances]  # of each: P(in this bin or a later one), P(in a later one)
    rows = []
    for at, (unit, chance) in enumerate(zip(adopters, chances, strict=True)):
        others = [tail for number, tail in enumerate(later) if number != at]
        none_earlier = sum(share * math.prod(tail[bin][0] for tail in others) for bin, share in chance.items())
        alone = sum(share * math.prod(tail[bin][1] for tail in others) for bin, share in chance.items())
        if none_earlier >= _LEAST:
            rows.append(_show(unit, round(none_earlier, 4), round(alone, 4), chance))
    rows.sort(key=lambda row: (-row.p, -row.p_alone, row.t_upper, row.place))
    separable = len(adopters) > 1 and bool(rows) and rows[0].p_alone >= SURE
    kept = rows[:1] if separable else rows
    censored = any(row.before >= _LEAST for row in kept)
    one_year = separable and rows[0].t_lower == rows[0].t_upper - 1
    return FirstSeen(
        separable=separable, reason="clear" if separable else "only" if len(adopters) == 1 else "left_censored" if censored else "ties",
        year=rows[0].t_upper if one_year else None, candidates=tuple(kept),
    )  # fmt: skip


def spread(unit: Unit) -> dict[int, float]:
    """Probability of each year as the one of taking up; BEFORE: that it was there before. Where none is given, each year of the interval counts alike."""
    assert unit.t_upper is not None
    total = unit.before + sum(unit.years.values())
    if total > 0:
        given = {BEFORE: unit.before, **unit.years}
        return {bin: share / total for bin, share in given.items() if share > 0}
    if unit.t_lower is None:
        return {BEFORE: 1.0}
    years = range(unit.t_lower + 1, unit.t_upper + 1)
    return {year: 1 / len(years) for year in years}


def _tail(chance: Mapping[int, float], bins: Sequence[int]) -> dict[int, tuple[float, float]]:
    found, above = {}, 0.0
    for bin in reversed(bins):
        found[bin] = min(above + chance.get(bin, 0.0), 1.0), above
        above = found[bin][0]
    return found


def _show(unit: Unit, p: float, p_alone: float, chance: Mapping[int, float]) -> Candidate:
    assert unit.t_upper is not None
    return Candidate(
        place=unit.place, name=unit.name, county_name=unit.county_name, t_lower=unit.t_lower, t_upper=unit.t_upper,
        censored=unit.t_lower is None, p=p, p_alone=p_alone, before=round(chance.get(BEFORE, 0.0), 4), sentences=unit.sentences,
    )  # fmt: skip


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if not total:
        return 0.0, 1.0
    z, share = 1.959964, count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return round(max(middle - half, 0.0), 4), round(min(middle + half, 1.0), 4)
