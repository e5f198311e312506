"""The panel read from graph and archive, place by place, so that it never has to be in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from archive.model import Failure
from fazhi.errors import Conflict, Invalid, TooLarge
from fazhi.measuring.model import Cell, Place, Question, Reason, Sentence, Statement
from fazhi.measuring.settling import kind_of, read_statement, settle
from fazhi.quoting import Quotable, Spot
from fazhi.sentences import find_sentence
from graph import measuring
from graph.queries import CoverageRow, find_indicators

if TYPE_CHECKING:
    from fazhi.workspace import Workspace

PLACES = 25  # at a time: some hundred reports, whose texts are then in memory
_MOST_PLACES = 400
MOST_CELLS = 5_000_000  # where empty ones are asked for: 2,000 townships × 50 years × 50 indicators


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Which reports there are: place → year → report ids, and the inputs that could not be read."""

    names: dict[str, str]
    years: dict[str, dict[int, tuple[str, ...]]]
    unreadable: dict[str, tuple[Failure, ...]]  # by place: those with its name in theirs

    def span(self, question: Question) -> range:
        """Every year from the first to the last report, or as asked: a year without any report shows as a gap instead of vanishing."""
        known = [year for years in self.years.values() for year in years]
        first = question.from_year if question.from_year is not None else min(known, default=0)
        last = question.to_year if question.to_year is not None else max(known, default=-1)
        return range(first, last + 1)

    def reason(self, place: str, year: int) -> Reason:
        """Why there is no number of that place and year."""
        if year in self.years.get(place, {}):
            return "without_indicator"
        return "no_report" if find_unreadable(self.unreadable.get(place, ()), year) is None else "unreadable"


def list_unreadable(name: str, failures: Iterable[Failure]) -> tuple[Failure, ...]:
    """Inputs that could not be read and that have the place's name in theirs."""
    return tuple(failure for failure in failures if name and name in failure.name)


def find_unreadable(failures: Iterable[Failure], year: int) -> Failure | None:
    """Of a place's unreadable inputs the one that has the year in its name."""
    return next((failure for failure in failures if str(year) in failure.name), None)


def read_held(workspace: Workspace, question: Question) -> Held:
    rows: list[CoverageRow] = list(measuring.iter_coverage(workspace.graph, place=question.place, level=question.level))
    failures = workspace.archive.failures()
    return Held(
        names={row.place: row.name for row in rows},
        years={row.place: dict(row.years) for row in rows},
        unreadable={row.place: found for row in rows if (found := list_unreadable(row.name, failures))},
    )


def iter_cells(workspace: Workspace, question: Question, *, sentences: bool = True, start: str | None = None, step: int = PLACES) -> Iterator[Cell]:
    """Cells by place, indicator, year and unit; ``start`` begins at that place's id, ``step`` places are read at a time.

    Only what is stated as done or ongoing: a plan is never a number here. Raises NotFound for an indicator that no report states, Invalid for years that run
    backwards and for cells without a number of all indicators, TooLarge for millions of those, Conflict where the collection changes under it.
    """
    check_years(question)
    if question.empty and not question.indicators:
        raise Invalid("Cells without a number can't be listed for all indicators at once.", cure="Name the indicators.")
    snapshot = workspace.archive.snapshot()
    indicators = find_indicators(workspace.graph, question.indicators) if question.indicators else None
    wanted = None if indicators is None or question.empty else [id for id, _ in indicators]
    names = measuring.list_measured_places(workspace.graph, place=question.place, level=question.level, indicators=wanted)
    held: Held | None = None
    if question.empty:
        held = read_held(workspace, question)
        names = held.names | names
        count = len(names) * len(held.span(question)) * len(indicators or ())
        if count > MOST_CELLS:
            raise TooLarge(f"That would be {count} cells.", cure=f"Ask for at most {MOST_CELLS}: narrow the years, the place or the indicators.")
    waiting = sorted(place for place in names if start is None or place >= start)
    first, most = 0, step
    while first < len(waiting):
        chosen = waiting[first : first + step]
        first += step
        stated = _read_statements(workspace, chosen, question, indicators, sentences=sentences)
        above = measuring.list_ancestors(workspace.graph, [id for id in chosen if held is not None or id in stated])
        check_unmoved(workspace, snapshot)
        step = min(step * 2, _MOST_PLACES) if len(stated) * 4 < len(chosen) else most  # few texts are in memory where few places say anything
        for id in chosen:
            place = Place(id=id, name=names[id], above=above.get(id, {}))
            cells = _settle_place(place, stated.get(id, ()))
            yield from cells if held is None else _fill(place, cells, indicators or (), held, question)


def check_unmoved(workspace: Workspace, snapshot: str) -> None:
    """Raises Conflict where the collection is not any more what ``snapshot`` names: half of one and half of another state is no panel."""
    if workspace.archive.snapshot() != snapshot:
        raise Conflict("Reports were taken in or removed while the panel was read.", cure="Ask again.")


def check_years(question: Question) -> None:
    """Raises Invalid for years that run backwards."""
    if question.from_year is not None and question.to_year is not None and question.from_year > question.to_year:
        raise Invalid(f"The years run backwards: from {question.from_year} to {question.to_year}.", cure="Swap them.")


def _read_statements(
    workspace: Workspace, places: Sequence[str], question: Question, indicators: Sequence[tuple[str, str]] | None, *, sentences: bool
) -> dict[str, list[Statement]]:
    wanted = None if indicators is None else [id for id, _ in indicators]
    measures = measuring.list_measures_of_places(workspace.graph, places, indicators=wanted, from_year=question.from_year, to_year=question.to_year)
    items = workspace.archive.quote(sorted({measure.report for measure in measures}), Quotable) if sentences else {}
    found: dict[str, list[Statement]] = {}
    facts = {report: {fact.id: fact for fact in said.facts} for report, (_, said) in items.items()}
    for measure in measures:
        statement = read_statement(measure)
        fact = facts.get(measure.report, {}).get(measure.fact)
        if fact is not None:
            statement = msgspec.structs.replace(statement, sentence=_cut(*items[measure.report], fact))
        found.setdefault(measure.place or "", []).append(statement)
    return found


def _cut(text: str, said: Quotable, fact: Spot) -> Sentence:
    start, end = find_sentence(said, fact.start, fact.end, len(text))
    return Sentence(text=text[start:end], start=start, end=end, left=fact.start, right=fact.end, section=fact.section)


def _settle_place(place: Place, statements: Iterable[Statement]) -> list[Cell]:
    groups: dict[tuple[str, int, str], list[Statement]] = {}
    for statement in statements:
        groups.setdefault((statement.measure.indicator, statement.measure.year or 0, statement.family), []).append(statement)
    return [settle(place, sorted(groups[key], key=_order)) for key in sorted(groups)]


def _order(statement: Statement) -> tuple[str, int, str]:
    return statement.measure.report, -1 if statement.sentence is None else statement.sentence.left, statement.measure.id


def _fill(place: Place, cells: Sequence[Cell], indicators: Iterable[tuple[str, str]], held: Held, question: Question) -> Iterator[Cell]:
    by_cell: dict[tuple[str, int], list[Cell]] = {}
    for cell in cells:
        by_cell.setdefault((cell.indicator, cell.year), []).append(cell)
    span = held.span(question)
    for indicator, name in indicators:
        own = {year for id, year in by_cell if id == indicator}
        for year in sorted({*span, *own}):
            known = by_cell.get((indicator, year))
            if known is not None:
                yield from known
            else:
                reason = held.reason(place.id, year)
                yield Cell(place=place, year=year, indicator=indicator, indicator_name=name, kind=kind_of(indicator), state=reason)
