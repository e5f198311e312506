"""Edges REUSES, which a comparison of the texts brings and no report: the same whatever came first, and gone with either end."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from graph_engines import OpenGraph
from graph_samples import Report, listing, removal

from archive.model import Change, Link
from fazhi.errors import Conflict
from graph import counting, queries
from graph.embedded import EmbeddedGraph, _wal
from graph.project import project
from graph.store import GraphStore
from ingest.ids import report_id

KEYS = ("a", "b", "c", "d", "e")


def link(later: str, earlier: str, **more: Any) -> Link:
    told = {"report_mark": "f1", "source_mark": "f1", "year": 2023, "characters": 90, "passages": 2, "identity": 0.875, "boilerplate": 0.0}
    told |= {"evidence": "covered year", "text_start": 5, "text_end": 55, "source_start": 7, "source_end": 57}
    return Link(report=report_id(later), source=report_id(earlier), **{**told, **more})


def report(key: str) -> Report:
    return Report(key).adopts("法律八进").counts("disputes_mediated", 5)


def change(key: str, *links: Link, fingerprint: str = "f1") -> Change:
    return msgspec.structs.replace(report(key).change(fingerprint=fingerprint), links=links)


def linked(store: GraphStore) -> list[tuple[str, str]]:
    rows = store.read("MATCH (a:Report)-[r:REUSES]->(b:Report) RETURN a.key AS later, b.key AS earlier ORDER BY later, earlier")
    return [(row["later"], row["earlier"]) for row in rows]


def test_an_edge_says_who_has_how_many_words_of_whom_and_where(store: GraphStore) -> None:
    store.apply([change("a"), change("b")])
    store.link({report_id("b"): [link("b", "a", year=None, evidence="superior document")]})
    (row,) = store.read("MATCH (a:Report {key: 'b'})-[r:REUSES]->(b:Report) RETURN b.key AS earlier, properties(r) AS told")
    assert row["earlier"] == "a"
    assert row["told"] == {
        "report": report_id("b"), "characters": 90, "passages": 2, "identity": 0.875, "boilerplate": 0.0, "evidence": "superior document",
        "text_start": 5, "text_end": 55, "source_start": 7, "source_end": 57,
    }  # fmt: skip
    (edge,) = queries.list_neighbours(store, report_id("b"), relation="REUSES").rows
    assert (edge.direction, edge.id, edge.report, edge.facts, edge.properties["characters"]) == ("out", report_id("a"), report_id("b"), (), 90)
    (edge,) = queries.list_neighbours(store, report_id("a"), relation="REUSES", direction="in").rows
    assert edge.id == report_id("b")
    assert "REUSES" not in {row.relation for row in queries.list_evidence(store, report_id("b")).rows}  # it is nothing that the report says
    assert {edge.name: edge.count for edge in queries.get_schema(store).edges}["REUSES"] == 1


def test_what_is_the_same_is_left_alone_and_what_differs_is_replaced(store: GraphStore, fresh: GraphStore) -> None:
    store.apply([change(key) for key in "abc"])
    store.link({report_id("b"): [link("b", "a")], report_id("c"): [link("c", "a"), link("c", "b")]})
    store.link({report_id("c"): [link("c", "b", characters=91)], report_id("b"): [link("b", "a")]})
    links = (link("b", "a"), link("c", "b", characters=91))
    fresh.apply([change("a", links[0]), change("b", *links), change("c", links[1])])
    assert listing(store) == listing(fresh)
    store.link({report_id("b"): (), report_id("c"): ()})
    fresh.link({report_id("b"): (), report_id("c"): ()})
    assert linked(store) == []
    assert listing(store) == listing(fresh)


def test_the_same_again_leaves_no_trace_in_the_log(tmp_path: Any) -> None:
    store = EmbeddedGraph(tmp_path / "graph", writable=True)
    store.apply([change("a"), change("b")])
    store.link({report_id("b"): [link("b", "a")]})
    log = _wal(tmp_path / "graph" / "graph-1.kgl")
    before = log.stat().st_size
    store.link({report_id("b"): [link("b", "a")]})
    assert log.stat().st_size == before
    store.link({report_id("b"): [link("b", "a", passages=3)]})
    assert log.stat().st_size > before
    store.close()


@pytest.mark.parametrize("order", ["abc", "cba", "bca"])
def test_an_edge_waits_for_both_its_ends(store: GraphStore, fresh: GraphStore, order: str) -> None:
    links = [link("b", "a"), link("c", "a"), link("c", "b")]
    for key in order:
        store.apply([change(key, *(one for one in links if report_id(key) in (one.report, one.source)))])
    fresh.apply([change(key, *(one for one in links if report_id(key) in (one.report, one.source))) for key in "abc"])
    assert linked(store) == [("b", "a"), ("c", "a"), ("c", "b")]
    assert listing(store) == listing(fresh)


def test_a_report_takes_its_edges_with_it_in_both_directions(store: GraphStore, fresh: GraphStore) -> None:
    links = [link("b", "a"), link("c", "b"), link("c", "a")]
    store.apply([change(key, *(one for one in links if report_id(key) in (one.report, one.source))) for key in "abc"])
    store.apply([removal("b")])
    fresh.apply([change("a", links[2]), change("c", links[2])])
    assert linked(store) == [("c", "a")]
    assert listing(store) == listing(fresh)
    store.apply([removal("a"), removal("c")])
    assert listing(store) == ([], [])


def test_a_report_that_is_written_anew_keeps_the_edges_that_still_hold(store: GraphStore) -> None:
    links = [link("b", "a"), link("c", "b")]
    store.apply([change("a", links[0]), change("b", *links), change("c", links[1])])
    store.apply([change("b", links[1], fingerprint="f2")])  # it says other things now: what it had of a does not hold any more
    assert linked(store) == [("c", "b")]
    store.apply([change("b", *links, fingerprint="f3")])
    assert linked(store) == [("b", "a"), ("c", "b")]


def test_counting_finds_an_edge_too_many_and_writing_the_report_anew_mends_it(store: GraphStore, fresh: GraphStore) -> None:
    changes = [change("a", link("b", "a")), change("b", link("b", "a")), change("c")]
    expected = {each.report: dict(counting.expect(project(each.item), each.links)) for each in changes if each.item is not None}
    for one in (store, fresh):
        one.apply(changes)
    assert {report: dict(counts) for report, counts in counting.count(store)} == expected
    store.link({report_id("c"): [link("c", "a")], report_id("b"): []})
    found = {report: dict(counts) for report, counts in counting.count(store)}
    assert {report for report in found if found[report] != expected[report]} == {report_id("b"), report_id("c")}
    store.wipe([report_id("b"), report_id("c")], [])
    store.apply(changes)
    assert listing(store) == listing(fresh)


def test_a_rebuild_writes_them_again(store: GraphStore, fresh: GraphStore) -> None:
    changes = [change("c", link("c", "a")), change("a", link("b", "a"), link("c", "a")), change("b", link("b", "a"))]
    fresh.apply(changes)
    store.apply([change("a"), change("d")])
    store.rebuild(iter(changes))
    assert listing(store) == listing(fresh)
    store.rebuild(iter([change("a"), change("b")]))
    assert linked(store) == []


def test_a_reader_cannot_link(open_graph: OpenGraph) -> None:
    with pytest.raises(Conflict):
        open_graph(writable=False).link({report_id("b"): [link("b", "a")]})


@pytest.mark.parametrize("seed", range(4))
def test_any_history_ends_in_the_graph_of_its_end_state(store: GraphStore, fresh: GraphStore, seed: int) -> None:
    """The archive's part is played here: it hands out the links that hold at that moment, with each report those at both its ends."""
    chance = random.Random(seed)
    present: dict[str, str] = {}
    links: dict[tuple[str, str], Link] = {}
    outdated: set[str] = set()  # reports that the graph has not taken over yet

    def holding(key: str) -> list[Link]:
        return [one for ends, one in sorted(links.items()) if key in ends and set(ends) <= present.keys()]

    def state(key: str) -> Change:
        return change(key, *holding(key), fingerprint=present[key]) if key in present else removal(key)

    for step in range(40):
        kind = chance.choice(("come", "come", "go", "compare", "write", "write", "rebuild"))
        key = chance.choice(KEYS)
        if kind == "come":
            present[key] = f"f{step}"
            links = {ends: one for ends, one in links.items() if key not in ends}
            outdated.add(key)
        elif kind == "go":
            present.pop(key, None)
            links = {ends: one for ends, one in links.items() if key not in ends}
            outdated.add(key)
        elif kind == "compare":
            pairs = [(later, earlier) for later in present for earlier in present if later > earlier and chance.random() < 0.4]
            links = {ends: link(*ends, characters=chance.choice((60, 90))) for ends in pairs}
            store.link({report_id(later): [one for one in holding(later) if one.report == report_id(later)] for later in KEYS})
        elif kind == "write":
            batch = sorted(outdated)[: chance.randint(1, 3)]
            for _ in range(chance.randint(1, 2)):
                store.apply([state(one) for one in batch])
            outdated -= set(batch)
        else:
            store.rebuild(iter([state(one) for one in KEYS if one in present]))
            outdated.clear()
    store.apply([state(one) for one in sorted(outdated)])
    fresh.apply([state(one) for one in KEYS if one in present])
    assert listing(store) == listing(fresh)
    for one in KEYS:
        present.pop(one, None)
    store.apply([state(one) for one in KEYS])
    assert listing(store) == ([], [])
