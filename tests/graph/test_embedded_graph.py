from __future__ import annotations

import msgspec
import pytest
from graph_samples import Report, listing, removal

from archive.model import Change
from fazhi.errors import Conflict, Invalid, TimedOut, Unavailable
from graph import open_store
from graph.embedded import EmbeddedGraph
from ingest.model import Frame


@pytest.fixture
def store(tmp_path):
    store = EmbeddedGraph(tmp_path / "graph", writable=True)
    yield store
    store.close()


def test_township_reaches_its_province(store):
    store.apply([Report("a").change(), Report("b", "cn:500229/云岭镇").change()])
    rows = store.read("MATCH (t:Township)-[:PART_OF*]->(p:Province) RETURN t.name AS township, p.name AS province ORDER BY township")
    assert rows == [{"township": "云岭镇", "province": "重庆市"}, {"township": "青石镇", "province": "福建省"}]


def test_what_follows_from_a_node_is_not_stated_a_second_time(store):
    report = (
        Report("a")
        .adopts("法律八进", family="法律进")
        .relates("PART_OF", "program:法律八进", "program:法律进")
        .relates("PART_OF", "cn:350524/青石镇", "cn:350524")
    )
    store.apply([report.change()])
    assert store.read("MATCH (:Program)-[e:PART_OF]->() RETURN count(e) AS n") == [{"n": 1}]
    assert store.read("MATCH (:Township)-[e:PART_OF]->() RETURN count(e) AS n") == [{"n": 1}]


def test_adviser_advises_a_body(store):
    report = Report("a").node("adviser:cn:350524/青石镇/林小满", "LegalAdviser", "林小满").node("body:cn:350524/青石镇/人民政府", "Body", "青石镇人民政府")
    store.apply([report.relates("ADVISES", "adviser:cn:350524/青石镇/林小满", "body:cn:350524/青石镇/人民政府").change()])
    rows = store.read("MATCH (a:LegalAdviser)-[:ADVISES]->(b) RETURN a.name, b.name")
    assert rows == [{"a.name": "林小满", "b.name": "青石镇人民政府"}]


def test_edge_from_a_report_carries_report_facts_modality_and_year(store):
    report = Report("a").adopts("法律八进", modality="planned", year=2024)
    change = report.change()
    store.apply([change])
    (row,) = store.read(
        "MATCH (:Place)-[e:ADOPTS]->(p:Program) RETURN e.report AS report, e.facts AS facts, e.modality AS modality, e.year AS year, p.id AS program"
    )
    assert row == {"report": change.report, "facts": [report.facts[-1].id], "modality": "planned", "year": 2024, "program": "program:法律八进"}


def test_applying_again_writes_nothing(store):
    changes = [Report("a").adopts("法律八进").change()]
    store.apply(changes)
    version = store._session.version()
    store.apply(changes)
    assert store._session.version() == version


def test_measures_may_lack_what_earlier_ones_lacked_too(store):
    """kglite refuses to create a node with a property that no node of its label has had yet, even where it is null."""
    store.apply([Report("a", year=None).counts("disputes_mediated", None, unit=None).change()])
    store.apply([Report("b").counts("disputes_mediated", 5, approx="about").change()])
    store.apply([Report("c", year=None).counts("disputes_mediated", None, unit=None).change()])
    rows = store.read("MATCH (m:Measure) RETURN m.value AS value, m.unit AS unit, m.approx AS approx, m.year AS year ORDER BY m.value")
    assert rows[0] == {"value": 5, "unit": "件", "approx": "about", "year": 2023}
    assert rows[1:] == [{"value": None, "unit": None, "approx": None, "year": None}] * 2


def test_number_without_indicator_or_place_is_kept(store):
    report = Report("a").counts(None, 4, phrase="").counts("disputes_mediated", 5)
    item = report.item()
    nowhere = msgspec.structs.replace(item, analysis=msgspec.structs.replace(item.analysis, frame=Frame(year=2023)))
    store.apply([Change(sequence=1, report=item.document.report, item=nowhere)])
    rows = store.read(
        "MATCH (:Report)-[:STATES]->(m:Measure) RETURN m.value AS value, COUNT { (m)-[:OF]->() } AS of, COUNT { (m)-[:ABOUT]->() } AS about ORDER BY value"
    )
    assert rows == [{"value": 4, "of": 0, "about": 0}, {"value": 5, "of": 1, "about": 0}]
    store.apply([removal("a")])
    assert listing(store) == ([], [])


def test_deleting_the_only_report_leaves_nothing(store):
    report = Report("a").adopts("法律八进", family="法律进").counts("disputes_mediated", 12).says("place", "cn:350524/青石镇/东桥村")
    store.apply([report.change()])
    assert store.read("MATCH (n) RETURN count(n) AS n")[0]["n"] > 8
    store.apply([removal("a")])
    assert listing(store) == ([], [])


def test_deleting_keeps_what_another_report_supports(store):
    store.apply([Report("a").adopts("法律八进").change(), Report("b", "cn:350524/白水乡").adopts("法律八进").change()])
    store.apply([removal("a")])
    assert [row["id"] for row in store.read("MATCH (n:Place) RETURN n.id AS id ORDER BY id")] == ["cn:35", "cn:3505", "cn:350524", "cn:350524/白水乡"]
    assert store.read("MATCH (p:Program) RETURN p.name") == [{"p.name": "法律八进"}]


def test_new_version_of_a_report_replaces_the_old_one(store):
    store.apply([Report("a").adopts("法律七进").change(1)])
    store.apply([Report("a").adopts("法律八进").change(2, fingerprint="f2")])
    assert store.read("MATCH (p:Program) RETURN p.name") == [{"p.name": "法律八进"}]
    assert [fingerprint for _, fingerprint in store.fingerprints()] == ["f2"]


def test_name_of_a_shared_node_does_not_depend_on_who_came_last(tmp_path):
    first = Report("a").node("program:x", "Program", "甲名", kind="program").says("program", "program:x")
    second = Report("b").node("program:x", "Program", "乙名", members=["学校"]).says("program", "program:x")
    listings = []
    for name, order in (("ab", [first, second]), ("ba", [second, first])):
        store = EmbeddedGraph(tmp_path / name, writable=True)
        for report in order:
            store.apply([report.change()])
        listings.append(listing(store))
        store.apply([removal("b")])
        assert store.read("MATCH (p:Program) RETURN p.name AS name, p.kind AS kind, p.members AS members") == [
            {"name": "甲名", "kind": "program", "members": None}
        ]
        store.close()
    assert listings[0] == listings[1]


def test_first_seen_ignores_plans_and_follows_deletions(store):
    store.apply(
        [
            Report("a", year=2021).adopts("法律八进", modality="planned").change(),
            Report("b", year=2022).adopts("法律八进").change(),
            Report("c", year=2023).adopts("法律八进").change(),
        ]
    )
    seen = "MATCH ()-[e:ADOPTS]->() RETURN DISTINCT e.first_seen AS year"
    assert store.read(seen) == [{"year": 2022}]
    store.apply([removal("b")])
    assert store.read(seen) == [{"year": 2023}]


def test_second_writer_hears_who_holds_the_graph(store, tmp_path):
    with pytest.raises(Conflict, match=r"process \d+ since"):
        EmbeddedGraph(tmp_path / "graph", writable=True)


def test_reader_sees_commits_after_checkpoint_and_refresh(store, tmp_path):
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    store.apply([Report("a").change()])
    store._checkpoint()
    assert list(reader.fingerprints()) == []
    reader.refresh()
    assert len(list(reader.fingerprints())) == 1


def test_reader_of_an_empty_folder_waits_for_a_graph(tmp_path):
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    assert reader.read("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    writer = EmbeddedGraph(tmp_path / "graph", writable=True)
    writer.apply([Report("a").change()])
    writer.close()
    reader.refresh()
    assert reader.read("MATCH (n:Report) RETURN count(n) AS n") == [{"n": 1}]


def test_reader_cannot_write(tmp_path):
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    with pytest.raises(Conflict):
        reader.apply([Report("a").change()])


def test_rebuild_gives_the_same_graph_and_readers_follow(store, tmp_path):
    changes = [Report("a").adopts("法律八进").change(), Report("b", "cn:350524/白水乡").counts(None, 3, phrase="走访群众").change()]
    store.apply(changes)
    store._checkpoint()
    reader = EmbeddedGraph(tmp_path / "graph", writable=False)
    before = listing(store)
    store.rebuild(iter(changes))
    assert listing(store) == before
    reader.refresh()
    assert listing(reader) == before
    assert len(list((tmp_path / "graph").glob("*.kgl"))) == 1


def test_failed_rebuild_keeps_the_old_graph(store, tmp_path):
    store.apply([Report("a").change()])
    before = listing(store)

    def broken():
        yield Report("b").change()
        raise RuntimeError("archive went away")

    with pytest.raises(RuntimeError):
        store.rebuild(broken())
    assert listing(store) == before
    assert len(list((tmp_path / "graph").glob("*.kgl"))) == 1


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"not a graph"])
def test_damaged_file_says_so_and_can_be_rebuilt(tmp_path, damage):
    folder = tmp_path / "graph"
    changes = [Report("a").change()]
    store = EmbeddedGraph(folder, writable=True)
    store.apply(changes)
    store.close()
    file = folder / (folder / "current").read_text()
    file.write_bytes(damage(file.read_bytes()))
    reader = EmbeddedGraph(folder, writable=False)
    with pytest.raises(Unavailable) as caught:
        reader.read("RETURN 1 AS x")
    assert "fazhi rebuild graph" in caught.value.cure
    store = EmbeddedGraph(folder, writable=True)
    with pytest.raises(Unavailable):
        store.apply(changes)
    store.rebuild(changes)
    assert len(list(store.fingerprints())) == 1
    reader.refresh()
    assert len(list(reader.fingerprints())) == 1
    store.close()


def test_missing_file_says_so(tmp_path):
    (tmp_path / "current").write_text("graph-7.kgl")
    with pytest.raises(Unavailable):
        EmbeddedGraph(tmp_path, writable=False).read("RETURN 1 AS x")


def test_long_statement_times_out(store):
    with pytest.raises(TimedOut):
        store.read("UNWIND range(1, 3000) AS x UNWIND range(1, 3000) AS y UNWIND range(1, 3000) AS z RETURN count(*)", timeout=0.2)


def test_rows_are_bounded(store):
    assert len(store.read("UNWIND range(1, 100) AS x RETURN x", max_rows=7)) == 7


@pytest.mark.parametrize("statement", ["MATCH (n", "CREATE (n:Place {id: 'x'})", "RETURN $missing", "MATCH (n) RETURN m"])
def test_wrong_or_writing_statement_is_invalid(store, statement):
    with pytest.raises(Invalid):
        store.read(statement)


def test_whole_node_shows_only_what_the_vocabulary_has(store):
    store.apply([Report("a").change()])
    (row,) = store.read("MATCH (r:Report) RETURN r")
    assert set(row["r"]["properties"]) == {"id", "name", "key", "title", "year", "place", "level", "fingerprint"}
    (row,) = store.read("MATCH (p:Province) RETURN p")
    assert row["p"] == {"id": "cn:35", "labels": ["Place", "Province"], "properties": {"id": "cn:35", "name": "福建省", "level": "province"}}


def test_server_engine_is_named_as_coming(tmp_path):
    with pytest.raises(Invalid, match="next version"):
        open_store("bolt://localhost:7687", tmp_path, writable=False)
