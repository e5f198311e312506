"""Bringing reports into a Neo4j server, beside the bare bulk work: the same nodes and edges by one UNWIND loop per kind, into the same constraints and indexes.

    python bench/bare_neo4j.py HOME [REPORTS]   # a finished data folder; NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD name a server, else one is started

The bare loop is what is left when nothing has to be found out: no comparing with what is there, no shared nodes to settle, all nodes before all edges, labels known. Both write in
transactions of about the same size. The graph of that server is emptied. Order: bare, ours, ours again without a change, bare, ours; the better of two counts.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import neo4j
from pydantic import SecretStr

import cypher
import fazhi
from graph.address import Access
from graph.neo4j import BATCH, Neo4jGraph

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from servers.starting import Server, start

ROWS = 10_000  # in one transaction of the bare loop
NODES = "UNWIND $rows AS row CREATE (node:{labels}) SET node = row"
EDGES = "UNWIND $rows AS row MATCH (source:{source} {{id: row.source}}) MATCH (target:{target} {{id: row.target}}) CREATE (source)-[edge:{type}]->(target) SET edge = row.properties"


def measure(home: Path, server: Server, reports: int | None = None) -> dict[str, Any]:
    """Seconds of both, in one run on one server."""
    with neo4j.GraphDatabase.driver(server.url, auth=(server.user, server.password), notifications_min_severity="OFF") as driver:
        changes = _changes(home, reports)
        store = Neo4jGraph(server.url, Access(user=server.user, password=SecretStr(server.password or "")), writable=True)
        store.rebuild([])
        apply(store, changes)
        nodes, edges = list(_read_nodes(driver)), list(_read_edges(driver))
        seconds: dict[str, list[float]] = {"bare": [], "ours": [], "again": []}
        for _ in range(2):
            _empty(driver)
            seconds["bare"].append(_timed(lambda: write_bare(driver, nodes, edges)))
            _empty(driver)
            seconds["ours"].append(_timed(lambda: apply(store, changes)))
            seconds["again"].append(_timed(lambda: apply(store, changes)))
        store.close()
    best = {name: min(taken) for name, taken in seconds.items()}
    return {
        "reports": len(changes),
        "nodes": sum(len(rows) for _, rows in nodes),
        "edges": sum(len(rows) for _, rows in edges),
        "seconds": seconds,
        "ratio": best["ours"] / best["bare"],
        "again": best["ours"] / best["again"],
    }


def apply(store: Neo4jGraph, changes: list[Any]) -> None:
    for first in range(0, len(changes), BATCH):
        store.apply(changes[first : first + BATCH])


def write_bare(driver: neo4j.Driver, nodes: list[tuple[str, list[Any]]], edges: list[tuple[str, list[Any]]]) -> None:
    with driver.session() as session:
        for statement, rows in (*nodes, *edges):
            for first in range(0, len(rows), ROWS):
                session.execute_write(lambda transaction, statement=statement, part=rows[first : first + ROWS]: transaction.run(statement, rows=part).consume())


def _changes(home: Path, reports: int | None) -> list[Any]:
    with fazhi.open(home, mode="read") as workspace:
        return list(islice(workspace.archive.changes(), reports))


def _read_nodes(driver: neo4j.Driver) -> Iterator[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for labels, properties in driver.execute_query("MATCH (n) RETURN labels(n), properties(n)").records:
        found.setdefault(":".join(labels), []).append(properties)
    for labels, rows in found.items():
        yield NODES.format(labels=labels), rows


def _read_edges(driver: neo4j.Driver) -> Iterator[tuple[str, list[Any]]]:
    found: dict[tuple[str, str, str], list[Any]] = {}
    query = "MATCH (a)-[e]->(b) RETURN labels(a)[0], type(e), labels(b)[0], a.id, b.id, properties(e)"
    for source, type, target, first, last, properties in driver.execute_query(query).records:
        found.setdefault((source, type, target), []).append({"source": first, "target": last, "properties": properties})
    for (source, type, target), rows in found.items():
        yield EDGES.format(source=source, type=type, target=target), rows


def _empty(driver: neo4j.Driver) -> None:
    while driver.execute_query(cypher.load("neo4j/remove_nodes"), limit=20_000).records[0]["removed"]:
        pass


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    home, reports = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None
    if os.environ.get("NEO4J_URI"):
        server = Server(os.environ["NEO4J_URI"], os.environ.get("NEO4J_USER"), os.environ.get("NEO4J_PASSWORD"))
        print(json.dumps(measure(home, server, reports), indent=1))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        server = start("neo4j", Path(folder), heap="2g")
        try:
            print(json.dumps(measure(home, server, reports), indent=1))
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
