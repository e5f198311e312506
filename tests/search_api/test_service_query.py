"""Text and graph conditions in one question, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from search_api_corpus import ROOM, A, B
from starlette.testclient import TestClient

from ingest.ids import report_id

DONE = {"took_up": "法律八进"}


def ask(client: TestClient, *where: dict[str, Any], **more: Any) -> dict[str, Any]:
    response = client.post("/api/query", json={"where": list(where), **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def places(answer: dict[str, Any]) -> list[str]:
    return [row["place"] for row in answer["rows"]]


def refuse(client: TestClient, question: Any, status: int = 422) -> dict[str, Any]:
    response = client.post("/api/query", json=question)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    return problem


def test_text_and_graph_together_each_with_its_sentence(client: TestClient) -> None:
    answer = ask(client, {"text": "调解工作室"}, DONE, {"has": "mediation_room"}, place="泉州市")
    assert places(answer) == [A] and answer["total"] == 1
    (row,) = answer["rows"]
    assert row["path"][-1] == row["name"] == "甲溪镇"
    assert [held["year"] for held in row["reports"]] == [2021, 2023, None]
    text, program, room = row["findings"]
    assert [finding["condition"] for finding in row["findings"]] == ["where[0]", "where[1]", "where[2]"]
    assert all(finding["says"] == "stated" for finding in row["findings"])
    assert program["statements"][0]["year"] == 2023 and program["statements"][0]["id"] == "program:法律八进"
    assert room["statements"][0]["id"] == ROOM and room["statements"][0]["source"] == A
    for finding in (text, program, room):
        for statement in finding["statements"]:
            original = client.get(f"/api/reports/{statement['report']}/text").json()["text"]
            assert statement["title"] and statement["passages"]
            for passage in statement["passages"]:
                assert original[passage["start"] : passage["end"]] == passage["text"]
                assert all(passage["start"] <= span["start"] < span["end"] <= passage["end"] for span in passage["highlights"])
    assert room["statements"][0]["passages"][0]["text"].endswith("建成“茶香室”调解工作室。")
    assert answer["snapshot"] and answer["coverage"]["reports"] > 0


def test_a_plan_never_counts_as_taken_up_unless_it_is_asked_for(client: TestClient) -> None:
    assert places(ask(client, {**DONE, "to": 2021})) == []
    planned = ask(client, {**DONE, "to": 2021, "modality": ["planned"]})
    assert places(planned) == [A]
    assert planned["rows"][0]["findings"][0]["statements"][0]["modality"] == "planned"


def test_silence_is_a_not_only_where_there_are_reports(client: TestClient) -> None:
    silent = ask(client, {"not": {**DONE, "to": 2021}})
    assert places(silent) == [A]  # its report of 2021 only plans it
    finding = silent["rows"][0]["findings"][0]
    assert finding["condition"] == "where[0].not" and finding["says"] == "unstated" and finding["statements"] == []
    assert B in [place["place"] for place in silent["undecided"]]  # no report of it reaches back to 2021
    assert silent["undecided_total"] == len(silent["undecided"])


def test_what_is_met_not_met_and_undecided_never_overlaps(client: TestClient) -> None:
    condition = {"has": "mediation_room", "from": 2023, "to": 2023}
    met, silent = ask(client, condition, size=100), ask(client, {"not": condition}, size=100)
    undecided = {place["place"] for place in met["undecided"]}
    assert undecided == {place["place"] for place in silent["undecided"]}
    assert not set(places(met)) & set(places(silent)) and not undecided & {*places(met), *places(silent)}
    either = ask(client, {"any": [condition, {"not": condition}]}, size=100)
    assert set(places(either)) == {*places(met), *places(silent)}
    twice = ask(client, {"not": {"not": condition}}, size=100)
    assert places(twice) == places(met)


def test_groups_follow_the_laws_of_de_morgan(client: TestClient) -> None:
    one, other = {"text": "法律顾问"}, {"measure": "disputes_mediated", "at_least": 100}
    left = ask(client, {"not": {"any": [one, other]}}, size=100)
    right = ask(client, {"all": [{"not": one}, {"not": other}]}, size=100)
    assert places(left) == places(right) and left["undecided"] == right["undecided"]


def test_numbers_within_bounds_and_approximations_that_leave_it_open(client: TestClient) -> None:
    assert places(ask(client, {"measure": "调解矛盾纠纷数", "at_least": 100})) == [A]
    assert A not in places(ask(client, {"measure": "disputes_mediated", "at_least": 35, "to": 2021}))  # 30余件 is 30 to 40
    assert A in [place["place"] for place in ask(client, {"measure": "disputes_mediated", "at_least": 35, "to": 2021})["undecided"]]
    sure = ask(client, {"measure": "disputes_mediated", "at_least": 30, "at_most": 40, "to": 2021})
    assert places(sure) == [A]
    statement = sure["rows"][0]["findings"][0]["statements"][0]
    assert (statement["value"], statement["unit"], statement["approx"], statement["certain"]) == (30, "件", "more_than", True)
    assert A not in places(ask(client, {"measure": "disputes_mediated", "more_than": 126, "from": 2023}))
    assert places(ask(client, {"measure": "disputes_mediated", "equals": 126, "unit": "起"})) == [A]  # 起 counts the same as 件
    assert places(ask(client, {"measure": "disputes_mediated", "unit": "万元"})) == []


def test_reports_meet_all_conditions_themselves(client: TestClient) -> None:
    assert [row["report"] for row in ask(client, {"text": "茶香室"}, DONE, find="reports")["rows"]] == [report_id("甲溪镇2023.txt")]
    over_the_years = [{"text": "法律七进"}, {"text": "茶香室"}]
    assert places(ask(client, *over_the_years)) == [A]
    assert ask(client, *over_the_years, find="reports")["rows"] == []
    row = ask(client, {"not": {"has": "mediation_room"}}, find="reports", place=A)["rows"][0]
    assert (row["report"], row["year"], row["findings"][0]["says"]) == (report_id("甲溪镇2021.txt"), 2021, "unstated")


def test_places_of_a_higher_level_take_in_what_lies_below(client: TestClient) -> None:
    answer = ask(client, {"text": "茶香室"}, {"has": "mediation_room"}, level="county")
    assert places(answer) == ["cn:350524"]
    assert answer["rows"][0]["findings"][1]["statements"][0]["source"] == A
    assert places(ask(client, DONE, {"place": "cn:35"}, level="province")) == ["cn:35"]
    assert places(ask(client, DONE, {"place": "cn:44"}, level="province")) == []


def test_pages_come_in_one_order_and_end(client: TestClient) -> None:
    where = [{"text": "法治政府"}]
    whole = places(ask(client, *where, size=100))
    assert whole == sorted(whole) and len(whole) > 2
    seen: list[str] = []
    cursor = None
    while True:
        page = ask(client, *where, size=1, cursor=cursor)
        assert page["total"] == len(whole)
        seen += places(page)
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == whole
    other = client.post("/api/query", json={"where": [{"text": "法律顾问"}], "cursor": ask(client, *where, size=1)["next"]})
    assert other.status_code == 400 and "cursor" in other.json()["detail"]


def test_the_plan_is_told_where_it_is_asked_for(client: TestClient) -> None:
    assert ask(client, DONE)["plan"] == []
    steps = ask(client, {"text": "法治政府"}, {"has": "mediation_room"}, {"not": {"has": "platform"}}, explain=True)["plan"]
    assert [step["condition"] for step in steps] == ["where[1]", "where[0]", "where[2].not", "where"]  # the rare one first, "not" last
    assert steps[1]["candidates"] == steps[0]["found"] + steps[0]["unknown"]
    assert all(step["milliseconds"] >= 0 for step in steps)


@pytest.mark.parametrize(
    ("question", "parameter", "words"),
    [
        ({"where": []}, "where", "at least 1"),
        ({"where": [{"txt": "a"}]}, "where.0", "exactly one of text"),
        ({"where": [{"text": "a", "has": "body"}]}, "where.0", "exactly one of text"),
        ({"where": [{"took_up": "法律八进", "from": 2023, "to": 2020}]}, "where.0.took_up", "backwards"),
        ({"where": [{"took_up": "法律八进", "modality": ["plan"]}]}, "where.0.took_up.modality.0", "planned"),
        ({"where": [{"has": "school"}]}, "where.0.has.has", "legal_adviser"),
        ({"where": [{"text": "a"}], "sizes": 3}, "sizes", "Extra inputs"),
        ({"where": [{"any": [{"text": "a"}] * 30}, {"all": [{"text": "b"}] * 30}]}, "", "at most 50 conditions"),
    ],
)
def test_wrong_questions_are_refused_with_the_place(client: TestClient, question: Any, parameter: str, words: str) -> None:
    problem = refuse(client, question)
    assert problem["errors"][0]["parameter"] == parameter
    assert words in problem["errors"][0]["detail"]


def test_what_is_not_known_or_can_not_be_read_names_the_condition(client: TestClient) -> None:
    assert refuse(client, {"where": [{"text": "a"}, {"took_up": "没有这个"}]}, 404)["detail"].startswith("where[1]: ")
    assert refuse(client, {"where": [{"any": [{"measure": "没有这个"}]}]}, 404)["detail"].startswith("where[0].any[0]: ")
    problem = refuse(client, {"where": [{"text": "（法治"}]}, 400)
    assert problem["detail"].startswith("where[0]: ") and "position" in problem
    assert refuse(client, {"where": [{"measure": "disputes_mediated", "at_least": 5, "less_than": 5}]}, 400)["detail"].startswith("where[0]: ")
    assert refuse(client, {"where": [{"text": "a"}], "place": "无此镇"}, 404)


def nest(depth: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"text": "法治"}
    for _ in range(depth):
        condition = {"not": condition}
    return condition


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"where":' * 5_000, b"\xff", b"", b'{"where":[{"text":"\\ud800"}]}', b'{"where":[{"took_up":"\\udc00"}]}'])
def test_bodies_that_are_no_question_are_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/api/query", content=body, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422), response.text


def test_groups_too_deep_in_each_other_are_refused(client: TestClient) -> None:
    assert places(ask(client, nest(8)))
    refuse(client, {"where": [nest(9)]})
    refuse(client, {"where": [nest(400)]})
