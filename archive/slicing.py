"""Values in portions that one statement of every database takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

SPAN = 500  # values in one IN list: SQLite before 3.32 takes 999


def iter_spans(values: Collection[Any], size: int = SPAN) -> Iterator[list[Any]]:
    """Each value once, in order."""
    ordered = sorted(set(values))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
