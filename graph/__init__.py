"""The graph of what reports say, behind one seam."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fazhi.errors import Invalid
from graph.address import BEGINNINGS, Access, split_credentials
from graph.store import GraphStore


def open_store(url: str | None, folder: Path, *, writable: bool, access: Access | None = None) -> GraphStore:
    """The graph that ``url`` names: bolt://… and neo4j://… are Neo4j, None or "" the embedded one in ``folder``.

    ``access`` is what else a server wants; credentials in ``url`` count where it has none. Raises Invalid for an address that no engine serves, Conflict where
    another process writes the embedded graph already. What can't be reached or read says so when it is asked.
    """
    if not url:
        from graph.embedded import EmbeddedGraph  # kglite only where it is used

        return EmbeddedGraph(folder, writable=writable)
    if not url.startswith(BEGINNINGS):
        raise Invalid("FAZHI_GRAPH names no graph engine.", cure="Write bolt://… or neo4j://… for Neo4j, or leave it unset for the embedded graph.")
    from graph.neo4j import Neo4jGraph  # the driver only where it is used

    bare, user, password = split_credentials(url)
    access = access or Access()
    if user and not access.user:
        access = replace(access, user=user, password=password)
    return Neo4jGraph(bare, access, writable=writable)
