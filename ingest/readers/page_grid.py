"""Pieces of text at their places on a page, put back into lines; rows of pieces that stand in columns become rows of a table.

A scan has no cells. Where at least three lines in a row fall into the same columns and carry numbers, they are taken for a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.readers.grid import Piece, Row, lay_out, words_of
from ingest.readers.ocr_worker import Box

_GAP = 1.2  # heights of a line between two pieces that are two cells
_LEVEL = 0.4  # heights by which neighbours of one line may differ
_FEWEST_ROWS = 3
_NUMBER = re.compile(r"[\d.,，%％]+[\u4e00-\u9fff]{0,2}$|[-—/]$")
_WIDE_SHARE = 0.6  # of the table's width: a lone piece as wide is a paragraph below or above it


class Line(NamedTuple):
    """A line of text or a row of a table, with the lowest confidence of its pieces."""

    line: str | Row
    confidence: float
    is_recognised: bool = False  # read off a picture, not from a text layer


def arrange(boxes: Sequence[Box], first_table: int = 0) -> list[Line]:
    """Lines from the top of the page down. ``first_table``: the number of its first table."""
    rows = [_join_touching(row) for row in _rows(boxes)]
    lines: list[Line] = []
    position = 0
    for start, end in _table_runs(rows):
        lines += [_plain(row) for row in rows[position:start]]
        lines += _table_lines(rows[start:end], first_table)
        first_table += 1
        position = end
    lines += [_plain(row) for row in rows[position:]]
    return [line for line in lines if words_of(line.line).strip()]


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """Boxes of the same height on the page, from left to right. Each is compared with its neighbour in the row, for scans are askew."""
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: (box.top + box.bottom, box.left)):
        middle = (box.top + box.bottom) / 2
        near = next((row for row in reversed(rows[-3:]) if any(_is_level(other, middle) and not _overlaps(other, box) for other in row[-3:])), None)
        if near is None:
            rows.append([box])
        else:
            near.append(box)
    return [sorted(row, key=lambda box: box.left) for row in rows]


def _is_level(other: Box, middle: float) -> bool:
    return abs(middle - (other.top + other.bottom) / 2) < _LEVEL * (other.bottom - other.top)


def _overlaps(one: Box, other: Box) -> bool:
    return min(one.right, other.right) - max(one.left, other.left) > 0.3 * min(one.right - one.left, other.right - other.left)


def _join_touching(row: list[Box]) -> list[Box]:
    """Pieces of one line that the recognition cut apart, without a gap between them, as one."""
    joined = [row[0]]
    for box in row[1:]:
        last = joined[-1]
        if box.left - last.right < _GAP * (last.bottom - last.top):
            joined[-1] = Box(
                last.left, min(last.top, box.top), box.right, max(last.bottom, box.bottom), last.words + box.words, min(last.confidence, box.confidence)
            )
        else:
            joined.append(box)
    return joined


def _plain(row: list[Box]) -> Line:
    return Line(" ".join(" ".join(box.words.split()) for box in row), min(box.confidence for box in row), True)


def _table_runs(rows: list[list[Box]]) -> Iterator[tuple[int, int]]:
    """(first, last + 1) of the rows of each table: several pieces in each, a lone short one among them allowed, half of them with numbers."""
    start = 0
    while start < len(rows):
        if len(rows[start]) < 2:
            start += 1
            continue
        width = max(box.right for box in rows[start]) - min(box.left for box in rows[start])
        end = start + 1
        while end < len(rows) and (
            len(rows[end]) > 1 or (end + 1 < len(rows) and len(rows[end + 1]) > 1 and rows[end][0].right - rows[end][0].left < _WIDE_SHARE * width)
        ):
            end += 1
        run = rows[start:end]
        counted = sum(any(_NUMBER.match(box.words.strip()) for box in row) for row in run)
        if sum(len(row) > 1 for row in run) >= _FEWEST_ROWS and 2 * counted >= len(run):
            yield start, end
        start = end


def _columns(rows: list[list[Box]]) -> list[tuple[float, float]]:
    """(left, right) of the columns: those of the rows with the most pieces, taken together where they overlap."""
    most = max(len(row) for row in rows)
    spans = sorted((box.left, box.right) for row in rows if len(row) == most for box in row)
    columns: list[list[float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    if len(columns) < most:  # a header that reaches over two columns bridges them
        fullest = max(rows, key=len)
        columns = [[box.left, box.right] for box in fullest]
    return [(left, right) for left, right in columns]


def _table_lines(rows: list[list[Box]], number: int) -> list[Line]:
    columns = _columns(rows)
    edges = [float("-inf"), *((one[1] + other[0]) / 2 for one, other in pairwise(columns)), float("inf")]
    pieces: list[list[Piece]] = []
    for row in rows:
        cells: list[Piece] = []
        for box in row:
            middle = (box.left + box.right) / 2
            under = [place for place, (left, right) in enumerate(columns) if box.left <= (left + right) / 2 <= box.right]
            place = under[0] if under else next(place for place in range(len(columns)) if edges[place] <= middle <= edges[place + 1])
            words = " ".join(box.words.split())
            at = sum(cell.columns for cell in cells)
            if place < at:  # two pieces in one column
                cells[-1] = cells[-1]._replace(words=f"{cells[-1].words} {words}")
            else:
                cells += [Piece("")] * (place - at) + [Piece(words, columns=max(1, len(under)))]
        pieces.append(cells)
    sure = [min(box.confidence for box in row) for row in rows]
    return [Line(row, sure[row.cells[0].row], True) for row in lay_out(number, pieces, exact=False)]
