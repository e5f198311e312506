"""Pasted text, asked of the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from diffusion.simulating import simulate
from fazhi import workspace
from fazhi.reusing import build_reuse
from fazhi.settings import Settings
from search_api.app import create_app


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("reuse-asked")
    simulate(folder / "sim", reports=30, seed=4)
    settings = Settings(home=folder / "home", workers=1)
    with workspace.open(settings=settings) as space:
        space.ingest([folder / "sim" / "reports"])
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        refused = client.post("/api/reuse", json={"text": "全面推行依法行政"})
        assert refused.status_code == 404
        assert "reuse build" in refused.json()["cure"]
        with workspace.open(settings=settings, mode="read") as space:
            build_reuse(space)
        yield client, folder / "sim", json.loads((folder / "sim" / "truth.json").read_bytes())


def test_a_pasted_passage_is_found_with_offsets_on_both_sides(compared: tuple[TestClient, Path, dict[str, Any]]) -> None:
    client, folder, truth = compared
    told = max(truth["passages"], key=lambda one: one["end"] - one["start"])
    original = (folder / "reports" / told["report"]).read_text(encoding="utf-8")
    words, before = original[told["start"] : told["end"]], "先说几句别处没有的闲话。"
    answer = client.post("/api/reuse", json={"text": before + words, "every": True}).json()
    assert answer["current"] is True
    assert answer["coverage"]["reports"] == 30
    mine = next(passage for passage in answer["passages"] if passage["key"] == told["report"])
    assert mine["source_text"] == original[mine["source_start"] : mine["source_end"]]
    assert mine["identity"] == pytest.approx(1.0)
    assert (before + words)[mine["start"] : mine["end"]] == mine["source_text"]
    assert client.get(f"/api/reports/{mine['report']}").status_code == 200
    best = client.post("/api/reuse", json={"text": before + words}).json()["passages"]
    assert all(passage["best"] for passage in best)
    assert client.post("/api/reuse", json={"text": before + words, "year": truth["years"][0] - 1}).json()["passages"] == []  # nothing is earlier


def test_words_of_nobody_give_nothing(compared: tuple[TestClient, Path, dict[str, Any]]) -> None:
    answer = compared[0].post("/api/reuse", json={"text": "月光照在窗台上，猫睡着了，谁也没有说话。" * 3}).json()
    assert answer["passages"] == []


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "法" * 200_001}, {"text": "法", "year": "then"}, {"text": "法", "more": 1}])
def test_wrong_questions(compared: tuple[TestClient, Path, dict[str, Any]], body: dict[str, Any]) -> None:
    response = compared[0].post("/api/reuse", json=body)
    assert response.status_code in (413, 422)
    assert response.headers["content-type"] == "application/problem+json"


def test_much_of_the_same_ends(compared: tuple[TestClient, Path, dict[str, Any]]) -> None:
    assert compared[0].post("/api/reuse", json={"text": "法治" * 100_000}).status_code == 200
