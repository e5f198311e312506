"""What a combined question is answered with."""

from __future__ import annotations

from typing import Literal

import msgspec

from fazhi.answers import Coverage

Says = Literal["stated", "unstated", "unknown"]


class Span(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence of the original: ``text`` is exactly the characters from ``start`` to ``end``; ``highlights`` lie in it, in offsets of the original too."""

    text: str
    start: int
    end: int
    section: str
    highlights: tuple[Span, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One report's statement that a condition rests on.

    ``source`` is the place (or its body) that the statement is about, ``id`` what it has, takes up, cites or counts. ``certain`` is False where an
    approximation leaves open whether the number lies within the bounds.
    """

    report: str
    title: str | None
    year: int | None  # of the statement; of a text condition the report's
    modality: str | None = None
    source: str | None = None
    source_name: str | None = None
    id: str | None = None
    name: str | None = None
    value: float | None = None
    unit: str | None = None
    approx: str | None = None
    certain: bool = True
    facts: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How a condition stands in a row. ``condition`` is its path in the question, such as ``where[1].any[0]``.

    ``says``: stated; unstated (there are reports of those years, none says so: silence, not absence); unknown (no report of those years is here, or only
    an approximation that leaves it open). ``total`` counts the statements (of a text condition the reports), of which ``statements`` are the earliest.
    """

    condition: str
    kind: str
    says: Says
    total: int = 0
    statements: tuple[Statement, ...] = ()


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A report that was looked at for a row."""

    report: str
    year: int | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A place, or a report with its place. ``reports`` cover the place or what lies below it, within the years of the question, by year; at most 50."""

    place: str | None
    name: str | None
    path: tuple[str, ...] = ()  # names from the province down to the place
    report: str | None = None
    title: str | None = None
    year: int | None = None
    reports: tuple[Held, ...] = ()
    reports_total: int = 0
    findings: tuple[Finding, ...] = ()


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    """A place for which the question can't be decided, because reports are missing or a number is only approximate. Never counted as not meeting it."""

    place: str
    name: str
    years: tuple[int, ...]  # years that there are reports of


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the plan. ``estimate``: statements that the condition may have to look at; ``way``: all of them, or only those of the ``candidates``."""

    condition: str
    kind: str
    way: Literal["all", "candidates", "ids", "evidence"]
    estimate: int | None
    candidates: int
    found: int
    unknown: int = 0
    milliseconds: float


class Combined(msgspec.Struct, frozen=True, kw_only=True):
    """``rows`` by place id, of reports by place id, year and report. ``total`` on all pages. ``undecided`` are the first of ``undecided_total``."""

    find: str
    level: str | None
    place: str | None  # id of the one that was asked about
    rows: tuple[Row, ...]
    total: int
    next: str | None
    undecided: tuple[Undecided, ...] = ()
    undecided_total: int = 0
    plan: tuple[Step, ...] = ()
    snapshot: str = ""
    coverage: Coverage | None = None
