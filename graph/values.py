"""Plain JSON for what an engine returns: nodes, edges and paths become objects that say no more than the graph was told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from graph import schema

HIDDEN = ("digest", "ledger", "contested")  # how the graph keeps its books


_WHOLE = frozenset((str, int, bool, type(None)))  # nearly every value is one of these: they are told without a call


def plain_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row in plain values; the row itself where it has nothing else."""
    if _WHOLE.issuperset(map(type, row.values())):
        return row
    return {name: value if type(value) in _WHOLE else plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """JSON of a value. A node is {id, labels, properties}, an edge {type, properties}, a path {nodes, relationships}; dates become ISO text."""
    if isinstance(value, list):
        return [part if type(part) in _WHOLE else plain(part) for part in value]
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        if value.keys() == {"id", "labels", "properties"}:
            return _node(value)
        if value.keys() == {"id", "start", "end", "type", "properties"}:
            return {"type": value["type"], "properties": plain(value["properties"])}
        return {str(name): part if type(part) in _WHOLE else plain(part) for name, part in value.items() if name not in HIDDEN}
    if isinstance(value, tuple | set | frozenset):
        return [plain(part) for part in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _node(value: Mapping[str, Any]) -> dict[str, Any]:
    """kglite adds ``title`` and ``type`` to every node: they are shown only where the vocabulary has them."""
    properties = value["properties"]
    known = schema.node_properties(value["labels"][0]) if value["labels"] else {}
    shown = {name: plain(part) for name, part in properties.items() if name not in HIDDEN and (name not in ("title", "type") or name in known)}
    return {"id": properties.get("id"), "labels": list(value["labels"]), "properties": shown}
