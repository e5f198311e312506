from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from graph_engines import ENGINES, OpenGraph, opening

from graph.embedded import EmbeddedGraph
from graph.store import GraphStore


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def open_graph(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenGraph]:
    with opening(engine, tmp_path / "graph", request) as open_graph:
        yield open_graph


@pytest.fixture
def store(open_graph: OpenGraph) -> GraphStore:
    return open_graph()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[GraphStore]:
    """Another empty graph, embedded, to compare with: on Neo4j that compares the engines as well."""
    store = EmbeddedGraph(tmp_path / "fresh", writable=True)
    yield store
    store.close()
