"""What the panel asks, the same on every engine."""

from __future__ import annotations

import pytest
from graph_engines import ENGINES, opening
from graph_samples import Report

from graph import measuring, queries

STONE, CLOUD = "cn:350524/青石镇", "cn:500229/云岭镇"


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    with opening(request.param, tmp_path_factory.mktemp("graph"), request) as open_graph:
        store = open_graph()
        first = Report("a", STONE, 2022).counts("disputes_mediated", 120, approx="more_than").counts(None, 3, phrase="走访群众")
        second = Report("b", STONE, 2023).counts("disputes_mediated", 130).counts("disputes_mediated", 999, modality="planned")
        third = Report("c", CLOUD, 2023).counts("disputes_mediated", 80)
        fourth = Report("d", CLOUD, None).counts("disputes_mediated", 7)
        store.apply([report.change() for report in (first, second, third, fourth)])
        yield store


def test_places_that_numbers_are_stated_about(store):
    assert measuring.list_measured_places(store, place=None, level="township") == {STONE: "青石镇", CLOUD: "云岭镇"}
    assert measuring.list_measured_places(store, place="cn:3505", level="township") == {STONE: "青石镇"}
    assert measuring.list_measured_places(store, place=STONE, level="county") == {}


def test_places_that_numbers_of_an_indicator_are_stated_about(store):
    disputes = [id for id, _ in queries.find_indicators(store, ["disputes_mediated"])]
    visits = [id for id, _ in queries.find_indicators(store, ["走访群众"])]
    assert measuring.list_measured_places(store, place=None, level="township", indicators=disputes) == {STONE: "青石镇", CLOUD: "云岭镇"}
    assert measuring.list_measured_places(store, place=None, level="township", indicators=visits) == {STONE: "青石镇"}
    assert measuring.list_measured_places(store, place=None, level="township", indicators=visits + disputes) == {STONE: "青石镇", CLOUD: "云岭镇"}
    assert measuring.list_measured_places(store, place="cn:50", level="township", indicators=disputes) == {CLOUD: "云岭镇"}
    assert measuring.list_measured_places(store, place="cn:50", level="township", indicators=visits) == {}
    assert measuring.list_measured_places(store, place=None, level="county", indicators=disputes) == {}
    assert measuring.list_measured_places(store, place=None, level="township", indicators=[]) == {}


def test_measures_of_places_in_their_order(store):
    wanted = [id for id, _ in queries.find_indicators(store, ["disputes_mediated"])]
    rows = measuring.list_measures_of_places(store, [STONE, CLOUD], indicators=wanted)
    assert [(row.place, row.year, row.value, row.approx) for row in rows] == [
        (STONE, 2022, 120, "more_than"),
        (STONE, 2023, 130, None),
        (CLOUD, 2023, 80, None),
    ]
    every = measuring.list_measures_of_places(store, [STONE, CLOUD])
    assert set(rows) < set(every)
    assert {row.modality for row in every} <= {"done", "ongoing"}
    assert [row.value for row in measuring.list_measures_of_places(store, [STONE], indicators=wanted, to_year=2022)] == [120]
    assert measuring.list_measures_of_places(store, [], indicators=wanted) == []


def test_ancestors_by_level(store):
    above = measuring.list_ancestors(store, [STONE, CLOUD])
    assert {level: name for level, (_, name) in above[STONE].items()} == {
        "township": "青石镇",
        "county": "安溪县",
        "prefecture": "泉州市",
        "province": "福建省",
    }
    assert "prefecture" not in above[CLOUD]
    assert above[CLOUD]["province"][0] == "cn:50"


def test_coverage_goes_through_all_pages(store):
    rows = list(measuring.iter_coverage(store, place=None, level="township"))
    assert rows == list(queries.list_coverage(store).rows)
