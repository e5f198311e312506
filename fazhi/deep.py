"""Compare how much graph and index hold of every report with how much the archived analysis says they should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from fazhi.answers import Difference

if TYPE_CHECKING:
    from archive.model import Change
    from fazhi.workspace import Workspace
    from graph.project import NodeRow

Counts = Mapping[str, int]


class Walk:
    """One store's counts beside the expected ones, both ordered by report: tell it every expected report in turn, then ``end``."""

    def __init__(self, shown: Iterator[tuple[str, Counts]]) -> None:
        self._shown = shown
        self._next = next(shown, None)
        self.missing: list[str] = []
        self.surplus: list[str] = []
        self.miscounted: list[str] = []

    def see(self, report: str, expected: Counts) -> None:
        self._skip(report)
        if self._next is None or self._next[0] != report:
            self.missing.append(report)
            return
        if dict(self._next[1]) != dict(expected):
            self.miscounted.append(report)
        self._next = next(self._shown, None)
        while self._next is not None and self._next[0] == report:  # an index that holds a report twice
            if not self.miscounted or self.miscounted[-1] != report:
                self.miscounted.append(report)
            self._next = next(self._shown, None)

    def end(self) -> None:
        self._skip(None)

    def _skip(self, report: str | None) -> None:
        while self._next is not None and (report is None or self._next[0] < report):
            self.surplus.append(self._next[0])
            self._next = next(self._shown, None)


class Shared:
    """Nodes that reports share, as all of them together say: id → id of what it hangs under. About 200 bytes of memory a node."""

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}

    def add(self, rows: Iterable[NodeRow]) -> None:
        for row in rows:
            parent, known = row.properties.get("parent"), self.parents.get(row.id)
            # a node shows the smallest of what reports say of it: see graph.ledger
            self.parents[row.id] = parent if known is None else known if parent is None else min(parent, known, key=msgspec.json.encode)


def compare(workspace: Workspace) -> tuple[Difference, Difference]:
    """What differs in the graph and in the index, by counts alone (``miscounted``, ``surplus``, ``missing``, ``strays``, ``lost``, ``terms``)."""
    from fulltext import counting as text_counting
    from fulltext import project as text_rows
    from graph import counting as graph_counting
    from graph import project as graph_rows

    unaccounted: list[Counts] = []
    in_graph, in_text = Walk(graph_counting.count(workspace.graph)), Walk(_numbered(workspace.text.counts(), unaccounted))
    shared = Shared()
    for change in workspace.archive.changes():
        assert change.item is not None
        projected = graph_rows.project(change.item)
        in_graph.see(change.report, graph_counting.expect(projected, change.links))
        shared.add(projected.nodes)
        in_text.see(change.report, text_counting.expect(text_rows.project(change.item)))
    in_graph.end()
    in_text.end()
    found = graph_counting.list_shared(workspace.graph)
    lost = [id for id, parent in shared.parents.items() if found.get(id) != (() if parent is None else (parent,))]
    graph = _difference("graph", in_graph, strays=tuple(sorted(found.keys() - shared.parents.keys())), lost=tuple(sorted(lost)))
    return graph, _difference("text", in_text, terms=not unaccounted)


def contributors(changes: Iterable[Change], nodes: Iterable[str]) -> Iterator[str]:
    """Reports that speak of any of these nodes."""
    from graph.project import project

    wanted = set(nodes)
    for change in changes:
        if wanted and change.item is not None and not wanted.isdisjoint(row.id for row in project(change.item).nodes):
            yield change.report


def _numbered(counts: Iterator[tuple[str, Counts]], unaccounted: list[Counts]) -> Iterator[tuple[str, Counts]]:
    """Counts of reports; what no report accounts for goes to ``unaccounted``."""
    for report, numbers in counts:
        if report:
            yield report, numbers
        else:
            unaccounted.append(numbers)


def _difference(projection: str, walk: Walk, **more: object) -> Difference:
    told = {"missing": walk.missing, "surplus": walk.surplus, "miscounted": walk.miscounted}
    return msgspec.convert({"projection": projection, **told, **more}, Difference)
