"""What every engine promises (graph.store.GraphStore)."""

from __future__ import annotations

import msgspec
import pytest
from graph_samples import Report, listing, removal

from archive.model import Change
from fazhi.errors import Conflict, Invalid, TimedOut
from graph import queries
from graph.listing import list_graph
from ingest.model import Frame


def full_report(key="a", place="cn:350524/青石镇", year=2023):
    """A report with something of every kind: nodes, edges with lists, numbers with and without what they count, shared programs and places."""
    report = Report(key, place, year).adopts("法律八进", family="法律进").adopts("一村一顾问", modality="planned", year=2024)
    report.counts("disputes_mediated", 12.5, approx="about").counts(None, 3, phrase="走访群众").counts(None, None, phrase="")
    report.node(f"body:{place}/人民政府", "Body", "人民政府", place=place).says("body", f"body:{place}/人民政府")
    report.node("adviser:林小满", "LegalAdviser", "林小满").relates("ADVISES", "adviser:林小满", f"body:{place}/人民政府", attrs={"firm": "某律师事务所"})
    report.node(f"room:{place}/和风", "MediationRoom", "和风调解室").relates("OPERATES", place, f"room:{place}/和风")
    report.node("law:某法", "Document", "某法").relates("CITES", report.key, "law:某法").relates("IMPLEMENTS", place, "law:某法")
    return report


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


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_name_of_a_shared_node_does_not_depend_on_who_came_last(store, fresh, order):
    reports = {
        "a": Report("a").node("program:x", "Program", "甲名", kind="program").says("program", "program:x"),
        "b": Report("b").node("program:x", "Program", "乙名", members=["学校"]).says("program", "program:x"),
    }
    for key in order:
        store.apply([reports[key].change()])
    fresh.apply([report.change() for report in reports.values()])
    assert listing(store) == listing(fresh)
    store.apply([removal("b")])
    assert store.read("MATCH (p:Program) RETURN p.name AS name, p.kind AS kind, p.members AS members") == [{"name": "甲名", "kind": "program", "members": None}]


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


def test_reader_cannot_write(open_graph):
    reader = open_graph(writable=False)
    with pytest.raises(Conflict):
        reader.apply([Report("a").change()])


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


def test_applying_again_changes_nothing(store):
    changes = [full_report("a").change(), full_report("b", "cn:350524/白水乡", 2022).change()]
    store.apply(changes)
    before = listing(store)
    store.apply(changes)
    assert listing(store) == before


def test_graph_is_the_same_on_every_engine_line_by_line(store, fresh):
    changes = [full_report("a").change(), full_report("b", "cn:350524/白水乡", 2022).change(), full_report("c", "cn:500229/云岭镇", None).change()]
    store.apply(changes)
    fresh.apply(changes)
    lines = list(list_graph(store))
    assert lines == list(list_graph(fresh))
    assert listing(store) == listing(fresh)
    assert len(lines) > 50


def test_deleted_and_replaced_reports_leave_the_graph_of_one_that_never_saw_them(store, fresh):
    store.apply([full_report("a").change(1), full_report("b", "cn:350524/白水乡", 2022).change(2), full_report("c", "cn:500229/云岭镇").change(3)])
    store.apply([removal("a", 4), Report("c", "cn:500229/云岭镇", 2021).adopts("法律七进").change(5, fingerprint="f2")])
    fresh.apply([Report("c", "cn:500229/云岭镇", 2021).adopts("法律七进").change(1, fingerprint="f2"), full_report("b", "cn:350524/白水乡", 2022).change(2)])
    assert list(list_graph(store)) == list(list_graph(fresh))
    assert listing(store) == listing(fresh)


def test_fingerprints_come_by_code_points(store):
    keys = ["z", "a", "中", "\U00020000", "￥", "Z", "é", "e\u0301"]
    store.apply([Report(key).change(number, fingerprint=f"print of {key}") for number, key in enumerate(keys)])
    found = list(store.fingerprints())
    assert found == sorted(found)
    assert {fingerprint for _, fingerprint in found} == {f"print of {key}" for key in keys}


def test_texts_sort_by_code_points_and_nothing_comes_last(store):
    rows = store.read("UNWIND ['￥', '\U00020000', 'a', 'Z', '中', null] AS x RETURN x ORDER BY x")
    assert [row["x"] for row in rows] == ["Z", "a", "中", "￥", "\U00020000", None]


def test_report_can_go_away_while_it_is_listed(store):
    store.apply([Report(str(number)).change(number) for number in range(3)])
    listed = store.fingerprints()
    first = next(listed)
    listed.close()
    store.apply([removal("0"), removal("1"), removal("2")])
    assert first and list(store.fingerprints()) == []


def test_wiping_a_report_takes_all_it_states(store):
    store.apply([full_report("a").change()])
    ids = [row["id"] for row in store.read("MATCH (n) RETURN n.id AS id")]
    store.wipe([report for report, _ in store.fingerprints()], ids)
    assert listing(store) == ([], [])


def test_reader_sees_what_is_rebuilt(store, open_graph):
    changes = [full_report("a").change(), full_report("b", "cn:350524/白水乡").change()]
    store.apply([*changes, full_report("gone").change()])
    store.rebuild(iter(changes))
    store.close()
    reader = open_graph(writable=False)
    reader.refresh()
    assert len(list(reader.fingerprints())) == 2


def test_rebuild_repairs_what_somebody_else_broke(store, fresh):
    changes = [full_report("a").change(), full_report("b", "cn:350524/白水乡").change()]
    store.apply([full_report("a").change(), full_report("gone").change()])
    store.rebuild(iter(changes))
    fresh.apply(changes)
    assert listing(store) == listing(fresh)


def test_failed_rebuild_keeps_the_old_graph(store):
    store.apply([Report("a").change()])
    before = listing(store)

    def broken():
        yield Report("b").change()
        raise RuntimeError("archive went away")

    with pytest.raises(RuntimeError):
        store.rebuild(broken())
    assert listing(store) == before


@pytest.mark.parametrize("value", [2**70, object(), "\ud800"])
def test_parameter_that_has_no_form_is_invalid(store, value):
    with pytest.raises(Invalid):
        store.read("RETURN $value AS value", {"value": value})


def test_dates_are_iso_text(store):
    (row,) = store.read("RETURN date('2024-01-31') AS day")
    assert row == {"day": "2024-01-31"}


def test_an_adviser_whom_nobody_names_has_reports_that_tell_of_it(store):
    report = Report("a").node("body:hall", "Body", "青石镇人民政府").node("adviser:未具名", "LegalAdviser", "未具名")
    store.apply([report.relates("ADVISES", "adviser:未具名", "body:hall").change()])
    assert queries.get_entity(store, "adviser:未具名").reports == 1
    assert [row.reports for row in queries.list_entities(store, type="LegalAdviser").rows] == [1]
