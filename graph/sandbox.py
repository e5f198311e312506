"""Users' own Cypher: reading only, bounded in time and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from graph.store import GraphStore, Row


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``columns`` in the statement's order; ``truncated`` says that there were more rows than were asked for."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truncated: bool


def run(store: GraphStore, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 10.0, max_rows: int = 1_000) -> Answer:
    """Answer a user's statement. Raises Invalid (with a position where known) for a statement that is wrong or could do more than read, TimedOut past ``timeout`` seconds."""
    raise NotImplementedError
