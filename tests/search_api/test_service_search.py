from __future__ import annotations

from typing import Any

import pytest
from search_api_corpus import TALES
from starlette.testclient import TestClient

TEXTS = {tale.key: tale.text for tale in TALES}


def search(client: TestClient, **parameters: Any) -> Any:
    response = client.get("/api/search", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def keys(answer: Any) -> set[str]:
    return {hit["key"] for hit in answer["hits"]}


def test_a_hit_shows_the_sentence_with_offsets_of_the_original(client: TestClient) -> None:
    hit = next(hit for hit in search(client, q="法律八进")["hits"] if hit["key"] == "甲溪镇2023.txt")
    text = TEXTS[hit["key"]]
    passage = hit["passages"][0]
    assert passage["text"] == text[passage["start"] : passage["end"]] == "全镇深入开展“法律八进”活动，建成“茶香室”调解工作室。"
    assert [text[span["start"] : span["end"]] for span in passage["highlights"]] == ["法律八进"]
    assert passage["section"] == "results"
    assert hit["path"] == ["福建省", "泉州市", "安溪县", "甲溪镇"]


def test_an_answer_says_what_it_rests_on(client: TestClient) -> None:
    answer = search(client, q="法律八进", place="cn:3505", **{"from": 2023})
    assert len(answer["snapshot"]) == 16
    assert answer["coverage"] == {"reports": 3, "townships": 3, "years": [2023], "undated": 1, "unreadable": 1}


def test_a_place_takes_in_all_below_it(client: TestClient) -> None:
    assert keys(search(client, place="cn:3505")) == set(TEXTS) - {"空.txt"}
    assert keys(search(client, place="cn:350524/乙岭乡")) == {"2022/乙岭乡2022.md", "乙岭乡2023.txt"}


def test_a_place_may_be_given_by_name(client: TestClient) -> None:
    assert keys(search(client, place="乙岭乡")) == {"2022/乙岭乡2022.md", "乙岭乡2023.txt"}


def test_an_unknown_place_name_is_a_problem(client: TestClient) -> None:
    response = client.get("/api/search", params={"place": "没有这个镇"})
    assert response.status_code == 404
    assert "没有这个镇" in response.json()["detail"]


def test_years_level_program_and_section_narrow(client: TestClient) -> None:
    assert keys(search(client, **{"from": 2021, "to": 2022})) == {"甲溪镇2021.txt", "2022/乙岭乡2022.md"}
    assert keys(search(client, level="township", q="短文")) == set()
    assert keys(search(client, program="program:法律七进")) == {"甲溪镇2021.txt"}
    assert keys(search(client, q="法律八进", section="plan")) == {"甲溪镇2021.txt"}
    assert keys(search(client, q="法律八进", modality="planned")) == {"甲溪镇2021.txt"}


def test_facets_have_labels_and_values_that_filter(client: TestClient) -> None:
    answer = search(client, facets="township,year", q="法律八进")
    townships = {value["label"]: value for value in answer["facets"]["township"]}
    assert townships["乙岭乡"]["value"] == "cn:350524/乙岭乡"
    for value in answer["facets"]["township"]:
        assert search(client, q="法律八进", place=value["value"])["total"] == value["reports"]


def test_facets_may_be_repeated_or_divided_by_commas(client: TestClient) -> None:
    assert search(client, facets=["year", "county"])["facets"] == search(client, facets="year,county")["facets"]


@pytest.mark.parametrize("sort", ["score", "year", "-year", "place"])
@pytest.mark.parametrize("q", [None, "法治政府"])
def test_following_the_cursor_gives_every_hit_once(client: TestClient, sort: str, q: str | None) -> None:
    found: list[str] = []
    cursor = None
    while True:
        parameters = {name: value for name, value in {"q": q, "sort": sort, "size": 2, "cursor": cursor}.items() if value is not None}
        answer = search(client, **parameters)
        found += [hit["key"] for hit in answer["hits"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert sorted(found) == sorted(keys(search(client, size=100, **({"q": q} if q else {}))))
    assert len(found) == answer["total"]


def test_a_wrong_query_says_where(client: TestClient) -> None:
    response = client.get("/api/search", params={"q": '法律 AND "八进'})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/invalid"
    assert problem["position"] == 7
    assert problem["cure"]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("level", "city"), ("section", "summary"), ("modality", "will"), ("sort", "best"), ("facets", "colour"), ("size", "0"), ("from", "abc"), ("form", "2020")],
)
def test_a_wrong_parameter_is_named_with_what_would_be_right(client: TestClient, parameter: str, value: str) -> None:
    response = client.get("/api/search", params={parameter: value})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    (wrong, *_) = response.json()["errors"]
    assert wrong["parameter"].startswith(parameter)
    assert wrong["where"] == "query"
    assert response.json()["cure"]


def test_a_cursor_of_another_list_is_a_problem(client: TestClient) -> None:
    assert client.get("/api/search", params={"cursor": "nonsense"}).status_code == 400


def test_suggestions_by_characters_and_pinyin(client: TestClient) -> None:
    by_characters = client.get("/api/suggest", params={"q": "法律八"}).json()["suggestions"]
    assert {"text": "法律八进", "kind": "program", "id": "program:法律八进", "alias_of": None} in by_characters
    by_pinyin = client.get("/api/suggest", params={"q": "jiaxi"}).json()["suggestions"]
    assert ("甲溪镇", "cn:350524/甲溪镇") in {(entry["text"], entry["id"]) for entry in by_pinyin}
