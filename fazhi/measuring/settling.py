"""Several statements about one place, year and indicator into one cell: agreed, or in conflict. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import vocabulary
from fazhi.measuring.model import Cell, Place, Statement
from graph.queries import Measurement
from ingest.audit.amounts import bounds_of_value
from ingest.audit.reading import checks

_NEVER_ADDED = frozenset(("%", "‰", "个百分点", "百分点", "倍", "分"))
_WHOLE = 100.0
_CHANGES = ("增", "涨", "升", "降", "减", "跌", "变")
_AVERAGES = ("人均", "平均", "率", "比例", "占比", "比重")


def read_statement(measure: Measurement) -> Statement:
    """A measure as a statement, without its sentence. Its value must be there."""
    assert measure.value is not None
    low, high = bounds_of_value(measure.value, measure.approx)
    if measure.unit == "%" and measure.value <= _WHOLE and not any(word in measure.indicator_name for word in _CHANGES):
        high = min(high, _WHOLE)  # 近100% is at most all; growth may be more
    return Statement(measure=measure, value=measure.value, family=checks().family(measure.unit), low=low, high=high)


def settle(place: Place, statements: Sequence[Statement]) -> Cell:
    """The cell of statements with one year, indicator and kind of unit.

    Exact numbers win over approximations that allow them (126 over 100余); of approximations alone only equal numbers agree. Everything else is a conflict: the
    program does not choose.
    """
    first = statements[0]
    units = {statement.measure.unit for statement in statements}
    exact = [statement for statement in statements if statement.measure.approx is None]
    common: dict[str, Any] = {
        "place": place,
        "year": first.measure.year,
        "indicator": first.measure.indicator,
        "indicator_name": first.measure.indicator_name,
        "kind": kind_of(first.measure.indicator),
        "unit": first.measure.unit if len(units) == 1 else first.family or None,
        "family": first.family,
        "statements": tuple(statements),
    }
    chosen = exact[0] if exact else min(statements, key=lambda statement: (statement.high - statement.low, statement.measure.approx or ""))
    if _agree(chosen, statements):
        return Cell(state="stated", value=chosen.value, approx=chosen.measure.approx, low=chosen.low, high=_finite(chosen.high), chosen=chosen, **common)
    low, high = min(statement.low for statement in statements), max(statement.high for statement in statements)
    reports = {statement.measure.report for statement in statements}
    return Cell(state="conflict", low=low, high=_finite(high), between="one_report" if len(reports) == 1 else "several_reports", **common)


def _agree(chosen: Statement, statements: Iterable[Statement]) -> bool:
    if chosen.measure.approx is not None:
        return all(statement.value == chosen.value for statement in statements)
    return all(statement.low <= chosen.value <= statement.high for statement in statements)


def _finite(value: float) -> float | None:
    return None if math.isinf(value) else value


@cache
def _kinds(version: str) -> dict[str, str]:
    return {f"indicator:{entry['id']}": str(entry.get("kind", "")) for entry in vocabulary.load("indicators")}


def kind_of(indicator: str) -> str:
    """The catalogue's kind of an indicator; empty for a report's own words."""
    return _kinds(vocabulary.version()).get(indicator, "")


def can_be_added(cell: Cell) -> bool:
    """Whether numbers of several places make a sum: neither rates nor averages do, whatever words they come in."""
    return cell.kind != "rate" and cell.family not in _NEVER_ADDED and not any(word in cell.indicator_name for word in _AVERAGES)
