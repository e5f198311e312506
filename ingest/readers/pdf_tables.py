"""Tables on a page of a pdf, told by the lines that are drawn around their cells; a table without lines is left as text.

Coordinates are those of the page, in points, y upwards.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from ingest.readers.grid import Piece

_THIN = 3.0  # points; a filled rectangle that is no thicker is a line
_NEAR = 3.0  # points between two lines that are meant to meet
_SHORTEST = 6.0
_MOST_LINES = 4_000  # a page with more is a drawing
_FEWEST_PLACES = 4


class Stroke(NamedTuple):
    """A line: at ``at`` across its own direction, from ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float


class RuledTable(NamedTuple):
    """``xs`` from left to right and ``ys`` from the top down are the lines of the grid; ``cells`` gives for each place the first place of its cell."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: dict[tuple[int, int], tuple[int, int]]

    def place_of(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of the cell around a point; None outside of the table."""
        if not (self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[-1] - 1 <= y <= self.ys[0] + 1):
            return None
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right([-edge for edge in self.ys], -y) - 1, 0), len(self.ys) - 2)
        return self.cells[row, column]

    def pieces(self, words: dict[tuple[int, int], str]) -> list[list[Piece]]:
        """The rows of the table for the words of its cells."""
        size: dict[tuple[int, int], tuple[int, int]] = {}
        for (row, column), first in self.cells.items():
            rows, columns = size.get(first, (0, 0))
            size[first] = max(rows, row - first[0] + 1), max(columns, column - first[1] + 1)
        return [
            [Piece(words.get((row, column), ""), *size[row, column]) for column in range(len(self.xs) - 1) if (row, column) in size]
            for row in range(len(self.ys) - 1)
        ]


def find_ruled(page: Any) -> list[RuledTable]:
    """Tables of a page of pypdfium2, from the top. What is drawn inside of a form is passed over: its places are those of the form."""
    import pypdfium2.raw as pdfium

    if page.get_rotation():
        return []  # its rows would be columns
    level: list[Stroke] = []
    upright: list[Stroke] = []
    for count, drawn in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_PATH,), max_depth=1)):
        if count > _MOST_LINES:
            return []
        left, bottom, right, top = drawn.get_bounds()
        wide, high = right - left, top - bottom
        if high <= _THIN and wide >= _SHORTEST:
            level.append(Stroke((top + bottom) / 2, left, right))
        elif wide <= _THIN and high >= _SHORTEST:
            upright.append(Stroke((left + right) / 2, bottom, top))
        elif wide > _SHORTEST and high > _SHORTEST and _is_drawn(drawn):  # a frame around a cell
            level += [Stroke(top, left, right), Stroke(bottom, left, right)]
            upright += [Stroke(left, bottom, top), Stroke(right, bottom, top)]
    if len(level) < 2 or len(upright) < 2:
        return []
    tables = [table for lines in _clusters(level, upright) if (table := _table_of(*lines)) is not None]
    return sorted(tables, key=lambda table: -table.ys[0])


def _is_drawn(path: Any) -> bool:
    """Whether the outline of a path is drawn, rather than its inside coloured."""
    import ctypes

    import pypdfium2.raw as pdfium

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path.raw, ctypes.byref(fill), ctypes.byref(stroke))) and bool(stroke.value)


def _clusters(level: Sequence[Stroke], upright: Sequence[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Lines that meet, taken together: one table each."""
    parents = list(range(len(level) + len(upright)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    for across, flat in enumerate(level):
        for up, tall in enumerate(upright, len(level)):
            if flat.start - _NEAR <= tall.at <= flat.end + _NEAR and tall.start - _NEAR <= flat.at <= tall.end + _NEAR:
                parents[root(up)] = root(across)
    found: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for number, stroke in enumerate([*level, *upright]):
        found.setdefault(root(number), ([], []))[number >= len(level)].append(stroke)
    return list(found.values())


def _merge(places: Sequence[float]) -> list[float]:
    """Places of lines, those that are nearly the same taken for one."""
    merged: list[float] = []
    for place in sorted(places):
        if not merged or place - merged[-1] > _NEAR:
            merged.append(place)
    return merged


def _table_of(level: list[Stroke], upright: list[Stroke]) -> RuledTable | None:
    xs = _merge([stroke.at for stroke in upright])
    ys = _merge([stroke.at for stroke in level])[::-1]
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 2 or columns < 2 or rows * columns < _FEWEST_PLACES or rows * columns > _MOST_LINES:
        return None
    # a line between two places parts them; where there is none they are one cell
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(rows):
        middle = (ys[row] + ys[row + 1]) / 2
        for column in range(columns):
            centre = (xs[column] + xs[column + 1]) / 2
            first = (row, column)
            if column and not _parts(upright, xs[column], middle):
                first = cells[row, column - 1]
            elif row and not _parts(level, ys[row], centre):
                first = cells[row - 1, column]
            cells[row, column] = first
    return RuledTable(tuple(xs), tuple(ys), cells)


def _parts(strokes: Sequence[Stroke], at: float, along: float) -> bool:
    return any(abs(stroke.at - at) <= _NEAR and stroke.start - 1 <= along <= stroke.end + 1 for stroke in strokes)
