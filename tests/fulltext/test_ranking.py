"""What ranking, comparing and explaining ask of every engine."""

from __future__ import annotations

import msgspec
import pytest
from fulltext_corpus import removal
from ranking_corpus import OWN_SENTENCE, TEMPLATE, town
from ranking_corpus import TOWNS as CORPUS

from fulltext.choosing import Said, choose_passages, worth
from fulltext.explaining import explain
from fulltext.query import Like, parse
from fulltext.sentences import key_of
from fulltext.store import Filters, TextStore
from ingest.ids import report_id

KEY = key_of(TEMPLATE)


def numbers(store: TextStore, query: str | None, **filters: object) -> str:
    """The numbers of the towns that are found, best first."""
    names = {report_id(f"town-{number}"): str(number) for number in range(9)}
    found = store.search(parse(query) if query else None, Filters(**filters))  # type: ignore[arg-type]
    return "".join(names[hit.report] for hit in found.hits)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"网格员 调解"~6', "1"),
        ('"调解 网格员"~6', "1"),
        ('"网格员 开展调解"~2', "1"),
        ('"网格员 调解"~3', ""),
        ('"网格员 开展 调解"~4', "1"),
        ('"网格员 信访"~8', "3"),
        ('section:results "网格员 调解"~6', "1"),
        ('section:plan "网格员 调解"~6', ""),
        ("body:司法所", "23"),
        ("body:第三镇司法所", "2"),
        ("机构：永春县司法局", "3"),
        ("body:司法局", "3"),
        ("body:body:cn:350524/第三镇司法所", "2"),
        ("body:人民法院", ""),
        ("indicator:审查合同数", "2"),
        ("indicator:contracts_reviewed", "2"),
        ("indicator:indicator:contracts_reviewed", "2"),
        ("指标：审查合同", "2"),
    ],
)
def test_what_a_query_finds(standing: TextStore, query: str, found: str) -> None:
    assert "".join(sorted(numbers(standing, query))) == found


def test_filters_by_body_and_indicator(standing: TextStore) -> None:
    assert numbers(standing, None, body="永春县司法局") == "3"
    assert numbers(standing, "法律顾问", indicator="审查合同数") == "2"


def test_facets_of_bodies_indicators_and_modalities(standing: TextStore) -> None:
    facets = standing.search(None, Filters(), facets=("body", "indicator", "modality"), size=0).facets
    assert facets["body"] == (("司法所", 2), ("司法局", 1))
    assert facets["indicator"] == (("contracts_reviewed", 1),)
    assert facets["modality"] == (("done", 2),)


def test_the_places_own_sentence_comes_first(standing: TextStore) -> None:
    assert numbers(standing, "法律顾问")[0] == "2"


def test_a_template_is_counted_by_place_without_names_and_numbers(standing: TextStore) -> None:
    assert dict(standing.said_by([KEY, key_of(OWN_SENTENCE.removeprefix("第三镇")), "0" * 13])) == {
        KEY: 4,
        key_of(OWN_SENTENCE.removeprefix("第三镇")): 1,
        "0" * 13: 0,
    }


def test_two_reports_of_one_place_count_once_and_deleted_ones_not_at_all(store: TextStore) -> None:
    again = town(0, TEMPLATE, year=2023)
    assert again.item
    store.apply([*CORPUS, again])
    assert store.said_by([KEY])[KEY] == 4
    store.apply([removal("town-1"), removal("town-3")])
    assert store.said_by([KEY])[KEY] == 2
    store.apply(CORPUS[::-1])
    assert store.said_by([KEY])[KEY] == 4


def test_counted_all_at_once_is_counted_one_by_one(store: TextStore) -> None:
    again, nowhere = town(0, TEMPLATE, year=2023), town(8, f"{TEMPLATE}本镇不知何处。")
    assert again.item and nowhere.item
    unplaced = msgspec.structs.replace(nowhere, item=msgspec.structs.replace(nowhere.item, document=msgspec.structs.replace(nowhere.item.document, place=None)))
    store.apply([*CORPUS, again, unplaced])
    ids = [change.report for change in (*CORPUS, unplaced)]
    keys = {sentence.key for view in store.views(ids).values() for sentence in view.sentences if sentence.key}
    one_by_one = dict(store.said_by(sorted(keys)))
    said = Said()
    assert said.count(store, keys) == one_by_one
    assert {0, 1, 4} <= set(one_by_one.values())
    said.count_all(store)
    assert said.is_settled and said.asked == 1
    assert said.count(store, keys) == one_by_one
    told = store.said_otherwise(1_000)
    assert told is None or (told.items() <= one_by_one.items() and len(told) < len(keys))
    assert store.said_otherwise(1) is None
    store.apply([removal("town-1"), removal("town-3")])
    later = Said()
    later.count_all(store)
    assert later.count(store, [KEY]) == {KEY: 2}


def test_frequencies_count_reports_among_those_that_match(standing: TextStore) -> None:
    assert dict(standing.frequencies(["法律顾问", "司法", "没有"])) == {"法律顾问": 5, "司法": 3, "没有": 0}
    assert dict(standing.frequencies(["司法", "信访"], parse("网格员"))) == {"司法": 2, "信访": 1}
    assert dict(standing.frequencies(["法律顾问"], None, Filters(from_year=2022))) == {"法律顾问": 3}


def test_likeness_adds_up_the_weights_of_what_is_shared(standing: TextStore) -> None:
    found = standing.search(Like(words=(("司法", 2.0), ("信访", 0.5)), sentences=((KEY, 4.0),)), Filters())
    scores = {hit.report: hit.score for hit in found.hits}
    expected = {0: 4.5, 1: 6.0, 2: 2.0, 3: 6.5, 4: 4.0}
    assert scores == pytest.approx({report_id(f"town-{number}"): score for number, score in expected.items()})


@pytest.mark.parametrize(
    "query",
    [
        "法律顾问",
        "司法所 OR 法律顾问",
        "(信访 AND 不在这里) OR 法律顾问",
        '"网格员 调解"~6',
        "网?员",
        "section:results 法律顾问",
        "title:镇 OR 信访",
        "调解 NOT 合同",
    ],
)
def test_the_parts_of_a_score_add_up_to_it(standing: TextStore, query: str) -> None:
    tree = parse(query)
    hits = standing.search(tree, Filters()).hits
    explained = explain(standing, tree, Filters(), [hit.report for hit in hits])
    assert hits
    for hit in hits:
        assert sum(part.score for part in explained[hit.report]) == pytest.approx(hit.score, rel=1e-4), explained[hit.report]


def test_passages_tell_how_many_places_say_them(standing: TextStore) -> None:
    tree = parse("法律顾问")
    reports = [report_id(f"town-{number}") for number in (2, 4)]
    chosen = choose_passages(standing, standing.views(reports), tree, Filters(), limit=3)
    assert [(passage.own, passage.places) for passage in chosen[reports[0]]] == [(True, 1)]
    # the short sentence answers as well as the template does, and nobody else says it
    assert [passage.places for passage in chosen[reports[1]]] == [1, 4]


def test_what_many_say_is_worth_less_and_what_is_own_more() -> None:
    assert worth(True, 1) > worth(False, 1) > worth(False, 2) > worth(True, 500) > worth(False, 5000)
