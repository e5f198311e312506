"""Questions that a workspace answers by putting archive, graph and index together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from archive.model import Projectable
from fazhi import lease
from fazhi.answers import Answer, Coverage, CypherAnswer, Found, Passage, Status
from fazhi.errors import NotFound

if TYPE_CHECKING:
    from pathlib import Path

    from fazhi.workspace import Workspace
    from fulltext.query import Query
    from fulltext.store import Filters, Sort


def search(
    workspace: Workspace, question: str | None, filters: Filters | None, *, sort: Sort, size: int, cursor: str | None, passages: int, **conditions: Any
) -> Answer:
    import msgspec

    from fulltext.query import parse
    from fulltext.store import Filters

    chosen = msgspec.structs.replace(filters or Filters(), **conditions)
    query = parse(question) if question and question.strip() else None
    snapshot = workspace.archive.snapshot()
    result = workspace.text.search(query, chosen, sort=sort, size=size + 1, cursor=cursor)  # one more shows whether there is a next page
    hits = []
    for hit in result.hits[:size]:
        try:
            item = workspace.archive.projectable(hit.report)
        except NotFound:
            continue  # deleted since the index was last brought up to date
        document = item.document
        hits.append(
            Found(
                report=hit.report,
                key=document.key,
                title=document.title,
                place=document.place,
                place_name=document.place_name,
                path=document.path,
                year=document.year,
                score=hit.score,
                passages=_passages(item, query, chosen, passages),
                cursor=hit.cursor,
            )
        )
    return Answer(
        hits=tuple(hits),
        total=result.total,
        next=result.hits[size - 1].cursor if len(result.hits) > size else None,
        snapshot=snapshot,
        coverage=coverage(workspace, place=chosen.place, level=chosen.level, from_year=chosen.from_year, to_year=chosen.to_year),
    )


def coverage(workspace: Workspace, **bounds: Any) -> Coverage:
    """What an answer about this ``place``, ``level``, ``from_year`` and ``to_year`` rests on."""
    extent = workspace.archive.extent(**bounds)
    return Coverage(
        reports=extent.reports, places=extent.places, from_year=extent.from_year, to_year=extent.to_year, unreadable=workspace.archive.statistics().failures
    )


def cypher(workspace: Workspace, statement: str, parameters: Mapping[str, Any], *, timeout: float, max_rows: int) -> CypherAnswer:
    from graph import sandbox

    snapshot = workspace.archive.snapshot()
    answer = sandbox.run(workspace.graph, statement, parameters, timeout=timeout, max_rows=max_rows)
    return CypherAnswer(columns=answer.columns, rows=answer.rows, truncated=answer.truncated, snapshot=snapshot)


def status(workspace: Workspace) -> Status:
    import vocabulary
    from fazhi.reviewed import use_overlay
    from graph import queries
    from ingest.version import VERSION

    use_overlay(workspace.settings)
    schema = queries.get_schema(workspace.graph)
    home = workspace.settings.home
    return Status(
        home=str(home),
        archive=workspace.archive.statistics(),
        coverage=coverage(workspace),
        text=dict(workspace.text.statistics()),
        graph={"nodes": {node.name: node.count for node in schema.nodes}, "edges": {edge.name: edge.count for edge in schema.edges}},
        disk={name: _size_of(home / name) for name in ("archive.db", "originals", "graph", "text")},
        runs=tuple(workspace.archive.runs(5)),
        failures=tuple(workspace.archive.failures()),
        writer=lease.read_holder(home, workspace.archive),
        stale=workspace.archive.count_stale(pipeline=VERSION, vocabulary=vocabulary.version()),
        pipeline=VERSION,
        vocabulary=vocabulary.version(),
    )


def _size_of(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(entry.stat().st_size for folder, _, names in os.walk(path) for entry in (path.joinpath(folder, name) for name in names) if entry.is_file())


def _passages(item: Projectable, query: Query | None, filters: Filters, limit: int) -> tuple[Passage, ...]:
    from fulltext.highlight import find_passages
    from fulltext.sentences import build_view

    return tuple(
        Passage(text=item.text[found.start : found.end], start=found.start, end=found.end, section=found.section, highlights=found.matches)
        for found in find_passages(build_view(item.text, item.analysis), query, filters, limit=limit)
    )
