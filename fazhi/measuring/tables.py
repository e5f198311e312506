"""Panel and sums as tables: which columns, and rows as CSV and Parquet, in fixed order and without a clock, so that equal content gives equal bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Literal

import msgspec

from fazhi.measuring.model import Cell, Statement, Sum

Format = Literal["csv", "parquet"]
Value = str | int | float | bool | None
Row = tuple[Value, ...]

MEDIA_TYPES: dict[Format, str] = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_BATCH = 2_000  # rows
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what spreadsheets take for the start of a formula, also in full width


class Column(msgspec.Struct, frozen=True):
    """``type``: text, whole, number or truth. ``about`` tells a reader of the file what stands in it."""

    name: str
    type: Literal["text", "whole", "number", "truth"]
    about: str


PANEL = (
    Column("place", "text", "graph id of the place"),
    Column("place_name", "text", "its name"),
    Column("province", "text", "name of the province above it, along PART_OF"),
    Column("prefecture", "text", "name of the prefecture"),
    Column("county", "text", "name of the county"),
    Column("year", "whole", "the year the number is about"),
    Column("indicator", "text", "id of the indicator; indicator:raw/… are a report's own words"),
    Column("indicator_name", "text", "its name"),
    Column("kind", "text", "the catalogue's kind: count, persons, money, rate …; empty for a report's own words"),
    Column("state", "text", "stated; conflict: statements differ, see all_values; no_report, unreadable, without_indicator: why there is no number"),
    Column("value", "number", "in base units, money in 万元; empty where undecided"),
    Column("unit", "text", "the report's unit; the common name of its kind where reports use several (件 for 起 and 件)"),
    Column("approx", "text", "more_than, at_least, less_than, about; empty: stated as exact"),
    Column("low", "number", "least value that the wording allows; of a conflict the least stated"),
    Column("high", "number", "greatest value that the wording allows, empty where nothing bounds it; of a conflict the greatest stated"),
    Column("conflict_between", "text", "one_report or several_reports, whose statements differ"),
    Column("statements", "whole", "how many statements there are"),
    Column("all_values", "text", "each statement's value, approximation and unit, parted by |"),
    Column("report", "text", "id of the report that the value comes from; of a conflict the first"),
    Column("fact", "text", "id of its fact: GET /api/facts/{id}"),
    Column("start", "whole", "offset of the sentence in the report's original, in characters"),
    Column("end", "whole", "where it ends"),
    Column("sentence", "text", "the sentence that states the value; of a conflict those of all statements, parted by |"),
    Column("facts", "text", "ids of the facts of all statements, parted by blanks"),
)

ROLLUP = (
    Column("place", "text", "graph id of the place that is added up to"),
    Column("place_name", "text", "its name"),
    Column("level", "text", "its level"),
    Column("year", "whole", "the year the numbers are about"),
    Column("indicator", "text", "id of the indicator"),
    Column("indicator_name", "text", "its name"),
    Column("kind", "text", "the catalogue's kind; empty for a report's own words"),
    Column("unit", "text", "numbers of other units stand in rows of their own"),
    Column("added", "truth", "whether such numbers make a sum: rates and averages never do"),
    Column("sum", "number", "over the places that answered and whose number is decided"),
    Column("approx", "text", "how the sum is to be read, from the approximations in it"),
    Column("low", "number", "least sum that the wordings allow, conflicting places taken in"),
    Column("high", "number", "greatest, empty where nothing bounds it"),
    Column("least", "number", "smallest number of a place"),
    Column("median", "number", "middle number of the places"),
    Column("most", "number", "greatest number of a place"),
    Column("answered", "whole", "places whose number is in it"),
    Column("conflicting", "whole", "places that state numbers which differ: left out of the sum"),
    Column("reporting", "whole", "places with a report of that year: answered out of how many"),
    Column("from_other_years", "whole", "answering or conflicting places without one: their number stands in a report of another year"),
    Column("other_units", "whole", "places that answered only in a unit that can't be added to this one"),
    Column("pooled", "number", "of a rate: 100 × parts ÷ wholes of the weighted places"),
    Column("parts", "number", "sum of the counts that the rate is of"),
    Column("wholes", "number", "sum of the counts that it is out of"),
    Column("weighted", "whole", "places that state both counts in agreement with their rate"),
    Column("weight", "text", "which counts: part/whole"),
)


def write_panel_row(cell: Cell) -> Row:
    above = {level: name for level, (_, name) in cell.place.above.items()}
    chosen = cell.chosen or next(iter(cell.statements), None)
    sentence = None if chosen is None else chosen.sentence
    return (
        cell.place.id,
        cell.place.name,
        above.get("province"),
        above.get("prefecture"),
        above.get("county"),
        cell.year,
        cell.indicator,
        cell.indicator_name,
        cell.kind or None,
        cell.state,
        cell.value,
        cell.unit,
        cell.approx,
        cell.low,
        cell.high,
        cell.between,
        len(cell.statements),
        " | ".join(map(_write_value, cell.statements)) or None,
        None if chosen is None else chosen.measure.report,
        None if chosen is None else chosen.measure.fact,
        None if sentence is None else sentence.start,
        None if sentence is None else sentence.end,
        _write_sentences(cell),
        " ".join(statement.measure.fact for statement in cell.statements) or None,
    )


def write_sum_row(line: Sum) -> Row:
    return (
        line.place,
        line.name,
        line.level,
        line.year,
        line.indicator,
        line.indicator_name,
        line.kind or None,
        line.unit,
        line.added,
        line.value,
        line.approx,
        line.low,
        line.high,
        line.least,
        line.median,
        line.most,
        line.answered,
        line.conflicting,
        line.reporting,
        line.from_other_years,
        line.other_units,
        line.pooled,
        line.parts,
        line.wholes,
        line.weighted,
        line.weight,
    )


def _write_value(statement: Statement) -> str:
    value, measure = _plain(statement.value), statement.measure
    return " ".join(part for part in (measure.approx, f"{value}{measure.unit or ''}") if part)


def _write_sentences(cell: Cell) -> str | None:
    if cell.chosen is not None:
        return None if cell.chosen.sentence is None else cell.chosen.sentence.text
    return " | ".join(dict.fromkeys(statement.sentence.text for statement in cell.statements if statement.sentence is not None)) or None


def _plain(value: float) -> str:
    """126 and not 126.0; never 1e+16, which no statement is."""
    return str(int(value)) if value == int(value) else repr(value)


def defuse(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before one that would begin like one."""
    return f"'{text}" if text.startswith(_RUNS) else text


def iter_csv(columns: Sequence[Column], rows: Iterable[Row], *, bom: bool = False) -> Iterator[bytes]:
    """RFC 4180 in UTF-8, some thousand rows a piece. ``bom``: the mark by which Excel knows UTF-8."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    if bom:
        page.write("\ufeff")
    writer.writerow(column.name for column in columns)
    for count, row in enumerate(rows, 1):
        writer.writerow(map(_write_cell, row))
        if count % _BATCH == 0:
            yield _take(page)
    yield _take(page)


def _take(page: io.StringIO) -> bytes:
    text = page.getvalue()
    page.seek(0)
    page.truncate()
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair, which a damaged original may hold, is no UTF-8


def _write_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _plain(value)
    return defuse(value) if isinstance(value, str) else str(value)


def write_parquet(columns: Sequence[Column], rows: Iterable[Row], file: IO[bytes], metadata: dict[str, str]) -> None:
    """Parquet with zstd, row group by row group. ``metadata`` goes into the file's footer."""
    from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet as write

    types = {"text": DataType.utf8(), "whole": DataType.int64(), "number": DataType.float64(), "truth": DataType.bool()}
    schema = Schema([Field(column.name, types[column.type], nullable=True, metadata={"about": column.about}) for column in columns])
    failed: list[BaseException] = []

    def batch(page: Sequence[Row]) -> Any:
        arrays = []
        for column, values in zip(columns, zip(*page, strict=True), strict=True):
            clean: Sequence[Any] = values
            if column.type == "text":
                clean = [value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value for value in values]
            arrays.append(Array(clean, types[column.type]))
        return RecordBatch.from_arrays(arrays, schema=schema)

    def batches() -> Iterator[Any]:
        page: list[Row] = []
        try:
            for row in rows:
                page.append(row)
                if len(page) == _BATCH:
                    yield batch(page)
                    page = []
            if page:
                yield batch(page)
        except BaseException as error:  # on its way through the engine it would lose its class
            failed.append(error)
            raise

    try:
        write(RecordBatchReader.from_batches(schema, batches()), file, compression="zstd(3)", key_value_metadata=metadata)
    except BaseException:
        if failed:
            raise failed[0] from None
        raise
