"""Graph and index as lines of text, in an order of their own: what two stores that hold the same have byte for byte in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from fazhi.workspace import Workspace

Listed = Literal["graph", "index"]


def list_lines(workspace: Workspace, which: Listed) -> Iterator[str]:
    """JSON lines. The graph's are the same on every engine; those of the index can only be compared with another index of the same engine."""
    from graph.listing import list_graph

    return list_graph(workspace.graph) if which == "graph" else iter(workspace.text.listing())
