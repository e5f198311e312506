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
from fazhi.reusing import build_reuse, keep_links
from fazhi.settings import Settings
from ingest.ids import report_id
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


# -- reports that share words ----------------------------------------------------------------------------------------------------------------------------------


def ties_of(compared: tuple[TestClient, Path, dict[str, Any]], key: str, **asked: Any) -> dict[str, Any]:
    response = compared[0].get(f"/api/reports/{report_id(key)}/reuse", params={"size": 100, **asked})
    assert response.status_code == 200
    return dict(response.json())


def test_a_planted_copy_ties_both_reports_with_the_words_of_both(compared: tuple[TestClient, Path, dict[str, Any]]) -> None:
    client, folder, truth = compared
    told = next(one for one in truth["copies"] if one["source"] and one["kind"] == "copy" and one["edit_rate"] <= 0.1 and one["end"] - one["start"] >= 80)
    later, earlier = told["report"], told["source"]["report"]
    answer = ties_of(compared, later, every=True)
    assert (answer["report"], answer["compared"], answer["current"], answer["since_whole"]) == (report_id(later), True, True, 0)
    assert answer["coverage"]["reports"] == 30
    tie = next(tie for tie in answer["ties"] if tie["key"] == earlier)
    texts = [(folder / "reports" / key).read_text(encoding="utf-8") for key in (later, earlier)]
    shared = next(one for one in tie["passages"] if one["start"] < told["end"] and told["start"] < one["end"])
    assert shared["text"] == texts[0][shared["start"] : shared["end"]]
    assert shared["other_text"] == texts[1][shared["other_start"] : shared["other_end"]]
    assert tie["characters"] == sum(one["aligned"] for one in tie["passages"])
    assert client.get(tie["beside"]).status_code == 200

    back = next(tie for tie in ties_of(compared, earlier, every=True)["ties"] if tie["key"] == later)
    assert {"earlier": "later", "unknown": "unknown"}[tie["side"]] == back["side"]
    assert sorted((one["other_text"], one["text"]) for one in back["passages"]) == sorted((one["text"], one["other_text"]) for one in tie["passages"])


def test_ties_page_by_page_are_those_of_the_whole_list(compared: tuple[TestClient, Path, dict[str, Any]]) -> None:
    answers = {report["key"]: ties_of(compared, report["key"], every=True) for report in compared[2]["reports"]}
    key = max(answers, key=lambda each: answers[each]["total"])
    assert answers[key]["total"] >= 2
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = ties_of(compared, key, every=True, size=1, **({"cursor": cursor} if cursor else {}))
        found += page["ties"]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == answers[key]["ties"]
    assert [tie["characters"] for tie in found] == sorted((tie["characters"] for tie in found), reverse=True)
    assert {tie["key"] for tie in ties_of(compared, key)["ties"]} <= {tie["key"] for tie in found}  # only the best sources
    assert compared[0].get(f"/api/reports/{report_id(key)}/reuse", params={"cursor": "elsewhere"}).status_code == 400
    assert compared[0].get("/api/reports/0000000000000000/reuse").status_code == 404


def test_what_changed_since_the_comparison_is_not_answered_from_old_offsets(tmp_path: Path) -> None:
    simulate(tmp_path / "sim", reports=30, seed=4)
    settings = Settings(home=tmp_path / "home", workers=1)
    with workspace.open(settings=settings) as space:
        space.ingest([tmp_path / "sim" / "reports"])
        pair = next(pair for pair in build_reuse(space).pairs() if pair.kind == "copy" and pair.best)
        changed = tmp_path / "sim" / "reports" / pair.a
        changed.write_text("先改一句。" + changed.read_text(encoding="utf-8"), encoding="utf-8")
        space.ingest([tmp_path / "sim" / "reports"])
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        answer = client.get(f"/api/reports/{report_id(pair.b)}/reuse", params={"every": True}).json()
        assert (answer["compared"], answer["current"]) == (True, False)
        assert pair.a not in {tie["key"] for tie in answer["ties"]}
        answer = client.get(f"/api/reports/{report_id(pair.a)}/reuse").json()
        assert (answer["compared"], answer["ties"], answer["total"]) == (False, [], 0)


# -- the graph ----------------------------------------------------------------------------------------------------------------------------------------------


def test_the_graph_shows_who_has_words_of_whom_with_the_words_of_both_until_one_changes(tmp_path: Path) -> None:
    simulate(tmp_path / "sim", reports=30, seed=4)
    settings = Settings(home=tmp_path / "home", workers=1, refresh_seconds=0.0)
    with workspace.open(settings=settings) as space, TestClient(create_app(settings), base_url=LOCAL) as client:

        def count() -> int:
            return next(int(edge["count"]) for edge in client.get("/api/schema").json()["edges"] if edge["name"] == "REUSES")

        space.ingest([tmp_path / "sim" / "reports"])
        assert count() == 0
        keep_links(space, build_reuse(space))
        asked = {
            "statement": "MATCH (a:Report)-[r:REUSES]->(b:Report) RETURN a.id AS later, b.id AS earlier, r.characters AS characters ORDER BY later, earlier"
        }
        rows = client.post("/api/cypher", json=asked).json()["rows"]
        assert 0 < len(rows) == count()
        later, earlier = rows[0]["later"], rows[0]["earlier"]
        neighbours = f"/api/entities/{later}/neighbours?relation=REUSES&direction=out"
        edge = next(edge for edge in client.get(neighbours, params={"evidence": True}).json()["neighbours"] if edge["id"] == earlier)
        for report, passage in ((later, edge["passages"][0]), (earlier, edge["source_passage"])):
            assert passage["text"] == client.get(f"/api/reports/{report}/text").json()["text"][passage["start"] : passage["end"]] != ""
        assert edge["passages"][0]["start"] == edge["properties"]["text_start"]
        assert edge["properties"]["characters"] == rows[0]["characters"]
        back = client.get(f"/api/entities/{earlier}/neighbours?relation=REUSES&direction=in", params={"evidence": True}).json()["neighbours"]
        assert edge["source_passage"] in [one["source_passage"] for one in back]
        assert client.get(neighbours).json()["neighbours"][0]["passages"] == []
        ties = client.get(f"/api/entities/{later}/around", params={"hops": 1}).json()["ties"]
        assert (later, "REUSES", earlier) in {(tie["source"], tie["relation"], tie["target"]) for tie in ties}
        page = client.get("/graph", params={"id": later, "relation": "REUSES", "lang": "zh"}).text
        assert f"/reports/{later}/beside/{earlier}" in page
        assert "不说明文字就出自那里" in page
        for report, other, side in ((later, earlier, "earlier"), (earlier, later, "later")):
            page = client.get(f"/reports/{report}", params={"lang": "en"}).text
            row = next(row for row in page.partition('id="reused"')[2].split("<tr>") if f"/reports/{report}/beside/{other}" in row)
            assert f">{side}<" in row

        key = space.archive.document(earlier).key
        (tmp_path / "changed" / key).parent.mkdir(parents=True)
        (tmp_path / "changed" / key).write_text("先改一句。" + space.archive.text(earlier), encoding="utf-8")
        space.ingest([tmp_path / "changed"])
        assert earlier not in {edge["id"] for edge in client.get(neighbours, params={"evidence": True}).json()["neighbours"]}
        left = client.post("/api/cypher", json=asked).json()["rows"]
        assert left == [row for row in rows if earlier not in (row["later"], row["earlier"])]
        assert f"/beside/{later}" not in client.get(f"/reports/{earlier}").text.partition('id="reused"')[2].partition('id="similar"')[0]
