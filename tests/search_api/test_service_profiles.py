"""A place through the years, and two places or years side by side."""

from __future__ import annotations

from typing import Any

import pytest
from search_api_corpus import ROOM, A, B
from starlette.testclient import TestClient


def profile(client: TestClient, place: str = A, **more: Any) -> dict[str, Any]:
    response = client.get(f"/api/places/{place}/profile", params=more)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def compare(client: TestClient, left: str, right: str, **more: Any) -> dict[str, Any]:
    response = client.get("/api/compare", params={"left": left, "right": right, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def by_id(answer: dict[str, Any]) -> dict[str, Any]:
    return {item["id"]: item for item in answer["items"]}


def test_a_profile_tells_deeds_plans_silence_and_gaps_apart(client: TestClient) -> None:
    answer = profile(client)
    assert answer["path"][-1] == "甲溪镇" and answer["entity"]["id"] == A
    assert [(year["year"], year["state"]) for year in answer["years"]] == [(2021, "present"), (2022, "missing"), (2023, "present")]
    assert len(answer["undated"]) == 1
    items = by_id(answer)
    assert [cell["says"] for cell in items["program:法律八进"]["cells"]] == ["planned", "unknown", "stated"]
    assert [cell["says"] for cell in items["program:法律七进"]["cells"]] == ["stated", "unknown", "unstated"]
    assert [cell["says"] for cell in items[ROOM]["cells"]] == ["unstated", "unknown", "stated"]
    assert (items["program:法律八进"]["first_seen"], items["program:法律七进"]["first_seen"], items[ROOM]["kind"]) == (2023, 2021, "mediation_room")
    assert answer["totals"] == {"measure": 1, "mediation_room": 1, "program": 2}
    assert answer["snapshot"] and answer["coverage"]["reports"] == 3


def test_every_cell_leads_to_its_sentence(client: TestClient) -> None:
    shown = 0
    for item in profile(client)["items"]:
        for cell in item["cells"]:
            assert (cell["says"] in ("stated", "planned")) == bool(cell["statements"])
            for statement in cell["statements"]:
                original = client.get(f"/api/reports/{statement['report']}/text").json()["text"]
                for passage in statement["passages"]:
                    assert original[passage["start"] : passage["end"]] == passage["text"]
                    shown += 1
    assert shown >= 6


def test_numbers_keep_their_approximation_and_unit(client: TestClient) -> None:
    (measure,) = profile(client, kind="measure")["items"]
    early, gap, late = measure["cells"]
    assert (measure["name"], measure["unit"], measure["kind"]) == ("调解矛盾纠纷数", "件", "measure")
    assert (early["value"], early["approx"], early["low"], early["high"]) == (30, "more_than", 30, 40)
    assert (late["value"], late["approx"], late["conflict"]) == (126, None, False)
    assert gap["says"] == "unknown" and gap["value"] is None


def test_years_and_kinds_narrow_a_profile(client: TestClient) -> None:
    answer = profile(client, **{"from": 2021, "to": 2022, "kind": "program"})
    assert [year["year"] for year in answer["years"]] == [2021, 2022]
    assert {item["kind"] for item in answer["items"]} == {"program"}
    assert answer["coverage"]["years"] == [2021]
    assert client.get(f"/api/places/{A}/profile", params={"from": 2023, "to": 2021}).status_code == 400
    assert client.get(f"/api/places/{A}/profile", params={"kind": "school"}).status_code == 422


def test_a_county_takes_in_what_lies_below_it(client: TestClient) -> None:
    answer = profile(client, "cn:350524", kind="program")
    cells = by_id(answer)["program:法律八进"]["cells"]
    assert [cell["says"] for cell in cells] == ["planned", "stated", "stated"]
    assert cells[1]["statements"][0]["source"] == B


def test_pages_of_a_profile_come_in_one_order(client: TestClient) -> None:
    whole, seen, cursor = profile(client)["items"], [], None
    while True:
        page = profile(client, size=1, **({"cursor": cursor} if cursor else {}))
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == whole
    assert [item["kind"] for item in whole] == ["program", "program", "mediation_room", "measure"]


@pytest.mark.parametrize("id", ["program:法律八进", "cn:999999", ROOM])
def test_what_is_no_place_has_no_profile(client: TestClient, id: str) -> None:
    assert client.get(f"/api/places/{id}/profile").status_code == 404


def test_two_places_side_by_side(client: TestClient) -> None:
    answer = compare(client, A, B)
    items = by_id(answer)
    assert items["program:法律八进"]["stands"] == "both" and items["program:法律七进"]["stands"] == "left"
    assert items["program:法律七进"]["right"]["says"] == "unstated" and items["program:法律七进"]["right"]["statements"] == []
    measure = items["indicator:disputes_mediated"]
    assert (measure["stands"], measure["left"]["value"], measure["right"]["value"], measure["difference"]) == ("both", 126, 8, -118)
    assert answer["totals"] == {"both": 2, "left": 2}
    assert answer["left"]["coverage"]["reports"] == 3 and answer["right"]["coverage"]["reports"] == 2
    assert [report["year"] for report in answer["right"]["reports"]] == [2022, 2023]
    turned = by_id(compare(client, B, A))
    assert turned["program:法律七进"]["stands"] == "right" and turned["indicator:disputes_mediated"]["difference"] == 118


def test_two_years_side_by_side_and_a_year_without_report(client: TestClient) -> None:
    answer = compare(client, A, A, left_year=2021, right_year=2023)
    items = by_id(answer)
    assert items["program:法律八进"]["stands"] == "right" and items["program:法律八进"]["left"]["says"] == "planned"
    assert items["indicator:disputes_mediated"]["difference"] is None  # 30余 is no exact number
    gap = by_id(compare(client, A, A, left_year=2022, right_year=2023))
    assert {item["stands"] for item in gap.values()} == {"unknown"}
    assert {item["left"]["says"] for item in gap.values()} == {"unknown"}


def test_only_what_differs(client: TestClient) -> None:
    answer = compare(client, "甲溪镇", "乙岭乡", stands="left", size=1)
    assert [item["stands"] for item in answer["items"]] == ["left"] and answer["next"]
    assert answer["totals"] == {"both": 2, "left": 2}  # of all items, shown or not


def test_a_side_can_not_be_compared_with_itself(client: TestClient) -> None:
    assert client.get("/api/compare", params={"left": A, "right": A}).status_code == 400
    assert client.get("/api/compare", params={"left": A, "right": "没有这个镇"}).status_code == 404
    assert client.get("/api/compare", params={"left": A, "right": "program:法律八进"}).status_code == 404
