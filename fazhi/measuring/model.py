"""What a panel is made of."""

from __future__ import annotations

from typing import Literal

import msgspec

from graph.queries import Measurement

State = Literal["stated", "conflict", "no_report", "unreadable", "without_indicator"]
Reason = Literal["no_report", "unreadable", "without_indicator"]
View = Literal["panel", "rollup"]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a panel is about. ``indicators`` are ids, catalogue names or reports' own words, none of them: all; ``place`` takes all below it in.

    ``level`` is that of the places in the rows. ``by``: add them up to this level. ``empty``: cells without a number too, each with its reason.
    """

    indicators: tuple[str, ...] = ()
    place: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    level: str = "township"
    by: str | None = None
    empty: bool = False

    @property
    def view(self) -> View:
        return "panel" if self.by is None else "rollup"


class Sentence(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``text`` is exactly the characters of the original from ``start`` to ``end``; the number stands at ``left``..``right``."""

    text: str
    start: int
    end: int
    left: int
    right: int
    section: str


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A number as one report states it, the values that its wording allows, and what its unit counts as (起 and 宗 are 件)."""

    measure: Measurement
    value: float
    family: str
    low: float
    high: float  # infinite where nothing bounds it
    sentence: Sentence | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """``above``: level → (id, name) of the place and all above it along PART_OF."""

    id: str
    name: str
    above: dict[str, tuple[str, str]] = {}


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One place, year, indicator and unit.

    ``value`` is there where the statements agree (``state`` stated); ``chosen`` is the statement it comes from. Where they do not (conflict) it is None, and
    ``low`` and ``high`` are the ends of what is stated. The other states tell why there is no number; such cells have neither unit nor statements.
    """

    place: Place
    year: int
    indicator: str
    indicator_name: str
    kind: str  # of the catalogue: count, persons, money, rate …; "" for a report's own words
    state: State
    unit: str | None = None
    family: str = ""
    value: float | None = None
    approx: str | None = None
    low: float | None = None
    high: float | None = None
    between: Literal["one_report", "several_reports"] | None = None  # whose statements are in conflict
    statements: tuple[Statement, ...] = ()
    chosen: Statement | None = None


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What the places below one add up to in a year, in one unit.

    ``value`` is the sum over the ``answered`` places whose number is decided; ``low`` and ``high`` bound it with approximations and ``conflicting`` ones taken
    in. Rates and averages have no sum: they have ``least``, ``median``, ``most``, and ``pooled`` = 100 × ``parts`` ÷ ``wholes`` over the
    ``weighted`` places that state both counts in agreement with their rate. ``reporting`` places have a report of that year, ``from_other_years`` of the
    answered ones have none: their number stands in a report of another year. ``other_units`` places answered in a unit that can't be added to this one.
    """

    place: str
    name: str
    level: str
    year: int
    indicator: str
    indicator_name: str
    kind: str
    unit: str | None
    added: bool
    value: float | None
    approx: str | None
    low: float | None
    high: float | None
    least: float | None
    median: float | None
    most: float | None
    answered: int
    conflicting: int
    reporting: int
    from_other_years: int
    other_units: int
    pooled: float | None = None
    parts: float | None = None
    wholes: float | None = None
    weighted: int = 0
    weight: str | None = None  # what it is weighted by, in words
