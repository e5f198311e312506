"""Questions that a workspace answers by putting archive, graph and index together."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fazhi import lease
from fazhi.answers import Answer, Coverage, CypherAnswer, Found, Passage, Status, UnknownPlace

if TYPE_CHECKING:
    from pathlib import Path

    from fazhi.workspace import Workspace
    from fulltext.highlight import Passage as Matching
    from fulltext.query import Query
    from fulltext.sentences import View
    from fulltext.store import Filters, Sort
    from fulltext.synonyms import Widened

_MOST_PLACES = 10  # of a question, that are looked up


def search(
    workspace: Workspace,
    question: str | None,
    filters: Filters | None,
    *,
    sort: Sort,
    size: int,
    cursor: str | None,
    passages: int,
    synonyms: bool = False,
    whole: bool = True,
    **conditions: Any,
) -> Answer:
    import msgspec

    from fazhi.reviewed import use_overlay
    from fulltext.choosing import choose_passages
    from fulltext.question import may_be_sentence, reach, read
    from fulltext.store import Filters
    from fulltext.synonyms import widen

    chosen = msgspec.structs.replace(filters or Filters(), **conditions)
    if synonyms or (whole and question and may_be_sentence(question)):
        use_overlay(workspace.settings)  # both ask the vocabulary for names
    query, understood = read(question, whole=whole)
    widened: tuple[Widened, ...] = ()
    if synonyms and query is not None:
        query, widened = widen(query)
    snapshot = workspace.archive.snapshot()
    result = workspace.text.search(query, chosen, sort=sort, size=size + 1, cursor=cursor, views=True)  # one more shows whether there is a next page
    views = {hit.report: result.views[hit.report] for hit in result.hits[:size] if hit.report in result.views}
    shown = choose_passages(workspace.text, views, query, chosen, limit=passages)
    hits = []
    for hit in result.hits[:size]:
        document, view = workspace.archive.find(hit.report), views.get(hit.report)
        if document is None or view is None:
            continue  # deleted since the index was last brought up to date
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
                passages=tuple(_show(view, found) for found in shown[hit.report]),
                cursor=hit.cursor,
            )
        )
    return Answer(
        hits=tuple(hits),
        total=result.total,
        next=result.hits[size - 1].cursor if len(result.hits) > size else None,
        snapshot=snapshot,
        understood=understood,
        synonyms={entry.text: entry.also for entry in widened} if synonyms else None,
        coverage=coverage(workspace, **msgspec.structs.asdict(reach(understood, chosen))),
        unknown_places=() if cursor else find_unknown_places(query, lambda places: workspace.text.count(places, Filters())),
    )


def find_unknown_places(query: Query | None, count: Callable[[Sequence[Query]], Sequence[int]]) -> tuple[UnknownPlace, ...]:
    """Places that a query names (place:参内镇) and no report is of: it can't find anything there, nor leave any out. ``count``: reports that match each."""
    from fulltext.query import Keyword, iter_leaves
    from ingest.gazetteer import gazetteer

    leaves = [leaf for wanted in (True, False) for leaf in iter_leaves(query, wanted=wanted)] if query is not None else []
    places = [leaf for leaf in dict.fromkeys(leaves) if isinstance(leaf, Keyword) and leaf.field == "place"][:_MOST_PLACES]
    totals = count(places) if places else ()
    missing = [place.value for place, total in zip(places, totals, strict=True) if not total]
    return tuple(UnknownPlace(name=name, registered=name in gazetteer().places or bool(gazetteer().named(name))) for name in missing)


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


def _show(view: View, found: Matching) -> Passage:
    return Passage(
        text=view.original[found.start : found.end],
        start=found.start,
        end=found.end,
        section=found.section,
        highlights=found.matches,
        own=found.own,
        places=found.places,
    )
