"""A place through the years, and two places or years side by side: items of the graph and settled numbers in cells, each with its sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import Any, NamedTuple

from fazhi.errors import Invalid, NotFound
from fazhi.measuring import Cell, Question, panel
from graph import profiling, queries
from graph.pages import read_cursor, write_cursor
from graph.profiling import Item, Says, cut_cell, list_items, within
from search_api import models
from search_api import profile_models as shown
from search_api.measuring import show_statement
from search_api.profile_models import ProfileKind, StandsName
from search_api.reader import Reader

_REPORTS = 50  # listed
_ORDER = [kind.value for kind in ProfileKind]


class _Place(NamedTuple):
    """A place with the reports of it and of what lies below it, by year and id."""

    entity: queries.Entity
    path: tuple[str, ...]
    reports: tuple[shown.ProfileReport, ...]
    years: frozenset[int | None]  # of the reports

    def covers(self, first: int | None, last: int | None) -> bool:
        return any(within(year, first, last) for year in self.years)

    def of(self, first: int | None, last: int | None) -> tuple[shown.ProfileReport, ...]:
        return tuple(report for report in self.reports if within(report.year, first, last))[:_REPORTS]


class _Line(NamedTuple):
    """What one row of a table is made of: an item of the graph, or the settled numbers of an indicator in one kind of unit, by year."""

    kind: shown.Kind
    id: str
    name: str
    unit: str | None
    item: Item | None
    numbers: Mapping[int, Cell]


def answer_profile(
    reader: Reader, id: str, *, kinds: Collection[str], first: int | None, last: int | None, cursor: str | None, size: int, quoting: bool = True
) -> shown.Profile:
    """Unless ``quoting``, without the sentences of programs, rooms, platforms and advisers, and with one statement for all of a program in a year.

    Raises NotFound for what is no place, TooLarge for one with too much below it.
    """
    _check_years(first, last)
    place: _Place = reader.remember(("profiled place", id), lambda: _find_place(reader, id))
    lines = _list_lines(reader, place, kinds, first, last, counted=not quoting)
    years = _list_years(place, lines, first, last)
    lines = [
        line for line in lines if first is last is None or line.numbers or any(_cut(line, place, year, year).says in ("stated", "planned") for year in years)
    ]
    skip = read_cursor("profile", cursor)
    page = lines[skip : skip + size]
    cells = [[_cut(line, place, year, year) for year in years] for line in page]
    show = _quote(reader, chain.from_iterable(cells)) if quoting else _show_bare
    return shown.Profile(
        entity=models.Entity.model_validate(place.entity),
        path=place.path,
        years=tuple(_show_year(place, year) for year in years),
        undated=tuple(report for report in place.reports if report.year is None)[:_REPORTS],
        totals=_count(line.kind for line in lines),
        items=tuple(
            shown.ProfileItem(
                kind=line.kind,
                id=line.id,
                name=line.name,
                unit=line.unit,
                first_seen=line.item.first_seen if line.item else min(line.numbers, default=None),
                cells=tuple(_show(reader, line, cell, year, year, show) for cell, year in zip(cut, years, strict=True)),
            )
            for line, cut in zip(page, cells, strict=True)
        ),
        next=write_cursor("profile", skip + size) if len(lines) > skip + size else None,
        snapshot=reader.snapshot,
        coverage=reader.coverage(place.entity.id, None, first, last),
    )


def answer_compare(
    reader: Reader,
    left: tuple[str, int | None],
    right: tuple[str, int | None],
    *,
    kinds: Collection[str],
    stands: Collection[StandsName],
    cursor: str | None,
    size: int,
) -> shown.Comparison:
    """Both as (place id, year or None for all years). Raises Invalid where both are the same, NotFound, TooLarge."""
    if left == right:
        raise Invalid("Both sides are the same.", cure="Name two places, or two years of one place.")
    places: list[_Place] = [reader.remember(("profiled place", id), lambda id=id: _find_place(reader, id)) for id, _ in (left, right)]  # type: ignore[misc]
    years = [left[1], right[1]]
    sides = [
        {(line.kind, line.id, line.unit or ""): line for line in _list_lines(reader, place, kinds, year, year)}
        for place, year in zip(places, years, strict=True)
    ]
    rows = []
    for key in sorted({*sides[0], *sides[1]}, key=lambda key: (_ORDER.index(key[0]), (sides[0].get(key) or sides[1][key]).name, key)):
        lines = [side.get(key) for side in sides]
        cells = [_cut(line, place, year, year) for line, place, year in zip(lines, places, years, strict=True)]
        says = cells[0].says, cells[1].says
        if "stated" in says or "planned" in says:
            rows.append((lines, cells, _stand(*says)))
    chosen = [row for row in rows if not stands or row[2] in {name.value for name in stands}]
    skip = read_cursor("compare", cursor)
    page = chosen[skip : skip + size]
    show = _quote(reader, chain.from_iterable(cells for _, cells, _ in page))
    items = []
    for lines, cells, how in page:
        line = lines[0] or lines[1]
        assert line is not None
        one, other = (_show(reader, part, cell, year, year, show) for part, cell, year in zip(lines, cells, years, strict=True))
        exact = one.value is not None and other.value is not None and one.approx is None and other.approx is None
        difference = other.value - one.value if exact and one.value is not None and other.value is not None else None
        items.append(shown.ComparedItem(kind=line.kind, id=line.id, name=line.name, unit=line.unit, stands=how, left=one, right=other, difference=difference))
    return shown.Comparison(
        left=_show_side(reader, places[0], years[0]),
        right=_show_side(reader, places[1], years[1]),
        totals=_count(how for *_, how in rows),
        items=tuple(items),
        next=write_cursor("compare", skip + size) if len(chosen) > skip + size else None,
        snapshot=reader.snapshot,
        coverage=reader.coverage(),
    )


def _stand(left: Says, right: Says) -> shown.Stands:
    if left == right == "stated":
        return "both"
    if "unknown" in (left, right):
        return "unknown"
    return "left" if left == "stated" else "right" if right == "stated" else "planned"


# -- what there is -----------------------------------------------------------------------------------------------------------------------------------------


def _find_place(reader: Reader, id: str) -> _Place:
    entity = queries.get_entity(reader.graph, id)
    if "Place" not in entity.labels:
        raise NotFound(f"{id} is not a place but a {entity.labels[0]}.", cure="Ask /api/entities for it.")
    reports = [
        shown.ProfileReport(report=document.report, title=document.title, place=document.place, year=document.year)
        for document in sorted(reader.archive.documents(place=id), key=lambda document: (9999 if document.year is None else document.year, document.report))
    ]
    return _Place(entity, queries.list_path(reader.graph, id), tuple(reports), frozenset(report.year for report in reports))


def _list_lines(reader: Reader, place: _Place, kinds: Collection[str], first: int | None, last: int | None, *, counted: bool = False) -> list[_Line]:
    """Rows by kind, name and id; numbers are those of the place itself, never of what lies below it."""
    wanted = kinds or _ORDER
    lines = [_Line(item.kind, item.id, item.name, None, item, {}) for item in list_items(reader.graph, [place.entity.id], wanted, counted=counted)]
    if "measure" in wanted:
        level = next((label.lower() for label in place.entity.labels if label != "Place"), "")
        question = Question(place=place.entity.id, level=level, from_year=first, to_year=last)
        numbers: dict[tuple[str, str], dict[int, Cell]] = {}
        for cell in panel.iter_cells(reader.workspace, question):
            numbers.setdefault((cell.indicator, cell.family), {})[cell.year] = cell
        for (indicator, family), cells in numbers.items():
            name = next(iter(cells.values())).indicator_name
            lines.append(_Line("measure", indicator, name, family or None, None, cells))
    return sorted(lines, key=lambda line: (_ORDER.index(line.kind), line.name, line.id, line.unit or ""))


def _list_years(place: _Place, lines: Iterable[_Line], first: int | None, last: int | None) -> list[int]:
    """From the first to the last year with a report, or as asked, so that one without shows as a gap; beyond these only years that something is said of."""
    reported = {report.year for report in place.reports if report.year is not None and within(report.year, first, last)}
    ends = reported | {year for year in (first, last) if year is not None}
    years = set(range(min(ends), max(ends) + 1)) if ends else set[int]()
    for line in lines:
        years.update(line.numbers)
        years.update(statement.year for statement in (line.item.statements if line.item else ()) if statement.year is not None)
    return sorted(year for year in years if within(year, first, last))


def _check_years(first: int | None, last: int | None) -> None:
    if first is not None and last is not None and first > last:
        raise Invalid(f"The years run backwards: from {first} to {last}.", cure="Swap them.")


# -- how it is shown ---------------------------------------------------------------------------------------------------------------------------------------


def _cut(line: _Line | None, place: _Place, first: int | None, last: int | None) -> profiling.Cell:
    """What is said; of numbers nothing but whether they are there."""
    reported = place.covers(first, last)
    if line is not None and line.numbers:
        stated = any(within(year, first, last) for year in line.numbers)
        return profiling.Cell(says="stated" if stated else "unstated" if reported else "unknown", modality=None, statements=())
    return cut_cell(line.item if line else None, first, last, reported=reported)


_Show = Callable[[profiling.Statement], tuple[models.Passage, ...]]


def _quote(reader: Reader, cells: Iterable[profiling.Cell]) -> _Show:
    """Gives the sentences of the statements that are shown of these cells."""
    facts = list(dict.fromkeys(statement.facts for cell in cells for statement in cell.statements[:1]))
    quoted = dict(zip(facts, reader.quote(facts), strict=True))
    return lambda statement: quoted[statement.facts]


def _show_bare(_: profiling.Statement) -> tuple[models.Passage, ...]:
    return ()


def _show(reader: Reader, line: _Line | None, cell: profiling.Cell, first: int | None, last: int | None, show: _Show) -> shown.ProfileCell:
    year = first if first == last else None
    if line is not None and line.numbers and cell.says == "stated":
        newest = max(year for year in line.numbers if within(year, first, last))
        return _show_number(reader, line.numbers[newest], newest)
    return shown.ProfileCell(
        year=year,
        says=cell.says,
        modality=cell.modality,
        total=sum(statement.count for statement in cell.statements),
        statements=tuple(
            shown.ProfileStatement(
                report=statement.report,
                title=_title(reader, statement.report),
                year=statement.year,
                modality=statement.modality,
                source=statement.source,
                source_name=statement.source_name,
                facts=statement.facts,
                passages=show(statement),
            )
            for statement in cell.statements[:1]
        ),
    )


def _show_number(reader: Reader, cell: Cell, year: int) -> shown.ProfileCell:
    told = [(statement, show_statement(statement)) for statement in cell.statements]
    return shown.ProfileCell(
        year=year,
        says="stated",
        modality=cell.statements[0].measure.modality,
        total=len(cell.statements),
        value=cell.value,
        approx=cell.approx,
        low=cell.low,
        high=cell.high,
        conflict=cell.state == "conflict",
        statements=tuple(
            shown.ProfileStatement(
                report=statement.measure.report,
                title=_title(reader, statement.measure.report),
                year=statement.measure.year,
                modality=statement.measure.modality,
                source=statement.measure.place,
                source_name=statement.measure.place_name,
                value=statement.value,
                unit=statement.measure.unit,
                approx=statement.measure.approx,
                facts=(statement.measure.fact,),
                passages=() if view.sentence is None else (view.sentence,),
            )
            for statement, view in told[: len(told) if cell.state == "conflict" else 1]
        ),
    )


def _title(reader: Reader, report: str) -> str | None:
    document = reader.find_document(report)
    return document.title if document else None


def _show_year(place: _Place, year: int) -> shown.ProfileYear:
    reports = place.of(year, year)
    return shown.ProfileYear(year=year, state="present" if reports else "missing", reports=reports)


def _show_side(reader: Reader, place: _Place, year: int | None) -> shown.ComparedSide:
    return shown.ComparedSide(
        place=place.entity.id,
        name=place.entity.name,
        path=place.path,
        year=year,
        reports=place.of(year, year),
        coverage=reader.coverage(place.entity.id, None, year, year),
    )


def _count(names: Iterable[Any]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
