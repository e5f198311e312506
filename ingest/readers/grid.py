"""Rows of cells, some of them merged, as lines of text: a line a row, a tab between any two places of the grid, what a merged cell covers left empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.model import Cell, Table

LONGEST_CELL = 300  # characters; a table with a longer one arranges prose
_WIDEST = 40  # columns that one cell may cover
_ROOM = 20  # places of the grid for each cell before merging is taken for nonsense


class Piece(NamedTuple):
    """A cell as a file tells it: its words on one line, and how many rows and columns it covers."""

    words: str
    rows: int = 1
    columns: int = 1
    heads: bool = False


class Placed(NamedTuple):
    """A cell that holds words, and its place in the grid."""

    piece: Piece
    row: int
    column: int


class Row(NamedTuple):
    """A row as a line of text, with the table that it belongs to (any number that tells tables of one file apart) and its cells from left to right.

    ``exact``: what the cells cover is known, not guessed.
    """

    table: int
    words: str
    cells: tuple[Placed, ...]
    exact: bool = True


def words_of(line: str | Row) -> str:
    return line if isinstance(line, str) else line.words


def is_data(rows: Sequence[Sequence[Piece]]) -> bool:
    """Whether cells show data rather than arrange a page: two columns at least, cells short."""
    return any(len(row) > 1 for row in rows) and all(len(piece.words.strip()) <= LONGEST_CELL for row in rows for piece in row)


def lay_out(table: int, rows: Sequence[Sequence[Piece]], *, exact: bool = True) -> list[Row]:
    """The rows that hold words, each as wide as the table. Merges that would blow the table up are passed over."""
    placed = _place(rows)
    if placed is None:
        placed = [[Placed(Piece(piece.words, heads=piece.heads), number, column) for column, piece in enumerate(row)] for number, row in enumerate(rows)]
    width = max((cell.column + cell.piece.columns for row in placed for cell in row), default=0)
    lines = []
    for number, row in enumerate(placed):
        words = [""] * width
        for cell in row:
            words[cell.column] = cell.piece.words
        told = tuple(cell for cell in row if cell.piece.words)
        if told:
            lines.append(Row(table, "\t".join(words), tuple(cell._replace(row=number) for cell in told), exact))
    return lines


def _place(rows: Sequence[Sequence[Piece]]) -> list[list[Placed]] | None:
    """Each cell at its place, as browsers do it: the first free one from the left. None where merging asks for far more room than there are cells."""
    room = _ROOM * sum(len(row) for row in rows) + 200
    taken: dict[int, int] = {}  # column → first row that is free again
    placed: list[list[Placed]] = []
    for number, row in enumerate(rows):
        column = 0
        cells = []
        for piece in row:
            while taken.get(column, 0) > number:
                column += 1
            rows_covered = max(1, min(piece.rows, len(rows) - number))
            wanted = max(1, min(piece.columns, _WIDEST))
            columns_covered = next((free for free in range(1, wanted) if taken.get(column + free, 0) > number), wanted)  # not into a cell from above
            room -= rows_covered * columns_covered
            if room < 0:
                return None
            for covered in range(column, column + columns_covered):
                taken[covered] = number + rows_covered
            cells.append(Placed(piece._replace(rows=rows_covered, columns=columns_covered), number, column))
            column += columns_covered
        placed.append(cells)
    return placed


def build_tables(lines: Sequence[str | Row]) -> tuple[str, tuple[Table, ...]]:
    """The text of lines and rows, joined by line ends, and its tables with offsets into it. Rows of one table that other lines part stay one table."""
    exact: dict[int, bool] = {}
    pieces: list[str] = []
    cells: dict[int, list[Cell]] = {}
    ends: dict[int, tuple[int, int]] = {}
    position = 0
    for line in lines:
        words = words_of(line)
        if not isinstance(line, str):
            fields = words.split("\t")
            starts = [position]
            for field in fields:
                starts.append(starts[-1] + len(field) + 1)
            cells.setdefault(line.table, []).extend(
                Cell(
                    starts[cell.column],
                    starts[cell.column] + len(cell.piece.words),
                    cell.row,
                    cell.column,
                    cell.piece.rows,
                    cell.piece.columns,
                    cell.piece.heads,
                )
                for cell in line.cells
            )
            exact[line.table] = line.exact
            ends[line.table] = (ends.get(line.table, (position, 0))[0], position + len(words))
        pieces.append(words)
        position += len(words) + 1
    tables = [Table(start=start, end=end, cells=tuple(cells[number]), exact=exact[number]) for number, (start, end) in ends.items()]
    return "\n".join(pieces), tuple(sorted(tables, key=lambda table: table.start))
