"""A whole result as a file, piece by piece, and what it takes to cite it: the same snapshot, question and program give the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.metadata import version
from itertools import chain
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from fastapi.responses import StreamingResponse
from pydantic import Field

import fazhi
import vocabulary
from fazhi.errors import Conflict, Invalid
from fazhi.measuring.exporting import Counter
from fazhi.measuring.tables import Column, Row, iter_csv, write_parquet
from fulltext.choosing import choose_passages
from fulltext.query import ranks
from ingest.version import VERSION
from search_api import models
from search_api.parameters import SortOrder
from search_api.reader import Reader
from search_api.searching import Asked, Conditions, cover_asked, read_conditions

_PAGE = 200  # reports read at a time
_PIECE = 1 << 16  # bytes
_LINES = 500  # of JSON in a piece

COLUMNS = (
    Column("rank", "whole", "place in the order that was asked for"),
    Column("report", "text", "id of the report: GET /api/reports/{id}"),
    Column("key", "text", "the name under which the document was taken in"),
    Column("title", "text", "its title"),
    Column("place", "text", "graph id of the place that reports"),
    Column("place_name", "text", "its name"),
    Column("path", "text", "names from the province down, parted by /"),
    Column("level", "text", "level of the place"),
    Column("year", "whole", "the year covered; empty where the text does not tell"),
    Column("score", "number", "how well the words match; only its order within one file means anything; empty where another order was asked for"),
    Column("section", "text", "kind of the section that the sentence stands in"),
    Column("start", "whole", "offset of the sentence in the report's original, in characters"),
    Column("end", "whole", "where it ends"),
    Column("sentence", "text", "the best matching sentence, the place's own before what many say"),
    Column("own", "truth", "whether it states something that only the place can know"),
    Column("places", "whole", "how many places say the same but for numbers and names; empty where it is too short to tell"),
)
_NOTES = (
    "One row a report that matches; the report has the other sentences.",
    "A report that is not here says nothing about what its place did; see coverage.",
    "A sentence with modality planned in its report is a plan, never a deed.",
    "In CSV, text that a spreadsheet would take for a formula has an apostrophe before it.",
)


class FileForm(StrEnum):
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


MEDIA_TYPES = {
    FileForm.csv: "text/csv; charset=utf-8",
    FileForm.jsonl: "application/x-ndjson",
    FileForm.parquet: "application/vnd.apache.parquet",
}


class FileQuestion(Conditions):
    sort: SortOrder = Field(
        SortOrder.score, title="Order", description="score: best match first; year, -year: oldest or newest first; place.", examples=["score"]
    )
    format: FileForm = Field(FileForm.csv, title="Format", description="csv, jsonl (one object a line) or parquet.", examples=["csv"])
    bom: bool = Field(False, title="Byte order mark", description="Mark a CSV as UTF-8, for Excel.", examples=[False])


def describe_files() -> dict[int | str, dict[str, Any]]:
    """The files among a route's answers, for the OpenAPI document."""
    return {200: {"content": {kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}}}


def stream_result(reader: Reader, asked: FileQuestion) -> StreamingResponse:
    """The file, with what leads to its citation in the headers. What goes wrong before the first piece is answered as a problem; where the collection changes
    under it, the transfer breaks off, so that half a file never looks whole."""
    snapshot = reader.archive.snapshot()
    pieces = _iter_pieces(reader, asked, Counter(), snapshot)
    first = next(pieces, b"")
    headers = {
        "Content-Disposition": f'attachment; filename="{_filename(asked)}"',
        "Link": f'<{_address(asked, "/api/search/citation")}>; rel="describedby"; type="application/json"',
        "X-Snapshot": snapshot,
        "X-Query": _address(asked, "/api/search/export"),
        "X-Licence": quote(reader.workspace.settings.licence_note, safe=" ,.:;()-"),
    }
    return StreamingResponse(chain([first], pieces), media_type=MEDIA_TYPES[asked.format], headers=headers)


def cite_result(reader: Reader, asked: FileQuestion) -> models.SearchCitation:
    """The citation of the file that ``asked`` gives. It makes the file to count and to hash it, and keeps nothing of it."""
    snapshot, counter = reader.archive.snapshot(), Counter()
    for _ in _iter_pieces(reader, asked, counter, snapshot):
        pass
    read_as = read_conditions(reader, asked)
    return models.SearchCitation(
        title="Reports on law-based government (法治政府建设情况报告) that match a question",
        file=_filename(asked),
        format=asked.format.value,
        snapshot=snapshot,
        query=_given(asked),
        address=_address(asked, "/api/search/export"),
        rows=counter.rows,
        bytes=counter.bytes,
        sha256=counter.sha256,
        columns=tuple(msgspec.structs.asdict(column) for column in COLUMNS),
        synonyms=tuple(map(models.Widened.model_validate, read_as.widened)),
        understood=models.Understood.model_validate(read_as.understood) if read_as.understood else None,
        coverage=cover_asked(reader, read_as),
        licence=reader.workspace.settings.licence_note,
        notes=_NOTES,
        program={
            "fazhi": fazhi.__version__,
            "rules": VERSION,
            "vocabulary": vocabulary.version(),
            **({"arro3-io": version("arro3-io")} if asked.format is FileForm.parquet else {}),
        },
    )


def _iter_pieces(reader: Reader, asked: FileQuestion, counter: Counter, snapshot: str) -> Iterator[bytes]:
    if asked.bom and asked.format is not FileForm.csv:
        raise Invalid("Only CSV can have a byte order mark.", cure="Add format=csv, or leave bom out.")
    waiting = reader.archive.statistics().pending.get("text", 0)
    if waiting:
        raise Conflict(
            f"{waiting} reports are not in the text index yet.", cure="Try again in a moment; `fazhi repair` brings an index up to date that nobody fills."
        )
    rows = counter.count_rows(_iter_rows(reader, asked, read_conditions(reader, asked), snapshot))
    return counter.count_bytes(_write(reader, asked, rows, snapshot))


def _iter_rows(reader: Reader, asked: FileQuestion, conditions: Asked, snapshot: str) -> Iterator[Row]:
    query, filters = conditions.query, conditions.filters
    text = reader.workspace.text
    scored = asked.sort is SortOrder.score and query is not None and ranks(query)
    cursor: str | None = None
    rank = 0
    while True:
        result = text.search(query, filters, sort=asked.sort.value, size=_PAGE, cursor=cursor, views=True)
        passages = choose_passages(text, result.views, query, filters, limit=1)
        if reader.archive.snapshot() != snapshot:
            raise Conflict("Reports were taken in or removed while the file was made.", cure="Ask again.")
        for hit in result.hits:
            document, view = reader.find_document(hit.report), result.views.get(hit.report)
            if document is None or view is None:
                continue
            rank += 1
            best = next(iter(passages[hit.report]), None)
            yield (
                rank,
                document.report,
                document.key,
                document.title,
                document.place,
                document.place_name,
                "/".join(document.path) or None,
                document.level,
                document.year,
                hit.score if scored else None,
                best.section if best else None,
                best.start if best else None,
                best.end if best else None,
                view.original[best.start : best.end] if best else None,
                best.own if best else None,
                best.places if best else None,
            )
        if len(result.hits) < _PAGE:
            return
        cursor = result.hits[-1].cursor


def _write(reader: Reader, asked: FileQuestion, rows: Iterable[Row], snapshot: str) -> Iterator[bytes]:
    if asked.format is FileForm.csv:
        yield from iter_csv(COLUMNS, rows, bom=asked.bom)
    elif asked.format is FileForm.jsonl:
        yield from _iter_lines(rows)
    else:
        about = msgspec.json.encode({"snapshot": snapshot, "query": _given(asked), "licence": reader.workspace.settings.licence_note})
        with tempfile.TemporaryFile() as file:
            write_parquet(COLUMNS, rows, file, {"fazhi": about.decode()})
            file.seek(0)
            while piece := file.read(_PIECE):
                yield piece


def _iter_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    names = [column.name for column in COLUMNS]
    page: list[bytes] = []
    for row in rows:
        clean = [value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value for value in row]
        page.append(msgspec.json.encode(dict(zip(names, clean, strict=True))) + b"\n")
        if len(page) == _LINES:
            yield b"".join(page)
            page = []
    yield b"".join(page)


def _given(asked: FileQuestion) -> dict[str, Any]:
    """The parameters that were given, as they were written."""
    return asked.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)


def _address(asked: FileQuestion, path: str) -> str:
    given = {**_given(asked), "format": asked.format.value}
    return f"{path}?{urlencode({name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()})}"


def _filename(asked: FileQuestion) -> str:
    return f"reports.{asked.format.value}"
