"""What lies around an entity, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from search_api_corpus import ROOM
from starlette.testclient import TestClient


def around(client: TestClient, **parameters: object) -> Any:
    answer = client.get(f"/api/entities/{ROOM}/around", params=parameters)
    assert answer.status_code == 200
    return answer.json()


def test_two_hops_reach_what_neighbours_share(client: TestClient) -> None:
    one, two = around(client, hops=1), around(client, hops=2)
    assert "program:法律八进" not in {node["id"] for node in one["nodes"]}
    assert "program:法律八进" in {node["id"] for node in two["nodes"]}
    assert {tie["hop"] for tie in one["ties"]} == {1} and {tie["hop"] for tie in two["ties"]} == {1, 2}
    assert two["nodes"][0]["id"] == two["id"] == ROOM
    assert two["snapshot"] and two["coverage"]["reports"] > 0


def test_every_tie_has_its_ends_its_years_and_its_facts(client: TestClient) -> None:
    found = around(client)
    ids = {node["id"] for node in found["nodes"]}
    assert all({tie["source"], tie["target"]} <= ids for tie in found["ties"])
    stated = [tie for tie in found["ties"] if tie["relation"] == "ADOPTS"]
    assert stated
    for tie in stated:
        assert tie["years"] and tie["modalities"]
        assert client.get(f"/api/facts/{tie['facts'][0]}").json()["type"] in ("program", "relation")


def test_what_is_not_shown_is_counted(client: TestClient) -> None:
    found = client.get("/api/entities/cn:350524/around", params={"hops": 1}).json()
    for tied in found["tied"]:
        way = ("source", "target") if tied["direction"] == "out" else ("target", "source")
        shown = {tie[way[1]] for tie in found["ties"] if tie["relation"] == tied["relation"] and tie[way[0]] == "cn:350524"}
        assert len(shown) == tied["shown"] <= tied["nodes"]
    assert found["complete"] is True


def test_a_relation_or_a_year_narrows_it(client: TestClient) -> None:
    for tied in around(client, hops=1)["tied"]:
        assert {tie["relation"] for tie in around(client, relation=tied["relation"])["ties"]} == {tied["relation"]}
    assert all(not tie["years"] or 2023 in tie["years"] for tie in around(client, year=2023)["ties"])


@pytest.mark.parametrize(("address", "status"), [("/api/entities/nothing/around", 404), (f"/api/entities/{ROOM}/around?hops=3", 422)])
def test_what_cannot_be_asked(client: TestClient, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
