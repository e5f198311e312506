"""What a curve of adoption is made of. All shares are of ``eligible`` places: those of which the collection has a report at all."""

from __future__ import annotations

from typing import Literal

import msgspec

RefusalCode = Literal[
    "no_years", "one_report", "no_adopters", "one_year", "few_years", "few_events", "mostly_missing", "before_inflection", "rise_not_seen", "undecided",
    "few_counties", "no_variation", "separated",
]  # fmt: skip
FitName = Literal["constant", "logistic", "bass", "step", "mandate"]
Reading = Literal["s_shaped", "step", "steady"]


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is not said: a code for programs, words for people."""

    code: RefusalCode
    reason: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """A superior's own text that speaks of the practice: the first of that superior in this collection, which need not be the first there was."""

    superior: str
    year: int


class CurveYear(msgspec.Struct, frozen=True, kw_only=True):
    """One year, at its end. ``observed + missing`` = eligible places, by whether they have a report on the year.

    ``at_risk``: have a report on the year and are known not to have taken it up before; ``events`` of them are seen with it in the year.
    ``adopted``: seen with it by then. ``open``: may or may not have it, for their reports of these years are missing, or silent before they named it.
    ``share``: adopted among those that are not open, None where all are. ``lower``, ``upper``: if no, or if every, open place had it (the latest and the
    earliest dates that missing reports allow; a report that is there and silent counts as not yet, where the place is never seen with it).
    """

    year: int
    observed: int
    missing: int
    at_risk: int
    events: int
    adopted: int
    open: int
    share: float | None
    lower: float
    upper: float


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """Share at the end of each year of the curve, without a law of growth, with 95 % intervals over resampled places.

    ``turnbull``: from intervals, missing reports and silence alike. ``kaplan_meier``: takes the year first seen for the year of adoption, and only places
    that were first watched without it; what others do, for comparison.
    """

    name: Literal["turnbull", "kaplan_meier"]
    values: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """``low``, ``high``: 95 % interval over resampled places. Rates are per year; ``before`` is a share; ``inflection`` and ``year`` are calendar years."""

    name: str
    value: float
    low: float
    high: float


class CurveFit(msgspec.Struct, frozen=True, kw_only=True):
    """A law of growth with its ceiling at all eligible places. ``values``, ``low``, ``high``: share at the end of each year of the curve."""

    name: FitName
    parameters: tuple[Parameter, ...]
    log_likelihood: float
    aicc: float
    values: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def parameter(self, name: str) -> Parameter:
        return next(each for each in self.parameters if each.name == name)


class Curve(msgspec.Struct, frozen=True, kw_only=True):
    """How a practice spread over the places of a collection.

    ``refused`` says why there are no fits; ``years`` are there even so, where reports are. ``chosen`` has the smallest AICc, ``rivals`` are within 2 of it.
    ``reading``: what the shape is like, never what caused it; ``reading_refused`` says why there is none. ``mention_rate``: how often a report of a place
    that has the practice names it. ``events``: adoptions seen with both ends of their interval. ``outside``: adopters without a report of their own, not
    counted. Same input and ``seed``, same numbers.
    """

    program: str
    years: tuple[CurveYear, ...]
    estimates: tuple[Estimate, ...]
    fits: tuple[CurveFit, ...]
    chosen: FitName | None
    rivals: tuple[FitName, ...]
    reading: Reading | None
    reading_refused: Refused | None
    refused: Refused | None
    mandates: tuple[Act, ...]
    caveats: tuple[str, ...]
    eligible: int
    adopters: int
    left_censored: int
    events: int
    outside: int
    mention_rate: float
    seed: int
    resamples: int
