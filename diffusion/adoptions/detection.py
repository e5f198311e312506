"""What silence says: a place that has a practice does not name it in every report.

Two states, not taken up and taken up, the second for good. In each year a report is there or missing; a report names the practice with ``mention`` where it
has been taken up, hardly ever where not. From that follows, for each place, how probable each year is as the one in which it was taken up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

_FALSE = 0.01  # a report names as done what was never taken up
_PRIOR_NAMED, _PRIOR_SILENT = 8.0, 2.0  # reports of adopters seen beforehand, as it were
_STEPS = 30
_TOLERANCE = 1e-6


class Rates(msgspec.Struct, frozen=True):
    """Of one program: ``mention`` in a report of a place that has it, ``hazard`` of taking it up in a year, ``before`` of having it when watching begins."""

    mention: float
    hazard: float
    before: float


class Track(msgspec.Struct, frozen=True):
    """One place: (year, whether it names the practice as done) of each report that is there, in order; ``latest`` year by which it had it, from the text."""

    reports: tuple[tuple[int, bool], ...]
    latest: int | None


def estimate(tracks: Sequence[Track], first: int, last: int) -> Rates:
    """Rates by expectation and maximisation over all places that were watched, adopters or not."""
    rates = Rates(_mention_rate(tracks), 0.1, 0.1)
    for _ in range(_STEPS):
        begun = at_risk = old = 0.0
        for track in tracks:
            chances = years_of_adoption(track, rates, first, last)
            old += chances[None]
            left = 1.0 - chances[None]
            for year in range(first, last + 1):
                at_risk += left
                begun += chances[year]
                left -= chances[year]
        found = Rates(rates.mention, (begun + 0.5) / (at_risk + 5.0), (old + 0.5) / (len(tracks) + 5.0))
        if abs(found.hazard - rates.hazard) + abs(found.before - rates.before) < _TOLERANCE:
            return found
        rates = found
    return rates


def _mention_rate(tracks: Sequence[Track]) -> float:
    """Share of the reports after the first that names it: there, nobody chose the report because it names it."""
    named, silent = _PRIOR_NAMED, _PRIOR_SILENT
    for track in tracks:
        names = [naming for _, naming in track.reports]
        if True in names:
            later = names[names.index(True) + 1 :]
            named += sum(later)
            silent += len(later) - sum(later)
    return named / (named + silent)


def years_of_adoption(track: Track, rates: Rates, first: int, last: int) -> Mapping[int | None, float]:
    """Probability of each year as the one of adoption; None: before ``first``. What is left to 1 is for never, or later than ``last``."""
    weights: dict[int | None, float] = {}
    for year, chance in _prior(rates, first, last):
        if track.latest is not None and year is not None and year > track.latest:
            weights[year] = 0.0
            continue
        weight = chance
        for covered, naming in track.reports:
            if year is None or covered >= year:
                weight *= rates.mention if naming else 1 - rates.mention
            else:
                weight *= _FALSE if naming else 1 - _FALSE
        weights[year] = weight
    never = 0.0
    if track.latest is None:
        never = (1 - rates.before) * (1 - rates.hazard) ** (last - first + 1)
        for _, naming in track.reports:
            never *= _FALSE if naming else 1 - _FALSE
    total = sum(weights.values()) + never
    return {year: weight / total for year, weight in weights.items()} if total else dict.fromkeys(weights, 0.0)


def _prior(rates: Rates, first: int, last: int) -> list[tuple[int | None, float]]:
    left = 1 - rates.before
    told: list[tuple[int | None, float]] = [(None, rates.before)]
    for year in range(first, last + 1):
        told.append((year, left * rates.hazard))
        left *= 1 - rates.hazard
    return told
