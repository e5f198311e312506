"""Analyses that take long, asked for over HTTP: made in the background, kept with what it takes to repeat them, compared, cancelled."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from diffusion.simulating import simulate
from fazhi import workspace
from fazhi.analyses.differing import list_changes
from fazhi.analyses.shelf import MOST, Shelf
from fazhi.analyses.working import work
from fazhi.errors import Conflict, Invalid, NotFound
from fazhi.settings import Settings
from search_api.app import create_app


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("analyses")
    simulate(folder / "sim", reports=40, seed=5)
    settings = Settings(home=folder / "home", workers=1)
    with workspace.open(settings=settings) as space:
        space.ingest([folder / "sim" / "reports"])
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        yield client


def finish(client: TestClient, id: str) -> dict[str, Any]:
    """How an analysis stands once the server is through with it."""
    pause = threading.Event()
    while True:
        run: dict[str, Any] = client.get(f"/api/runs/{id}").json()
        if run["state"] not in ("queued", "running"):
            return run
        pause.wait(0.2)


def ask(client: TestClient, kind: str, seed: int = 1, **parameters: Any) -> dict[str, Any]:
    answer = client.post("/api/runs", json={"kind": kind, "parameters": parameters, "seed": seed})
    assert answer.status_code == 202, answer.text
    run: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/runs/{run['id']}" and run["state"] == "queued"
    return finish(client, run["id"])


def test_a_network_is_made_in_the_background_repeated_byte_for_byte_compared_and_served(client: TestClient) -> None:
    assert client.get("/api/network").status_code == 404
    runs = [ask(client, "network", seed, resamples=4, shuffles=4) for seed in (1, 1, 2)]
    assert [run["state"] for run in runs] == ["done"] * 3, runs
    assert [run["done"] for run in runs] == [run["total"] for run in runs] == [8] * 3
    results = [client.get(f"/api/runs/{run['id']}/result").content for run in runs]
    assert results[0] == results[1]
    assert runs[0]["digest"] == runs[1]["digest"] == hashlib.sha256(results[0]).hexdigest()
    kept = msgspec.json.decode(results[0])
    assert (kept["kind"], kept["seed"], kept["parameters"], kept["snapshot"]) == ("network", 1, {"resamples": 4, "shuffles": 4}, runs[0]["snapshot"])
    same = client.get(f"/api/runs/{runs[0]['id']}/diff/{runs[1]['id']}").json()
    assert same["identical"] and same["changes"] == []
    other = client.get(f"/api/runs/{runs[0]['id']}/diff/{runs[2]['id']}").json()
    assert not other["identical"] and "run" in {change["part"] for change in other["changes"]}
    network = client.get("/api/network").json()
    assert network["current"] and network["run"] == runs[2]["id"] and network["seed"] == 2
    assert network["slots"]["eligible"] == network["slots"]["observed"] + network["slots"]["missing"] > 0
    assert len(network["edges"]) == min(network["edges_in_all"], 200)
    assert all(edge["shown"] for edge in client.get("/api/network", params={"drawn": True}).json()["edges"])
    listed = client.get("/api/runs").json()["analyses"]
    assert [run["id"] for run in listed][:3] == [run["id"] for run in reversed(runs)]


def test_a_trace_that_nothing_names_fails_with_its_reason(client: TestClient) -> None:
    run = ask(client, "trace", program="没有这个做法")
    assert run["state"] == "failed" and "没有这个做法" in run["error"]
    assert client.get(f"/api/runs/{run['id']}/result").status_code == 409
    assert client.delete(f"/api/runs/{run['id']}").status_code == 200
    assert client.get(f"/api/runs/{run['id']}").status_code == 404


def test_reuse_is_repeated_byte_for_byte(client: TestClient) -> None:
    runs = [ask(client, "reuse") for _ in range(2)]
    assert runs[0]["digest"] == runs[1]["digest"] is not None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "trace"}, 400),
        ({"kind": "trace", "parameters": {"program": " "}}, 400),
        ({"kind": "network", "parameters": {"program": "法律八进"}}, 400),
        ({"kind": "reuse", "parameters": {"shuffles": 5}}, 400),
        ({"kind": "network", "parameters": {"shuffles": 0}}, 422),
        ({"kind": "network", "parameters": {"unknown": 1}}, 422),
        ({"kind": "network", "seed": -1}, 422),
        ({"kind": "other"}, 422),
        ({}, 422),
    ],
)
def test_what_no_analysis_takes_is_refused(client: TestClient, body: dict[str, Any], status: int) -> None:
    assert client.post("/api/runs", json=body).status_code == status


def test_an_analysis_and_an_ingest_are_not_compared(client: TestClient) -> None:
    assert client.get("/api/runs/1/diff/a1").status_code == 400
    for wrong in ("0", "b1", "a0", "1.5"):
        assert client.get(f"/api/runs/{wrong}/diff/1").status_code == 422
    assert client.get("/api/runs/99999/diff/1").status_code == 404
    assert client.get("/api/runs/a99999/diff/a99998").status_code == 404


def test_what_is_cancelled_ends_and_what_comes_after_goes_on(client: TestClient) -> None:
    ids = []
    for _ in range(2):
        ids.append(client.post("/api/runs", json={"kind": "network", "parameters": {"resamples": 2000, "shuffles": 2000}}).json()["id"])
    last = client.post("/api/runs", json={"kind": "reuse"}).json()["id"]
    for id in ids:
        answer = client.delete(f"/api/runs/{id}")
        assert answer.status_code == 200 and answer.json()["state"] == "cancelled"
    assert finish(client, last)["state"] == "done"
    assert [client.get(f"/api/runs/{id}").json()["state"] for id in ids] == ["cancelled"] * 2
    assert client.delete("/api/runs/a99999").status_code == 404


def test_an_analysis_that_a_server_left_running_is_begun_again(settings: Settings, tmp_path: Path) -> None:
    shelf = Shelf(settings.home)
    left = shelf.add("reuse", {}, 1, snapshot="x", version="1")
    shelf.put(msgspec.structs.replace(left, state="running", started="2026-01-01T00:00:00+00:00"))
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        assert finish(client, left.id)["state"] == "done"


def test_the_shelf_keeps_ids_apart_and_forgets_the_oldest(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(NotFound):
        shelf.read("../../etc")
    for _ in range(MOST + 3):
        analysis = shelf.add("reuse", {}, 1, snapshot="x", version="1")
        shelf.put(msgspec.structs.replace(analysis, state="done"))
    assert [one.id for one in shelf.list()] == [f"a{number}" for number in range(MOST + 3, 3, -1)]
    with pytest.raises(Invalid):
        shelf.add("trace", {}, 1, snapshot="x", version="1")
    waiting = [shelf.add("reuse", {}, 1, snapshot="x", version="1") for _ in range(50)]
    with pytest.raises(Conflict):
        shelf.add("reuse", {}, 1, snapshot="x", version="1")
    assert len({one.id for one in waiting}) == 50


def test_the_process_leaves_a_failure_with_its_cure(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "nothing")
    analysis = shelf.add("reuse", {}, 1, snapshot="x", version="1")
    work(Settings(home=tmp_path / "nothing"), analysis.id)
    failed = shelf.read(analysis.id)
    assert failed.state == "failed" and "fazhi ingest" in (failed.error or "")


def test_changes_name_the_rows_and_fields_that_differ() -> None:
    def result(posterior: float, *places: str) -> dict[str, Any]:
        rows = [{"program": "p", "place": place, "posterior": posterior} for place in places]
        return {"kind": "trace", "seed": 1, "result": {"attributions": rows, "adoptions": [], "coverage": {"reports": 3}}}

    changes = list_changes(result(0.5, "甲", "乙"), result(0.75, "乙", "丙"))
    assert [(change.part, change.key, change.change) for change in changes] == [
        ("attributions", ("p", "丙"), "added"), ("attributions", ("p", "乙"), "changed"), ("attributions", ("p", "甲"), "removed"),
    ]  # fmt: skip
    assert changes[1].before == {"posterior": 0.5} and changes[1].after == {"posterior": 0.75}
