"""Decisions over HTTP: made, listed, undone; shown in search, graph and on the report's page at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import ROOM
from starlette.testclient import TestClient

from fazhi.settings import Settings
from ingest.ids import report_id
from search_api.app import create_app

REPORT = report_id("甲溪镇2023.txt")
PROGRAM = "program:法律八进"


def facts(client: TestClient, type: str, report: str = REPORT) -> list[Any]:
    return client.get(f"/api/reports/{report}/facts", params={"type": type}).json()["facts"]  # type: ignore[no-any-return]


def decide(client: TestClient, status: int = 201, **told: Any) -> Any:
    response = client.post("/api/reviews", json={"user": "li.hua", **told})
    assert response.status_code == status, response.text
    return response.json()


def adopters(client: TestClient, program: str = PROGRAM) -> set[str]:
    return {row["place"] for row in client.get(f"/api/programs/{program}/adopters").json()["adopters"]}


def naming(client: TestClient, program: str) -> set[str]:
    return {hit["key"] for hit in client.get("/api/search", params={"program": program}).json()["hits"]}


def test_a_rejection_shows_everywhere_at_once_and_so_does_its_undoing(own_client: TestClient) -> None:
    client = own_client
    before = client.get("/api/search", params={"program": PROGRAM, "facets": "program"}).json()
    (fact,) = facts(client, "program")
    response = client.post("/api/reviews", json={"action": "reject", "fact": fact["id"], "user": "li.hua", "note": "误认"})
    assert response.status_code == 201, response.text
    review, snapshot = response.json()["review"], response.json()["snapshot"]
    assert response.headers["location"] == f"/api/reviews/{review['id']}"
    assert (review["action"], review["state"], review["user"], review["note"], review["report"], review["surface"]) == (
        "reject", "applies", "li.hua", "误认", REPORT, "法律八进",
    )  # fmt: skip
    assert facts(client, "program") == []
    assert [row["relation"] for row in facts(client, "relation")] == ["OPERATES"]
    assert client.get(f"/api/facts/{fact['id']}").status_code == 404
    assert "甲溪镇2023.txt" not in naming(client, PROGRAM)
    after = client.get("/api/search", params={"program": PROGRAM, "facets": "program"}).json()
    assert (after["total"], after["snapshot"]) == (before["total"] - 1, snapshot)
    assert client.get(f"/api/reports/{REPORT}").json()["facts"].get("program") is None

    undone = client.delete(f"/api/reviews/{review['id']}", params={"user": "wang"})
    assert undone.status_code == 200, undone.text
    assert (undone.json()["review"]["state"], undone.json()["review"]["undone_by"]) == ("undone", "wang")
    again = client.get("/api/search", params={"program": PROGRAM, "facets": "program"}).json()
    assert again == before
    assert client.get(f"/api/reviews/{review['id']}").json()["undone"]


def test_an_accepted_fact_is_marked_on_the_page_and_in_the_answers(own_client: TestClient) -> None:
    (fact,) = facts(own_client, "metric")
    decide(own_client, action="accept", fact=fact["id"])
    (shown,) = facts(own_client, "metric")
    assert (shown["confidence"], shown["attrs"]) == (1.0, {"reviewed": "accepted"})
    assert "人工审核" in own_client.get(f"/reports/{REPORT}").text
    assert "已确认" in own_client.get(f"/reports/{REPORT}").text
    assert "accepted" in own_client.get(f"/reports/{REPORT}", params={"lang": "en"}).text


def test_nodes_are_merged_split_and_renamed(own_client: TestClient) -> None:
    client = own_client
    merged = decide(client, action="merge", node=PROGRAM, target="program:法律七进")
    assert merged["review"]["reports"] == 5
    assert client.get(f"/api/entities/{PROGRAM}").status_code == 404
    assert len(naming(client, "program:法律七进")) == 5
    decide(client, action="split", node="program:法律七进", reports=["甲溪镇2023.txt", report_id("2022/乙岭乡2022.md")], name="法律七进（新）")
    (split,) = client.get("/api/reviews", params={"action": "split"}).json()["reviews"]
    assert (split["target"], split["splits"], split["reports"]) == ("program:法律七进~2", ["2022/乙岭乡2022.md", "甲溪镇2023.txt"], 2)
    assert naming(client, "法律七进（新）") == {"甲溪镇2023.txt", "2022/乙岭乡2022.md"}
    decide(client, action="rename", node=ROOM, name="茶香调解室")
    assert client.get(f"/api/entities/{ROOM}").json()["name"] == "茶香调解室"
    decide(client, action="merge", node="cn:350524/?1a2b3c4d", target="cn:350524/甲溪镇")
    assert "无名镇2023.txt" in {hit["key"] for hit in client.get("/api/search", params={"place": "cn:350524/甲溪镇", "size": 50}).json()["hits"]}
    assert client.get(f"/api/reports/{report_id('无名镇2023.txt')}").json()["frame"]["status"] == "resolved"


def test_what_does_not_apply_any_more_is_listed_with_its_reason(own_client: TestClient) -> None:
    client = own_client
    for fact in (facts(client, "program")[0], facts(client, "metric")[0]):
        decide(client, action="accept", fact=fact["id"])
    client.delete("/api/documents/甲溪镇2023.txt")
    answer = client.get("/api/reviews", params={"state": "lost"}).json()
    assert answer["lost"] == 2
    assert [[lost["reason"] for lost in review["lost"]] for review in answer["reviews"]] == [["the document is not here any more"]] * 2
    assert len(client.get("/api/reviews", params={"report": "甲溪镇2023.txt"}).json()["reviews"]) == 2
    page = client.get("/api/reviews", params={"size": 1}).json()
    assert [review["id"] for review in page["reviews"]] == [2]
    rest = client.get("/api/reviews", params={"size": 1, "cursor": page["next"]}).json()
    assert ([review["id"] for review in rest["reviews"]], rest["next"]) == ([1], None)


@pytest.mark.parametrize(
    ("told", "status", "type", "words"),
    [
        ({"action": "accept", "fact": "x-y"}, 404, "not-found", "There is no fact x-y"),
        ({"action": "merge", "node": PROGRAM, "target": "cn:350524/甲溪镇"}, 400, "invalid", "is a Program"),
        ({"action": "merge", "node": "program:没有", "target": PROGRAM}, 404, "not-found", "No report here speaks of"),
        ({"action": "split", "node": PROGRAM, "reports": ["没有.txt"]}, 404, "not-found", "There is no report 没有.txt"),
        ({"action": "rename", "node": PROGRAM, "name": "法律八进"}, 400, "invalid", "is called 法律八进 already"),
        ({"action": "accept"}, 422, "invalid", ""),
        ({"action": "forget", "fact": "x-y"}, 422, "invalid", ""),
        ({"action": "accept", "fact": "x-y", "node": PROGRAM}, 422, "invalid", ""),
        ({"action": "accept", "fact": "x-y", "user": ""}, 422, "invalid", ""),
    ],
)
def test_what_can_not_be_decided_is_a_problem_document(client: TestClient, told: dict[str, Any], status: int, type: str, words: str) -> None:
    problem = decide(client, status, **told)
    assert (problem["type"], problem["status"]) == (f"/problems/{type}", status)
    assert words in problem["detail"] and problem["cure"]


def test_what_goes_against_an_earlier_decision_is_a_problem_of_its_own(own_client: TestClient) -> None:
    fact = facts(own_client, "program")[0]["id"]
    decide(own_client, action="accept", fact=fact)
    response = own_client.post("/api/reviews", json={"action": "reject", "fact": fact, "user": "wang"})
    problem = response.json()
    assert (response.status_code, problem["type"], "retry-after" in response.headers) == (409, "/problems/contradiction", False)
    assert "accepted already (review 1 by li.hua" in problem["detail"] and "DELETE /api/reviews/1" in problem["cure"]
    assert own_client.delete("/api/reviews/1", params={"user": "wang"}).status_code == 200
    assert own_client.delete("/api/reviews/1", params={"user": "wang"}).json()["type"] == "/problems/contradiction"
    assert own_client.delete("/api/reviews/9", params={"user": "wang"}).status_code == 404
    assert own_client.delete("/api/reviews/1").status_code == 422
    assert own_client.get("/api/reviews/9").status_code == 404
    assert own_client.get("/api/reviews", params={"cursor": "x"}).status_code == 400


def test_without_a_key_only_this_machine_decides_and_never_another_sites_page(client: TestClient, tmp_path: Path) -> None:
    order = {"action": "accept", "fact": "x-y", "user": "li"}
    assert client.post("/api/reviews", json=order, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/api/reviews", json=order, headers={"Host": "rebound.example.org"}).status_code == 403
    assert client.request("DELETE", "/api/reviews/1", params={"user": "li"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    locked = Settings(home=tmp_path, api_key="s3cret")  # type: ignore[arg-type]
    with TestClient(create_app(locked), base_url="http://127.0.0.1:8000") as other:
        assert other.post("/api/reviews", json=order).status_code == 401
        assert other.post("/api/reviews", json=order, headers={"X-API-Key": "s3cret"}).status_code == 404
