"""Every statement is understood by Neo4j too, and none looks at all nodes to find those whose ids it is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

import cypher

pytestmark = pytest.mark.servers
UNPLANNED = ("SHOW", "CREATE INDEX", "DROP INDEX")  # these are carried out without a plan
EVERY = [name for folder in ("write", "read", "neo4j", "demo") for name in cypher.names(folder) if not cypher.load(name).startswith(UNPLANNED)]
SCANS = ("AllNodesScan", "NodeByLabelScan", "UnionNodeByLabelsScan", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan")
LISTS = {  # these go through all nodes of a kind, which is what they are asked for
    "read/coverage": "every report with its place",
    "read/measured_places": "every place of a level that numbers are stated about",
}


@pytest.fixture(scope="module")
def session(neo4j_server, server_run) -> Iterator[neo4j.Session]:
    auth = (neo4j_server.user, neo4j_server.password)
    driver = neo4j.GraphDatabase.driver(neo4j_server.url, auth=auth, notifications_min_severity="OFF")
    with server_run.only_user("neo4j"), driver, driver.session() as session:
        for name in cypher.names("schema"):
            session.run(cypher.load(name)).consume()
        session.run(cypher.load("neo4j/await_indexes"), seconds=60).consume()
        yield session


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.parametrize("name", EVERY)
def test_statement_is_understood_and_finds_ids_by_index(session, name):
    statement = cypher.load(name)
    plan = session.run(f"EXPLAIN {statement}").consume().plan
    found = set(operators(plan))
    if "{id: " in statement and name not in LISTS:
        assert not found & set(SCANS)
