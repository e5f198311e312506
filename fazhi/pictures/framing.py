"""What a map shows and where its names have room."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

_TALL, _LEAST = 520, 300  # pixels of a map: its greatest height, its least side
_LABELLED = 40  # points with names at most
_WIDTH = 640


class Frame(msgspec.Struct, frozen=True):
    """What a map shows, in degrees, and its size in pixels."""

    south: float
    north: float
    west: float
    east: float
    width: float
    height: float

    @classmethod
    def of(cls, lats: Sequence[float], lons: Sequence[float], *, width: float = _WIDTH, tall: float = _TALL, least: float = _LEAST) -> Frame:
        """All of these points with some room around them, never less than a county; the middle of China where there are none."""
        (south, north), (west, east) = _widen(lats or [35.0]), _widen(lons or [105.0])
        true = math.cos(math.radians((south + north) / 2))  # a degree of longitude is that much shorter
        per_degree = min(width / ((east - west) * true), tall / (north - south))
        wide, high = max((east - west) * true * per_degree, least), max((north - south) * per_degree, least)
        middle_x, half_x = (west + east) / 2, wide / true / per_degree / 2
        middle_y, half_y = (south + north) / 2, high / per_degree / 2
        return cls(middle_y - half_y, middle_y + half_y, middle_x - half_x, middle_x + half_x, wide, high)

    def choose_labels(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those whose names can be written above their points without covering another name; none of many."""
        chosen: list[tuple[float, float, float, Mapping[str, Any]]] = []
        for row in rows if len(rows) <= _LABELLED else ():
            x = (row["lon"] - self.west) / (self.east - self.west) * self.width
            y = (self.north - row["lat"]) / (self.north - self.south) * self.height
            half = 6 * len(row["name"]) + 3
            if all(abs(x - left) > half + wide or abs(y - top) > 15 for left, top, wide, _ in chosen):
                chosen.append((x, y, half, row))
        return [row for *_, row in chosen]


def _widen(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = max((high - low) * 0.06, 0.12)
    return low - margin, high + margin
