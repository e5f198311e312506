"""What counting finds that fingerprints do not, and that it is mended report by report."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest

from archive.model import Change
from fazhi import deep
from fazhi.workspace import Workspace
from fulltext.embedded import EmbeddedTextStore
from graph.embedded import EmbeddedGraph
from graph.listing import list_graph
from ingest.ids import report_id

REPORT = report_id("002.txt")


def listings(space: Workspace) -> tuple[list[str], list[str]]:
    return list(list_graph(space.graph)), list(space.text.listing())


def damage_graph(space: Workspace, statement: str, **parameters: object) -> None:
    with space.writing("test"):
        graph = space.graph
        assert isinstance(graph, EmbeddedGraph)
        with graph._session.begin() as transaction:
            transaction.cypher(statement, params=parameters)
        graph._pending = True


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Reports that are handed to each store, from here on."""
    heard: dict[str, list[str]] = {"graph": [], "text": []}

    def listen(kind: type, name: str) -> None:
        apply: Callable[[object, Sequence[Change]], None] = kind.apply  # type: ignore[attr-defined]

        def hear(self: object, changes: Sequence[Change]) -> None:
            heard[name] += [change.report for change in changes]
            apply(self, changes)

        monkeypatch.setattr(kind, "apply", hear)

    listen(EmbeddedGraph, "graph")
    listen(EmbeddedTextStore, "text")
    return heard


DAMAGE = {
    "an edge lost": "MATCH (:Report {id: $report})-[edge:MENTIONS]->(node) WITH edge ORDER BY node.id LIMIT 1 DELETE edge",
    "a number lost": "MATCH (measure:Measure) WHERE measure.report = $report WITH measure ORDER BY measure.id LIMIT 1 DETACH DELETE measure",
    "an edge twice": "MATCH (r:Report {id: $report})-[:COVERS]->(place:Place) CREATE (r)-[:COVERS {report: $report}]->(place)",
}


@pytest.mark.parametrize("statement", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_report_is_found_by_counting_and_written_anew_alone(space: Workspace, corpus: Path, written: dict[str, list[str]], statement: str) -> None:
    space.ingest([corpus])
    whole = listings(space)
    damage_graph(space, statement, report=REPORT)
    assert space.check().fine
    assert [difference.miscounted for difference in space.check(deep=True).differences] == [(REPORT,), ()]
    for reports in written.values():
        reports.clear()
    repair = space.repair(deep=True)
    assert written == {"graph": [REPORT], "text": []}
    assert (repair.graph, repair.text) == (1, 0)
    assert space.check(deep=True).fine
    assert listings(space) == whole


def test_a_lost_place_comes_back_with_all_that_hung_on_it(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    whole = listings(space)
    damage_graph(space, "MATCH (place:Place {id: $id}) DETACH DELETE place", id="cn:3505")
    found, _ = space.check(deep=True).differences
    assert "cn:3505" in found.lost
    space.repair(deep=True)
    assert listings(space) == whole


def test_a_place_that_hangs_nowhere_is_hung_up_again(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    whole = listings(space)
    damage_graph(space, "MATCH (:Place {id: $id})-[edge:PART_OF]->() DELETE edge", id="cn:350524")
    assert space.check(deep=True).differences[0].lost == ("cn:350524",)
    space.repair(deep=True)
    assert listings(space) == whole


def test_what_no_report_speaks_of_is_taken_away(space: Workspace, corpus: Path, written: dict[str, list[str]]) -> None:
    space.ingest([corpus])
    whole = listings(space)
    damage_graph(space, "CREATE (:Program {id: 'program:无中生有', name: '无中生有'}), (:Measure {id: 'measure:x', name: 'x', report: 'ffff'})")
    found = space.check(deep=True).differences[0]
    assert (found.strays, found.miscounted) == (("program:无中生有",), ("ffff",))
    for reports in written.values():
        reports.clear()
    generation = space.archive.generation()
    assert space.repair(deep=True).strays == 1
    assert space.archive.generation() > generation  # else a service on a server's graph would go on showing the strays that it has kept
    assert [space.archive.find(report) for report in written["graph"]] == [None]
    assert listings(space) == whole


def test_a_report_with_words_missing_from_the_index_is_found_and_indexed_anew_alone(space: Workspace, corpus: Path, written: dict[str, list[str]]) -> None:
    space.ingest([corpus])
    whole = listings(space)
    item = space.archive.projectable(REPORT)
    cut = msgspec.structs.replace(item, text=item.text[:60], analysis=msgspec.structs.replace(item.analysis, facts=(), sentences=(), sections=()))
    with space.writing("test"):
        space.text.apply([Change(sequence=0, report=REPORT, item=cut)])
    assert space.check().fine
    assert [difference.miscounted for difference in space.check(deep=True).differences] == [(), (REPORT,)]
    for reports in written.values():
        reports.clear()
    space.repair(deep=True)
    assert written == {"graph": [], "text": [REPORT]}
    assert listings(space) == whole


def test_terms_of_no_report_are_noticed(space: Workspace, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    space.ingest([corpus])
    counts = EmbeddedTextStore.counts
    monkeypatch.setattr(EmbeddedTextStore, "counts", lambda self: itertools.chain(counts(self), [("", {"words": 3, "pairs": 0})]))
    assert not space.check(deep=True).fine
    assert space.repair(deep=True).rebuilt == ("text",)


def test_a_deep_repair_without_need_writes_nothing(space: Workspace, corpus: Path, written: dict[str, list[str]]) -> None:
    space.ingest([corpus])
    for reports in written.values():
        reports.clear()
    generation = space.archive.generation()
    repair = space.repair(deep=True)
    assert (repair.graph, repair.text, repair.strays, repair.rebuilt) == (0, 0, 0, ())
    assert written == {"graph": [], "text": []}
    assert space.archive.generation() == generation


def test_a_report_twice_in_a_store_is_miscounted() -> None:
    walk = deep.Walk(iter([("a", {"words": 1}), ("a", {"words": 1}), ("c", {"words": 2})]))
    walk.see("a", {"words": 1})
    walk.see("b", {"words": 1})
    walk.end()
    assert (walk.miscounted, walk.missing, walk.surplus) == (["a"], ["b"], ["c"])
