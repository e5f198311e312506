from __future__ import annotations

import math
from collections import Counter

import pytest
from graph_engines import ENGINES, opening
from graph_samples import Report

import cypher
from fazhi.errors import Invalid, NotFound
from graph import queries
from graph.profiling import cut_cell, list_items
from ingest.ids import report_id
from ingest.model import Issuer

STONE, WATER, CLOUD = "cn:350524/青石镇", "cn:350524/白水乡", "cn:500229/云岭镇"
HALL = f"body:{STONE}/人民政府"


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    with opening(request.param, tmp_path_factory.mktemp("graph"), request) as open_graph:
        store = open_graph()
        fill(store)
        yield store


def fill(store):
    first = Report("a", STONE, 2022).adopts("法律七进", family="法律进").counts("disputes_mediated", 120, approx="more_than").counts(None, 3, phrase="走访群众")
    first.relates("PART_OF", "program:法律七进", "program:法律进")
    first.issuers = (Issuer(name="青石镇人民政府", node=HALL),)
    first.node(HALL, "Body", "青石镇人民政府").node(f"room:{STONE}/和风", "MediationRoom", "和风调解室").says("body", HALL).says(
        "mediation_room", f"room:{STONE}/和风"
    )
    first.relates("PART_OF", HALL, STONE).relates("OPERATES", STONE, f"room:{STONE}/和风")
    first.node("adviser:林小满", "LegalAdviser", "林小满").says("legal_adviser", "adviser:林小满")
    first.relates("ADVISES", "adviser:林小满", HALL, attrs={"firm": "某律师事务所"})
    second = Report("b", STONE, 2023).adopts("法律八进", family="法律进").counts("disputes_mediated", 130)
    third = Report("c", WATER, 2023).adopts("法律八进", family="法律进", modality="planned", year=2024).says("place", STONE)
    fourth = Report("d", CLOUD, 2023).adopts("法律八进").counts("disputes_mediated", 80)
    fifth = Report("e", CLOUD, None)
    store.apply([report.change() for report in (first, second, third, fourth, fifth)])


def test_entities_of_a_type(store):
    assert [row.name for row in queries.list_entities(store, type="Program").rows] == ["法律七进", "法律八进", "法律进"]


def test_entities_by_part_of_the_name(store):
    assert [row.id for row in queries.list_entities(store, q="和风").rows] == [f"room:{STONE}/和风"]


def test_entities_below_a_place_count_its_reports_only(store):
    rows = queries.list_entities(store, type="Program", place="cn:35").rows
    assert [(row.name, row.reports) for row in rows] == [("法律七进", 1), ("法律八进", 2)]


def test_pages_go_on_to_the_end_without_gap_or_repeat(store):
    every = [row.id for row in queries.list_entities(store, size=100).rows]
    seen: list[str] = []
    cursor = None
    while True:
        page = queries.list_entities(store, size=3, cursor=cursor)
        seen += [row.id for row in page.rows]
        cursor = page.cursor
        if cursor is None:
            break
    assert seen == every
    assert len(every) == len(set(every)) > 12


def test_cursor_of_another_list_is_refused(store):
    cursor = queries.list_entities(store, size=1).cursor
    with pytest.raises(Invalid):
        queries.list_indicators(store, cursor=cursor)


@pytest.mark.parametrize("cursor", ["%%%", "abc", "ZW50aXRpZXM6LTU", "é"])
def test_mangled_cursor_is_refused(store, cursor):
    with pytest.raises(Invalid):
        queries.list_entities(store, cursor=cursor)


def test_unknown_type_is_refused(store):
    with pytest.raises(Invalid, match="no node type"):
        queries.list_entities(store, type="Nonsense")


def test_entity_shows_declared_properties_only(store):
    entity = queries.get_entity(store, STONE)
    assert entity == queries.Entity(id=STONE, labels=("Place", "Township"), name="青石镇", reports=3, properties={"level": "township", "parent": "cn:350524"})


def test_unknown_entity_is_not_found(store):
    with pytest.raises(NotFound):
        queries.get_entity(store, "program:无")


def test_neighbours_carry_report_and_facts(store):
    (row,) = queries.list_neighbours(store, HALL, relation="ADVISES").rows
    assert (row.direction, row.id, row.name, row.report) == ("in", "adviser:林小满", "林小满", report_id("a"))
    assert row.facts and row.properties == {"firm": "某律师事务所"}


def test_neighbours_by_direction_and_year(store):
    assert {row.relation for row in queries.list_neighbours(store, STONE, direction="out").rows} == {"PART_OF", "ADOPTS", "OPERATES"}
    assert [row.name for row in queries.list_neighbours(store, STONE, relation="ADOPTS", year=2023).rows] == ["法律八进"]


def test_neighbours_of_nothing_are_not_found(store):
    with pytest.raises(NotFound):
        queries.list_neighbours(store, "cn:99")


def test_unknown_relation_is_refused(store):
    with pytest.raises(Invalid):
        queries.list_neighbours(store, STONE, relation="LIKES")


def test_evidence_leads_to_facts_newest_first(store):
    rows = queries.list_evidence(store, "program:法律八进").rows
    assert [row.year for row in rows] == sorted((row.year for row in rows), reverse=True)
    assert {row.relation for row in rows} == {"ADOPTS", "MENTIONS"}
    assert all(row.facts and row.facts[0].startswith(row.report) for row in rows)


def test_evidence_of_an_indicator_is_the_fact_of_each_measure(store):
    rows = queries.list_evidence(store, "indicator:disputes_mediated").rows
    assert len(rows) == 3
    assert all(row.facts and row.facts[0].startswith(row.report) for row in rows)


def test_place_rolls_up(store):
    place = queries.get_place(store, "cn:35")
    assert (place.reports, place.townships, place.townships_with_reports, place.years) == (3, 2, 2, (2022, 2023))
    assert (place.adopters, place.programs, place.rooms, place.advisers) == (1, 2, 1, 1)
    assert [(child.name, child.reports) for child in place.children] == [("泉州市", 3)]


def test_place_knows_its_path(store):
    assert [above.name for above in queries.get_place(store, STONE).path] == ["福建省", "泉州市", "安溪县"]
    assert [above.name for above in queries.get_place(store, CLOUD).path] == ["重庆市", "城口县"]


def test_program_is_not_a_place(store):
    with pytest.raises(NotFound, match="not a place"):
        queries.get_place(store, "program:法律八进")


def test_adopters_of_a_family_take_its_variants_in(store):
    rows = queries.list_adopters(store, "法律进").rows
    assert [(row.name, row.program_name, row.year, row.first_seen, row.modality) for row in rows] == [
        ("青石镇", "法律七进", 2022, 2022, "done"),
        ("云岭镇", "法律八进", 2023, 2023, "done"),
        ("青石镇", "法律八进", 2023, 2023, "done"),
        ("白水乡", "法律八进", 2024, None, "planned"),
    ]


def test_adopters_by_place_and_year(store):
    assert {row.name for row in queries.list_adopters(store, "program:法律八进", place="cn:35").rows} == {"青石镇", "白水乡"}
    assert {row.name for row in queries.list_adopters(store, "program:法律八进", to_year=2023).rows} == {"青石镇", "云岭镇"}


def test_years_of_adoption_are_those_of_the_adopters(store):
    for bounds in ({}, {"place": "cn:35"}, {"to_year": 2023}):
        told = {(row.place, row.name, row.year, row.modality) for row in queries.list_adopters(store, "法律进", **bounds).rows}
        years = queries.list_adoption_years(store, "法律进", limit=100, **bounds)
        assert {(row.place, row.name, row.year, row.modality) for row in years} == told
        assert len(years) == len(told)
    assert len(queries.list_adoption_years(store, "法律进", limit=2)) == 2


def test_unknown_program_is_not_found(store):
    with pytest.raises(NotFound):
        queries.list_adopters(store, "法律百进")
    with pytest.raises(NotFound):
        queries.list_adoption_years(store, "法律百进", limit=100)


def test_variants_of_a_family(store):
    assert [(row.name, row.relation, row.adopters, row.first_year) for row in queries.list_variants(store, "法律八进")] == [
        ("法律七进", "sibling", 1, 2022),
        ("法律八进", "self", 2, 2023),
        ("法律进", "family", 0, None),
    ]


def test_paths_have_evidence_per_hop(store):
    paths = queries.find_paths(store, WATER, STONE).rows
    assert [node.id for node in paths[0].nodes][::2] == [WATER, STONE]
    by_program = next(path for path in paths if path.nodes[1].id == "program:法律八进")
    assert all(hop.relation == "ADOPTS" and hop.report and hop.facts for hop in by_program.hops)


def test_path_respects_its_length(store):
    assert queries.find_paths(store, STONE, CLOUD, max_hops=1).rows == ()
    assert len(queries.find_paths(store, STONE, CLOUD, max_hops=2).rows[0].hops) == 2


def test_path_to_itself_has_no_hops(store):
    assert queries.find_paths(store, STONE, STONE).rows[0].hops == ()


def test_paths_tell_what_they_cost(store):
    found = queries.find_paths(store, WATER, STONE, k=20)
    costs = [path.cost for path in found.rows]
    assert costs == sorted(costs) and not found.bounded
    assert len({tuple(node.id for node in path.nodes) for path in found.rows}) == len(found.rows)
    assert all(path.cost == pytest.approx(len(path.hops) + sum(math.log10(degree) for degree in path.degrees[1:-1]), abs=1e-5) for path in found.rows)


def test_items_of_places_take_in_what_lies_below_them(store):
    items = list_items(store, ["cn:350524", CLOUD])
    assert [(item.place, item.kind, item.name, item.first_seen) for item in items] == [
        ("cn:350524", "program", "法律七进", 2022),
        ("cn:350524", "program", "法律八进", 2023),
        ("cn:350524", "legal_adviser", "林小满", 2022),  # of the township's government
        ("cn:350524", "mediation_room", "和风调解室", 2022),
        (CLOUD, "program", "法律八进", 2023),
    ]
    adopted = items[1]
    assert [(told.source, told.year, told.modality) for told in adopted.statements] == [(STONE, 2023, "done"), (WATER, 2024, "planned")]
    assert cut_cell(adopted, 2024, 2024, reported=False).says == "planned"
    assert cut_cell(adopted, 2022, 2022, reported=True).says == "unstated"
    assert cut_cell(adopted, 2021, 2021, reported=False).says == "unknown"
    assert [item.kind for item in list_items(store, [STONE], ["mediation_room"])] == ["mediation_room"]


def test_counted_items_say_the_same_with_fewer_statements(store):
    places = [row["id"] for row in store.read("MATCH (n:Place) RETURN n.id AS id ORDER BY id", {})]
    every, counted = list_items(store, places), list_items(store, places, counted=True)
    assert [(item.place, item.id, item.first_seen) for item in counted] == [(item.place, item.id, item.first_seen) for item in every]
    for item, short in zip(every, counted, strict=True):
        told = Counter((each.year, each.modality) for each in item.statements)
        assert told == {key: sum(each.count for each in short.statements if (each.year, each.modality) == key) for key in told}
        assert {each.facts[0] for each in short.statements} <= {fact for each in item.statements for fact in each.facts}
        assert {each.report for each in short.statements} <= {each.report for each in item.statements}


def test_path_to_nowhere_is_not_found(store):
    with pytest.raises(NotFound):
        queries.find_paths(store, STONE, "cn:99")


def test_measures_by_id_name_and_place(store):
    rows = queries.list_measures(store, "disputes_mediated").rows
    assert [(row.year, row.place_name, row.value, row.unit, row.approx) for row in rows] == [
        (2022, "青石镇", 120, "件", "more_than"),
        (2023, "云岭镇", 80, "件", None),
        (2023, "青石镇", 130, "件", None),
    ]
    assert all(row.fact.startswith(row.report) for row in rows)
    assert queries.list_measures(store, "调解矛盾纠纷数").rows == rows
    assert [row.value for row in queries.list_measures(store, "disputes_mediated", place="cn:50").rows] == [80]
    assert [row.value for row in queries.list_measures(store, "disputes_mediated", to_year=2022).rows] == [120]


def test_words_that_the_catalogue_does_not_know_are_an_indicator_too(store):
    (row,) = queries.list_measures(store, "走访群众").rows
    assert (row.indicator, row.value) == ("indicator:raw/走访群众", 3)


def test_unknown_indicator_is_not_found(store):
    with pytest.raises(NotFound):
        queries.list_measures(store, "飞行次数")


def test_indicators_most_stated_first(store):
    rows = queries.list_indicators(store).rows
    assert [(row.name, row.catalogued, row.measures, row.reports, row.units) for row in rows] == [
        ("调解矛盾纠纷数", True, 3, 3, ("件",)),
        ("走访群众", False, 1, 1, ("件",)),
    ]
    assert [row.name for row in queries.list_indicators(store, catalogued=False).rows] == ["走访群众"]


def test_coverage_is_township_by_year(store):
    rows = queries.list_coverage(store).rows
    assert [(row.name, row.path, [year for year, _ in row.years], len(row.undated)) for row in rows] == [
        ("白水乡", ("福建省", "泉州市", "安溪县"), [2023], 0),
        ("青石镇", ("福建省", "泉州市", "安溪县"), [2022, 2023], 0),
        ("云岭镇", ("重庆市", "城口县"), [2023], 1),
    ]
    assert [row.name for row in queries.list_coverage(store, place="cn:3505", from_year=2022, to_year=2022).rows] == ["青石镇"]


def test_schema_counts_what_is_there(store):
    schema = queries.get_schema(store)
    counts = {node.name: node.count for node in schema.nodes} | {edge.name: edge.count for edge in schema.edges}
    assert (counts["Report"], counts["Township"], counts["ADVISES"], counts["REUSES"]) == (5, 3, 1, 0)
    adopts = next(edge for edge in schema.edges if edge.name == "ADOPTS")
    assert {"report", "facts", "modality", "year", "first_seen"} <= {property.name for property in adopts.properties}


def rolled(store, place, **asked):
    return [
        (row.relation, row.direction, row.name, row.townships, row.doing, row.edges, row.years) for row in queries.list_rolled_up(store, place, **asked).rows
    ]


def test_what_townships_are_tied_to_is_counted_over_them(store):
    assert rolled(store, "cn:350524", relation="ADOPTS") == [
        ("ADOPTS", "out", "法律八进", 2, 1, 2, (2023, 2024)),  # one does it, one plans it
        ("ADOPTS", "out", "法律七进", 1, 1, 1, (2022,)),
    ]
    assert rolled(store, "cn:35") == rolled(store, "cn:350524")
    # an adviser of the township's government is the township's
    assert rolled(store, "cn:35", relation="ADVISES") == [("ADVISES", "in", "林小满", 1, 1, 1, (2022,))]
    assert rolled(store, "cn:35", relation="OPERATES") == [("OPERATES", "out", "和风调解室", 1, 1, 1, (2022,))]
    assert rolled(store, "cn:35", relation="ADOPTS", year=2022) == [("ADOPTS", "out", "法律七进", 1, 1, 1, (2022,))]
    assert rolled(store, STONE, relation="ADOPTS", year=2023) == [("ADOPTS", "out", "法律八进", 1, 1, 1, (2023,))]
    assert queries.count_townships(store, "cn:35") == 2


def test_what_is_rolled_up_comes_in_pages_and_stands_on_a_fact(store):
    first = queries.list_rolled_up(store, "cn:35", size=1)
    rest = queries.list_rolled_up(store, "cn:35", size=10, cursor=first.cursor)
    every = queries.list_rolled_up(store, "cn:35").rows
    assert (*first.rows, *rest.rows) == every
    assert all(row.fact and row.fact.startswith(tuple(report_id(key) for key in "abc")) for row in every)


def test_only_places_and_relations_of_places_are_rolled_up(store):
    with pytest.raises(NotFound, match="not a place"):
        queries.list_rolled_up(store, "program:法律八进")
    with pytest.raises(NotFound):
        queries.list_rolled_up(store, "cn:99")
    with pytest.raises(Invalid, match="not counted over townships"):
        queries.list_rolled_up(store, "cn:35", relation="CITES")


def ties(store, ids, limit=100, year=None, relations=("ADOPTS", "OPERATES", "PART_OF")):
    rows = store.read(cypher.load("read/ties"), {"ids": ids, "relations": list(relations), "year": year, "limit": limit})
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(row.pop("of"), []).append(row)
    return found


def test_ties_of_several_nodes_are_those_of_each(store):
    ids = [STONE, "program:法律八进", HALL, "cn:350524"]
    together = ties(store, ids)
    assert list(together) == sorted(ids)
    assert together == {id: ties(store, [id])[id] for id in ids}
    assert {(tie["relation"], tie["outgoing"], tie["id"]) for tie in together[HALL]} == {("PART_OF", True, STONE)}


def test_a_tie_counts_its_edges_and_the_most_stated_come_first(store):
    found = ties(store, ["program:法律八进"], relations=("ADOPTS", "MENTIONS"))["program:法律八进"]
    assert [tie["edges"] for tie in found] == sorted((tie["edges"] for tie in found), reverse=True)
    stone = next(tie for tie in found if tie["id"] == STONE)
    assert (stone["relation"], stone["outgoing"], stone["labels"], stone["name"]) == ("ADOPTS", False, ["Place", "Township"], "青石镇")
    assert stone["years"] == [2023] and stone["modalities"] == ["done"] and [bool(facts) for facts in stone["facts"]] == [True]


def test_ties_are_cut_node_by_node(store):
    ids = [STONE, "program:法律八进"]
    whole, cut = ties(store, ids), ties(store, ids, limit=1)
    assert all(len(whole[id]) > 1 for id in ids)
    assert cut == {id: whole[id][:1] for id in ids}


def test_ties_of_a_year_and_of_what_is_not_there(store):
    assert {tie["id"] for tie in ties(store, [STONE], year=2022)[STONE]} >= {"program:法律七进"}
    assert "program:法律八进" not in {tie["id"] for tie in ties(store, [STONE], year=2022)[STONE]}
    assert ties(store, ["nothing", "program:法律进"]) == ties(store, ["program:法律进"]) != {}
    assert ties(store, []) == {}
