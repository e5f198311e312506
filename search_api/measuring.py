"""The panel as the API asks it: which question the parameters make, pages of cells and sums, files as streams."""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from itertools import chain, islice
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from fazhi.errors import Invalid
from fazhi.measuring import Cell, Question, Statement
from fazhi.measuring.exporting import Counter, Export, cite, iter_pieces, write_address
from fazhi.measuring.panel import PLACES, iter_cells
from fazhi.measuring.rollup import iter_sums
from fazhi.measuring.tables import MEDIA_TYPES
from graph.pages import read_cursor, write_cursor
from search_api import measure_models, models
from search_api.parameters import FromYear, Level, PlaceFilter, ToYear
from search_api.reader import Reader, Reading

_STEP = 5  # places read at a time for a page of cells, at least
_CELLS_OF_PLACE = 4  # that a place is likely to have of an indicator that was named, a year each


class View(StrEnum):
    statements = "statements"
    panel = "panel"
    rollup = "rollup"


class Form(StrEnum):
    json = "json"
    csv = "csv"
    parquet = "parquet"


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """``question`` has the place resolved to its id."""

    view: View
    form: Form
    question: Question
    bom: bool

    @property
    def export(self) -> Export:
        return Export(question=self.question, format="parquet" if self.form is Form.parquet else "csv", bom=self.bom)


def read_asked(
    reader: Reading,
    indicator: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=200)]],
        Query(
            title="Indicator",
            description="Its id, its name in the catalogue, or a report's own words; may be given several times.",
            examples=["调解矛盾纠纷数"],
            min_length=1,
            max_length=20,
        ),
    ],
    place: PlaceFilter = None,
    from_year: FromYear = None,
    to_year: ToYear = None,
    view: Annotated[
        View | None,
        Query(
            title="View",
            description="statements: each number as a report states it. panel: place × year × indicator, with conflicts. rollup: sums at the places above. "
            "Left out: rollup where by is given, panel for a file, else statements.",
            examples=["panel"],
        ),
    ] = None,
    level: Annotated[
        Level | None, Query(title="Level", description="Level of the places of a panel or in its sums; township if left out.", examples=["township"])
    ] = None,
    by: Annotated[
        Level | None, Query(title="By", description="Level of the places that a rollup adds up to, along PART_OF; county if left out.", examples=["county"])
    ] = None,
    empty: Annotated[bool, Query(title="Empty cells", description="In a panel, cells without a number too, each with its reason.", examples=[True])] = False,
    format: Annotated[Form, Query(title="Format", description="csv and parquet give the whole answer as a file.", examples=["csv"])] = Form.json,
    bom: Annotated[bool, Query(title="Byte order mark", description="Mark a CSV as UTF-8, for Excel.", examples=[False])] = False,
) -> Asked:
    """What the parameters ask for. Raises Invalid where they do not go together."""
    chosen = view or (View.rollup if by else View.statements if format is Form.json else View.panel)
    if chosen is View.statements and format is not Form.json:
        raise Invalid("Statements come as JSON only.", cure="Ask for view=panel: its cells have all statements.")
    if chosen is View.statements and (level or empty):
        raise Invalid("level and empty belong to a panel.", cure="Add view=panel.")
    if by and chosen is not View.rollup:
        raise Invalid("by belongs to a rollup.", cure="Ask for view=rollup.")
    if empty and chosen is View.rollup:
        raise Invalid("Sums have no empty cells.", cure="Ask for view=panel.")
    if bom and format is not Form.csv:
        raise Invalid("Only CSV can have a byte order mark.", cure="Add format=csv, or leave bom out.")
    question = Question(
        indicators=tuple(indicator),
        place=reader.resolve_place(place),
        from_year=from_year,
        to_year=to_year,
        level=(level or Level.township).value,
        by=(by or Level.county).value if chosen is View.rollup else None,
        empty=empty,
    )
    return Asked(view=chosen, form=format, question=question, bom=bom)


Asking = Annotated[Asked, Depends(read_asked)]


def describe_files() -> dict[int | str, dict[str, Any]]:
    """The files among a route's answers, for the OpenAPI document."""
    return {200: {"content": {kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}}}


def stream_export(reader: Reader, asked: Asked) -> StreamingResponse:
    """The file, with what leads to its citation in the headers. What goes wrong before the first piece is answered as a problem."""
    snapshot = reader.archive.snapshot()
    pieces = iter_pieces(reader.workspace, asked.export)
    first = next(pieces, b"")
    address = write_address(asked.export)
    headers = {
        "Content-Disposition": f'attachment; filename="{asked.export.filename}"',
        "Link": f'<{address.replace("/api/measures?", "/api/measures/citation?", 1)}>; rel="describedby"; type="application/json"',
        "X-Snapshot": snapshot,
        "X-Licence": quote(reader.workspace.settings.licence_note, safe=" ,.:;()-"),
    }
    return StreamingResponse(chain([first], pieces), media_type=MEDIA_TYPES[asked.export.format], headers=headers)


def cite_export(reader: Reader, asked: Asked) -> measure_models.Citation:
    """The citation of the file that ``asked`` gives. It makes the file to count and to hash it, and keeps nothing of it."""
    snapshot, counter = reader.archive.snapshot(), Counter()
    for _ in iter_pieces(reader.workspace, asked.export, counter):
        pass
    return measure_models.Citation.model_validate(cite(reader.workspace, asked.export, counter, snapshot=snapshot))


def list_cells(reader: Reader, asked: Asked, cursor: str | None, size: int) -> measure_models.Panel:
    """A page of cells. A cursor is the place that it goes on with and how many of its cells are done."""
    start, done = _read_place_cursor(cursor)
    named = len(asked.question.indicators) * _CELLS_OF_PLACE
    cells = iter_cells(reader.workspace, asked.question, start=start, step=min(max(_STEP, size // named), PLACES) if named else _STEP)
    shown: list[Cell] = []
    following: str | None = None
    at, count = start, 0
    for cell in cells:
        if cell.place.id != at:
            at, count = cell.place.id, 0
        count += 1
        if at == start and count <= done:
            continue
        if len(shown) == size:
            following = _write_place_cursor(at, count - 1)
            break
        shown.append(cell)
    return measure_models.Panel(
        cells=tuple(map(_show_cell, shown)),
        next=following,
        snapshot=reader.snapshot,
        coverage=_coverage(reader, asked.question),
    )


def list_sums(reader: Reader, asked: Asked, cursor: str | None, size: int) -> measure_models.Sums:
    skip = read_cursor("sums", cursor)
    lines = list(islice(iter_sums(reader.workspace, asked.question), skip, skip + size + 1))
    return measure_models.Sums(
        sums=tuple(measure_models.SumLine.model_validate(line) for line in lines[:size]),
        next=write_cursor("sums", skip + size) if len(lines) > size else None,
        snapshot=reader.snapshot,
        coverage=_coverage(reader, asked.question),
    )


def _coverage(reader: Reader, question: Question) -> models.Coverage:
    return reader.coverage(question.place, question.level, question.from_year, question.to_year)


def _show_cell(cell: Cell) -> measure_models.PanelCell:
    path = tuple(name for id, name in cell.place.above.values() if id != cell.place.id)
    return measure_models.PanelCell(
        place=cell.place.id,
        name=cell.place.name,
        path=tuple(reversed(path)),
        year=cell.year,
        indicator=cell.indicator,
        indicator_name=cell.indicator_name,
        kind=cell.kind,
        state=cell.state,
        value=cell.value,
        unit=cell.unit,
        approx=cell.approx,
        low=cell.low,
        high=cell.high,
        between=cell.between,
        statements=tuple(map(show_statement, cell.statements)),
    )


def show_statement(statement: Statement) -> measure_models.PanelStatement:
    measure, sentence = statement.measure, statement.sentence
    passage = None
    if sentence is not None:
        span = models.Span(start=sentence.left, end=sentence.right)
        passage = models.Passage(text=sentence.text, start=sentence.start, end=sentence.end, section=sentence.section, highlights=(span,))
    return measure_models.PanelStatement(
        value=statement.value,
        unit=measure.unit,
        approx=measure.approx,
        phrase=measure.phrase,
        modality=measure.modality,
        polarity=measure.polarity,
        report=measure.report,
        fact=measure.fact,
        sentence=passage,
    )


def _write_place_cursor(place: str, done: int) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(["panel", place, done])).decode("ascii").rstrip("=")


def _read_place_cursor(cursor: str | None) -> tuple[str | None, int]:
    if not cursor:
        return None, 0
    try:
        name, place, done = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=tuple[str, str, int])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        name, place, done = "", "", -1
    if name != "panel" or done < 0:
        raise Invalid("This cursor does not belong to this list.", cure="Give back the cursor of the page before, or none to start.")
    return place, done
