"""What the servers themselves cost: the same nodes and edges by one UNWIND loop a kind, the same documents by one bulk call, the same questions by their own clients.

The bare work is what is left when nothing has to be found out: no extraction, no comparing with what is there, no shared nodes to settle, all nodes before all edges, labels known, documents ready. It goes into the
same constraints, indexes and mapping, in transactions and requests of about the same size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import elasticsearch
import elasticsearch.helpers
import neo4j
import questions

import cypher
from fulltext.elastic import ElasticTextStore
from fulltext.elastic_mapping import build_mapping, build_settings
from fulltext.kept import KeptViews
from fulltext.query import parse
from graph.neo4j import REMOVED, REMOVING

ROWS = 10_000  # in one transaction
DOCUMENTS = 256  # in one request
INDEX = "fazhi-bench-bare"
_NODES = "UNWIND $rows AS row CREATE (node:{labels}) SET node = row"
_EDGES = "UNWIND $rows AS row MATCH (source:{source} {{id: row.source}}) MATCH (target:{target} {{id: row.target}}) CREATE (source)-[edge:{type}]->(target) SET edge = row.properties"

Rows = list[tuple[str, list[Any]]]  # statement, its rows


def write_graph(driver: neo4j.Driver, rows: Rows) -> None:
    with driver.session() as session:
        for statement, all_rows in rows:
            for first in range(0, len(all_rows), ROWS):
                session.execute_write(
                    lambda transaction, statement=statement, part=all_rows[first : first + ROWS]: transaction.run(statement, rows=part).consume()
                )


def write_text(client: elasticsearch.Elasticsearch, documents: Sequence[tuple[str, dict[str, Any]]]) -> None:
    client.indices.create(index=INDEX, mappings=build_mapping(), settings=build_settings(1))
    elasticsearch.helpers.bulk(client, ({"_index": INDEX, "_id": report, "_source": document} for report, document in documents), chunk_size=DOCUMENTS)
    client.indices.refresh(index=INDEX)


def read_graph(driver: neo4j.Driver) -> Rows:
    """All that the graph holds, nodes before edges."""
    return [*_read_nodes(driver), *_read_edges(driver)]


def _read_nodes(driver: neo4j.Driver) -> Iterator[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for labels, properties in driver.execute_query("MATCH (n) RETURN labels(n), properties(n)").records:
        found.setdefault(":".join(labels), []).append(properties)
    for labels, rows in found.items():
        yield _NODES.format(labels=labels), rows


def _read_edges(driver: neo4j.Driver) -> Iterator[tuple[str, list[Any]]]:
    found: dict[tuple[str, str, str], list[Any]] = {}
    query = "MATCH (a)-[e]->(b) RETURN labels(a)[0], type(e), labels(b)[0], a.id, b.id, properties(e)"
    for source, type, target, first, last, properties in driver.execute_query(query).records:
        found.setdefault((source, type, target), []).append({"source": first, "target": last, "properties": properties})
    for (source, type, target), rows in found.items():
        yield _EDGES.format(source=source, type=type, target=target), rows


def empty_graph(driver: neo4j.Driver) -> None:
    for statement in REMOVING:
        while driver.execute_query(cypher.load(statement), limit=REMOVED).records[0]["removed"]:
            pass


def empty_text(client: elasticsearch.Elasticsearch, prefix: str) -> None:
    for name in client.indices.get(index=f"{prefix}-*").body:
        client.indices.delete(index=name)


def writes(driver: neo4j.Driver, client: elasticsearch.Elasticsearch) -> tuple[Any, ...]:
    """Changes with every transaction that writes and every document that is indexed or deleted, and with nothing else."""
    with driver.session() as session:
        session.execute_read(lambda transaction: transaction.run("RETURN 1").consume())
        committed = session.last_bookmarks().raw_values  # of a reader: the last transaction that wrote
    told = client.indices.stats(index="*", metric=["indexing"]).body["_all"]["primaries"]["indexing"]
    return committed, told["index_total"], told["delete_total"]


def search(client: elasticsearch.Elasticsearch, store: ElasticTextStore, asked: Sequence[dict[str, Any]]) -> Callable[[int], None]:
    """Asks the ready-made requests that the store makes of these questions, by number: a page of hits with its facets and the texts that their passages are cut from."""
    requests = _record(store, asked)

    def ask(number: int) -> None:
        client.search(**requests[number % len(requests)])

    return ask


def _record(store: ElasticTextStore, asked: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One request of each question, that of a store which has not kept anything yet: it brings all texts along."""
    requests: list[dict[str, Any]] = []
    real = store._client.search

    def keep(**request: Any) -> Any:
        requests.append({name: value for name, value in request.items() if value is not None})
        return real(**request)

    store._client.search = keep  # type: ignore[method-assign]
    for each in asked:
        store._kept = KeptViews()
        store.search(parse(each["q"]), questions.filters_of(each), sort=each.get("sort", "score"), facets=questions.facets_of(each), views=True)
    store._client.search = real  # type: ignore[method-assign]
    if len(requests) != len(asked):
        raise RuntimeError(f"{len(asked)} questions were {len(requests)} requests")  # ours and theirs would ask different questions
    return requests


def run(driver: neo4j.Driver, statement: str, parameters: Sequence[dict[str, Any]]) -> Callable[[int], None]:
    """Asks a statement with the parameters of that number."""

    def ask(number: int) -> None:
        driver.execute_query(statement, parameters[number % len(parameters)], routing_="r")

    return ask
