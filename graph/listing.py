"""The whole graph as lines of text, one node or edge each, in an order of their own: two graphs that say the same give the same lines, on every engine."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

import cypher
from graph.store import GraphStore

_PAGE = 500  # nodes at a time
_SECONDS = 600.0
_ALL = 2**31 - 1
_encode = msgspec.json.Encoder(order="deterministic").encode


def list_graph(store: GraphStore) -> Iterator[str]:
    """JSON lines ordered by node id: ``{"id", "labels", "properties"}`` of a node, then ``{"source", "type", "target", "properties"}`` of each edge from it."""
    ids = sorted(row["id"] for row in store.read(cypher.load("read/node_ids"), timeout=_SECONDS, max_rows=_ALL))
    for start in range(0, len(ids), _PAGE):
        page = {"ids": ids[start : start + _PAGE]}
        edges: dict[str, list[str]] = {}
        for row in store.read(cypher.load("read/edges_from"), page, timeout=_SECONDS, max_rows=_ALL):
            edges.setdefault(row["source"], []).append(_encode(row).decode())
        for row in sorted(store.read(cypher.load("read/whole_nodes"), page, timeout=_SECONDS, max_rows=_ALL), key=lambda row: row["id"]):
            node = row["node"]
            yield _encode({"id": row["id"], "labels": sorted(node["labels"]), "properties": node["properties"]}).decode()
            yield from sorted(edges.get(row["id"], ()))
