"""What silence says: a place that has a practice does not name it in every report.

Two states, not taken up and taken up, the second for good. In each year a report is there or missing; a report names the practice with ``first`` in the year in
which it was taken up, with ``mention`` in later years, hardly ever before. A report that only plans it, or says that it is lacking, speaks for not yet. From
that follows, for each place, how probable each year is as the one in which it was taken up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from diffusion.adoptions.novelty import NOTHING_LEARNT, Wordings

Sign = Literal["named", "silent", "planned", "denied"]

_FALSE = 0.01  # a report names as done what was never taken up
_PRIOR_NAMED, _PRIOR_SILENT = 8.0, 2.0  # reports of adopters seen beforehand, as it were
_PRIOR_FIRST = 8.0  # and reports of years of adoption
_PRIOR_PLANS = 30.0  # reports of which one in so many plans
_DENIED_AGAIN = 0.1  # a denial by those who have it, beside one by those who have not
_STEPS = 30
_TOLERANCE = 1e-6


class Habits(msgspec.Struct, frozen=True):
    """How all places write of all programs.

    ``first``: (named, all) reports on the year after one that only planned what was named later on: some plans take longer, so the report of the year of
    adoption names it at least as often. ``planned``: how often those who have a practice plan it without naming it as done, beside those who have not.
    ``wordings``: by what words they tell what is new from what goes on.
    """

    first: tuple[int, int] = (0, 0)
    planned: float = 0.5
    wordings: Wordings = NOTHING_LEARNT


class Rates(msgspec.Struct, frozen=True):
    """Of one program: ``mention`` in a report of a place that has it and ``first`` in that of the year in which it was taken up, ``hazard`` of taking it up
    in a year, ``before`` of having it when watching begins, ``planned`` as in ``Habits``."""

    mention: float
    hazard: float
    before: float
    first: float | None = None
    planned: float = 0.5

    @staticmethod
    def of(tracks: Collection[Track], habits: Habits) -> Rates:
        """Before anything is known of how often it is taken up."""
        mention = mention_rate(tracks)
        named, told = habits.first
        return Rates(mention, 0.1, 0.1, max(mention, (named + _PRIOR_FIRST * mention) / (told + _PRIOR_FIRST)), habits.planned)

    def weigh(self, sign: Sign, since: int) -> float:
        """Likelihood of a report ``since`` years after adoption (less than 0: before it), but for a factor that is the same for all of them."""
        if since < 0:
            return _FALSE if sign == "named" else 1 - _FALSE
        named = self.mention if since or self.first is None else self.first
        if sign == "named":
            return named
        return (1 - named) * {"silent": 1.0, "planned": self.planned, "denied": _DENIED_AGAIN}[sign]


class Track(msgspec.Struct, frozen=True):
    """One place: (year, what it says of the practice) of each report that is there, in order; ``latest`` year by which it had it, from the text. ``novelty``:
    how much likelier the words of the first report that names it are where the practice is new than where it comes late."""

    reports: tuple[tuple[int, Sign], ...]
    latest: int | None
    novelty: float = 1.0

    @property
    def named(self) -> int | None:
        """Year of the first report that names it."""
        return next((year for year, sign in self.reports if sign == "named"), None)


def estimate(tracks: Sequence[Track], first: int, last: int, habits: Habits | None = None) -> Rates:
    """Rates by expectation and maximisation over all places that were watched, adopters or not."""
    rates = Rates.of(tracks, habits or Habits())
    different = Counter(tracks)  # many places never name it, and have reports of the same years
    for _ in range(_STEPS):
        begun = at_risk = old = 0.0
        for track, often in different.items():
            chances = years_of_adoption(track, rates, first, last)
            old += often * chances[None]
            left = 1.0 - chances[None]
            for year in range(first, last + 1):
                at_risk += often * left
                begun += often * chances[year]
                left -= chances[year]
        found = msgspec.structs.replace(rates, hazard=(begun + 0.5) / (at_risk + 5.0), before=(old + 0.5) / (len(tracks) + 5.0))
        if abs(found.hazard - rates.hazard) + abs(found.before - rates.before) < _TOLERANCE:
            return found
        rates = found
    return rates


def count_firsts(track: Track) -> tuple[int, int]:
    """``Habits.first`` of one place and program."""
    signs = dict(track.reports)
    named = [year for year, sign in track.reports if sign == "named"]
    if not named:
        return 0, 0
    planned = [year for year, sign in track.reports if sign == "planned" and year < named[0] and year + 1 in signs]
    return sum(signs[year + 1] == "named" for year in planned), len(planned)


def count_plans(tracks: Iterable[Track]) -> tuple[int, int, int, int]:
    """(planned, all) reports before the first that names the practice, and (planned, all) of those after it that do not name it."""
    counts = [0, 0, 0, 0]
    for track in tracks:
        signs = [sign for _, sign in track.reports]
        cut = signs.index("named") if "named" in signs else len(signs)
        later = [sign for sign in signs[cut:] if sign != "named"]
        for at, part in ((0, signs[:cut]), (2, later)):
            counts[at] += part.count("planned")
            counts[at + 1] += len(part)
    return counts[0], counts[1], counts[2], counts[3]


def compare_plans(before: int, reports_before: int, after: int, reports_after: int) -> float:
    """``Habits.planned`` from such counts; 0.5 where there are none, never more than 1: no plan speaks for having."""
    rate = (before + 1) / (reports_before + _PRIOR_PLANS)
    return min((after + 0.5) / (reports_after + _PRIOR_PLANS) / rate, 1.0)


def mention_rate(tracks: Iterable[Track]) -> float:
    """Share of the reports after the first that names it: there, nobody chose the report because it names it."""
    named, silent = _PRIOR_NAMED, _PRIOR_SILENT
    for track in tracks:
        names = [sign == "named" for _, sign in track.reports]
        if True in names:
            later = names[names.index(True) + 1 :]
            named += sum(later)
            silent += len(later) - sum(later)
    return named / (named + silent)


def years_of_adoption(track: Track, rates: Rates, first: int, last: int) -> Mapping[int | None, float]:
    """Probability of each year as the one of adoption; None: before ``first``. What is left to 1 is for never, or later than ``last``."""
    weights: dict[int | None, float] = {}
    named = track.named
    for year, chance in _prior(rates, first, last):
        if track.latest is not None and year is not None and year > track.latest:
            weights[year] = 0.0
            continue
        weight = chance * (track.novelty if year is not None and year == named else 1.0)
        for covered, sign in track.reports:
            weight *= rates.weigh(sign, 1 if year is None else covered - year)
        weights[year] = weight
    never = 0.0
    if track.latest is None:
        never = (1 - rates.before) * (1 - rates.hazard) ** (last - first + 1)
        for _, sign in track.reports:
            never *= rates.weigh(sign, -1)
    total = sum(weights.values()) + never
    return {year: weight / total for year, weight in weights.items()} if total else dict.fromkeys(weights, 0.0)


def _prior(rates: Rates, first: int, last: int) -> list[tuple[int | None, float]]:
    left = 1 - rates.before
    told: list[tuple[int | None, float]] = [(None, rates.before)]
    for year in range(first, last + 1):
        told.append((year, left * rates.hazard))
        left *= 1 - rates.hazard
    return told
