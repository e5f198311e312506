"""Engines to run the same test on: what it says of a graph must hold on the embedded one and on a real Neo4j."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import neo4j
import pytest
from pydantic import SecretStr
from servers.sharing import Run
from servers.starting import Server

from graph.address import Access
from graph.embedded import EmbeddedGraph
from graph.neo4j import Neo4jGraph
from graph.store import GraphStore

ENGINES = ["embedded", pytest.param("neo4j", marks=pytest.mark.servers)]

OpenGraph = Callable[..., GraphStore]
"""open_graph(writable=True): a store of the one graph that the test has."""


@contextmanager
def opening(engine: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[OpenGraph]:
    """An empty graph for this test alone. All stores are closed at the end."""
    with ExitStack() as stack:
        if engine == "embedded":

            def make(writable: bool) -> GraphStore:
                return EmbeddedGraph(folder, writable=writable)
        else:
            server: Server = request.getfixturevalue("neo4j_server")
            run: Run = request.getfixturevalue("server_run")
            stack.enter_context(run.only_user("neo4j"))
            empty(server)

            def make(writable: bool) -> GraphStore:
                return Neo4jGraph(server.url, access_to(server), writable=writable)

        def open_graph(*, writable: bool = True) -> GraphStore:
            store = make(writable)
            stack.callback(store.close)
            return store

        yield open_graph


def access_to(server: Server, **more: Any) -> Access:
    return Access(user=server.user, password=SecretStr(server.password or ""), **more)


def empty(server: Server) -> None:
    with neo4j.GraphDatabase.driver(server.url, auth=(server.user, server.password), notifications_min_severity="OFF") as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n")
