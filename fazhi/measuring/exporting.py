"""Panel and sums as files, each with what it takes to cite it and to make it again: the same snapshot, question and program give the same bytes."""

from __future__ import annotations

import hashlib
import shlex
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec

from fazhi.errors import Conflict
from fazhi.measuring.model import Question
from fazhi.measuring.panel import iter_cells
from fazhi.measuring.rollup import iter_sums
from fazhi.measuring.tables import PANEL, ROLLUP, Column, Format, Row, iter_csv, write_panel_row, write_parquet, write_sum_row

if TYPE_CHECKING:
    from fazhi.workspace import Workspace

_PIECE = 1 << 16  # bytes
_NOTES = (
    "Only what reports state as done or ongoing; plans are left out.",
    "A place or year without a row has no number here, which does not say that nothing was done; state tells why where empty cells were asked for.",
    "Statements that differ are a conflict: value is empty, all_values has them.",
    "Rates and averages are never added; numbers in different units are never added to each other.",
    "In CSV, text that a spreadsheet would take for a formula has an apostrophe before it.",
)


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A question with the form its answer is to have. ``place`` of the question must be a graph id. ``bom`` marks a CSV as UTF-8 for Excel; ``name`` is the
    file's, where it has one of its own."""

    question: Question
    format: Format = "csv"
    bom: bool = False
    name: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return PANEL if self.question.view == "panel" else ROLLUP

    @property
    def filename(self) -> str:
        return self.name or f"{self.question.view}.{self.format}"


class Counter:
    """Bytes, rows and hash of what passes through."""

    def __init__(self) -> None:
        self.rows = 0
        self.bytes = 0
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def count_rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            yield row

    def count_bytes(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.bytes += len(piece)
            self._hash.update(piece)
            yield piece


def iter_pieces(workspace: Workspace, export: Export, counter: Counter | None = None) -> Iterator[bytes]:
    """The file, piece by piece: CSV as it is read, Parquet through a temporary file. Raises what ``iter_cells`` and ``iter_sums`` raise.

    Conflict, too, where the graph has not taken over all that the archive has: another state's numbers must not go out under this snapshot.
    """
    counter = counter or Counter()
    _check_settled(workspace)
    return counter.count_bytes(_iter_pieces(workspace, export, counter.count_rows(_iter_rows(workspace, export.question))))


def cite(workspace: Workspace, export: Export, counter: Counter, *, snapshot: str) -> dict[str, Any]:
    """The side file of an export that has passed through ``counter``: what it is, of which state, how to make it again, and under which terms."""
    from importlib.metadata import version

    import fazhi
    import vocabulary
    from fazhi.asking import coverage
    from ingest.version import VERSION

    asked = export.question
    covered = coverage(workspace, place=asked.place, level=asked.level, from_year=asked.from_year, to_year=asked.to_year)
    if workspace.archive.snapshot() != snapshot:
        raise Conflict("Reports were taken in or removed while the export was made.", cure="Make it again.")
    return {
        "title": f"{'Panel' if asked.view == 'panel' else 'Sums'} of numbers stated in township reports on law-based government (法治政府建设情况报告)",
        "file": export.filename,
        "format": export.format,
        "snapshot": snapshot,
        "query": {**msgspec.to_builtins(asked), "bom": export.bom},
        "address": write_address(export),
        "command": write_command(export),
        "rows": counter.rows,
        "bytes": counter.bytes,
        "sha256": counter.sha256,
        "columns": [msgspec.to_builtins(msgspec.structs.asdict(column)) for column in export.columns],
        "coverage": msgspec.to_builtins(covered),
        "licence": workspace.settings.licence_note,
        "notes": list(_NOTES),
        "program": {
            "fazhi": fazhi.__version__,
            "rules": VERSION,
            "vocabulary": vocabulary.version(),
            **({"arro3-io": version("arro3-io")} if export.format == "parquet" else {}),
        },
    }


def write_address(export: Export) -> str:
    """The request that gives the same file over HTTP."""
    asked = export.question
    given: list[tuple[str, Any]] = [("indicator", name) for name in asked.indicators]
    given += [("place", asked.place), ("from", asked.from_year), ("to", asked.to_year), ("level", asked.level), ("view", asked.view)]
    given += [("by", asked.by), ("empty", "true" if asked.empty else None), ("format", export.format), ("bom", "true" if export.bom else None)]
    return "/api/measures?" + urlencode([(name, value) for name, value in given if value is not None])


def write_command(export: Export) -> str:
    """The command that gives the same file."""
    asked = export.question
    words = ["fazhi", "export", "panel", "--format", export.format]
    for name in asked.indicators:
        words += ["--indicator", name]
    for option, value in (("--place", asked.place), ("--from", asked.from_year), ("--to", asked.to_year), ("--level", asked.level), ("--by", asked.by)):
        words += [option, str(value)] if value is not None else []
    words += ["--empty"] if asked.empty else []
    words += ["--bom"] if export.bom else []
    return shlex.join([*words, "--out", export.filename])


def _iter_rows(workspace: Workspace, question: Question) -> Iterator[Row]:
    if question.view == "panel":
        return map(write_panel_row, iter_cells(workspace, question))
    return map(write_sum_row, iter_sums(workspace, question))


def _iter_pieces(workspace: Workspace, export: Export, rows: Iterable[Row]) -> Iterator[bytes]:
    if export.format == "csv":
        yield from iter_csv(export.columns, rows, bom=export.bom)
        return
    # one key: the writer puts several in an order that changes from process to process
    about = msgspec.json.encode({"snapshot": workspace.archive.snapshot(), "query": export.question, "licence": workspace.settings.licence_note})
    with tempfile.TemporaryFile() as file:
        write_parquet(export.columns, rows, file, {"fazhi": about.decode()})
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _check_settled(workspace: Workspace) -> None:
    waiting = workspace.archive.statistics().pending.get("graph", 0)
    if waiting:
        raise Conflict(
            f"{waiting} reports are not in the graph yet.", cure="Try again in a moment; `fazhi repair` brings a graph up to date that nobody fills."
        )
