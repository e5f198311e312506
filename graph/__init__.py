"""The graph of what reports say, behind one seam."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fazhi.errors import Invalid
from graph.store import GraphStore

SERVERS = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


def open_store(url: str | None, folder: Path, *, writable: bool) -> GraphStore:
    """The graph that ``url`` names; None or "" is the embedded one in ``folder``.

    Raises Invalid for an address that no engine serves, Conflict where another process writes the embedded graph already, Unavailable where it cannot be read.
    """
    if not url:
        from graph.embedded import EmbeddedGraph  # kglite only where it is used

        return EmbeddedGraph(folder, writable=writable)
    scheme = urlsplit(url).scheme
    if scheme in SERVERS:
        raise Invalid(f"{scheme}: addresses come with the next version.", cure="Unset FAZHI_GRAPH to use the embedded graph.")
    raise Invalid(f"No graph engine for {scheme or url!r}.", cure="Unset FAZHI_GRAPH to use the embedded graph.")
