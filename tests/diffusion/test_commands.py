"""fazhi simulate, ingest, reuse: the whole way from raw text, as its user sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "home"))


def test_simulated_reports_are_read_as_truth_says_and_compared(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("simulate", out, "--reports", 30, "--seed", 1, "--family", "narrative")[0] == 0
    truth = json.loads((out / "truth.json").read_bytes())
    assert run("reuse", "build")[0] == 1  # nothing there yet
    assert run("ingest", out / "reports", "--workers", 1, "--quiet")[0] == 0

    from fazhi.reusing import gather
    from fazhi.workspace import open as open_workspace

    with open_workspace(tmp_path / "home", mode="read") as workspace:
        items = {item.key: item for item in gather(workspace.archive)}
    for told in truth["reports"]:
        item = items[told["key"]]
        assert (item.unit, item.year, item.order) == (told["place"], told["year"], told["kind"] == "document")

    code, built, _ = run("reuse", "build", "--json")
    assert code == 0
    assert json.loads(built)["reports"] == 30
    assert json.loads(built)["current"] is True
    assert run("reuse", "pairs", "--out", tmp_path / "pairs.jsonl")[0] == 0
    pairs = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {told["key"]: (out / "reports" / told["key"]).read_text(encoding="utf-8") for told in truth["reports"]}
    planted = [told for told in truth["copies"] if told["source"] and told["edit_rate"] <= 0.1]
    found = [
        told for told in planted
        if any(pair["b"] == told["report"] and pair["b_start"] < told["end"] - 20 and told["start"] + 20 < pair["b_end"] for pair in pairs)
    ]  # fmt: skip
    assert len(planted) >= 3
    assert len(found) == len(planted)
    for pair in pairs:
        assert 0 <= pair["a_start"] < pair["a_end"] <= len(texts[pair["a"]])
        assert 0 <= pair["b_start"] < pair["b_end"] <= len(texts[pair["b"]])

    told = planted[0]["source"]
    (tmp_path / "mine.txt").write_text("这里先说几句别处没有的闲话。" + texts[told["report"]][told["start"] : told["end"]], encoding="utf-8")
    code, answered, _ = run("reuse", "query", tmp_path / "mine.txt", "--json", "--all")
    answer = json.loads(answered)
    assert code == 0
    assert answer["coverage"]["reports"] == 30
    assert told["report"] in {passage["a"] for passage in answer["passages"]}


def test_wrong_use(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("")
    code, _, err = run("simulate", tmp_path / "out", "--reports", 10)
    assert code == 1
    assert "not empty" in err
    assert run("simulate", tmp_path / "other", "--reports", 3)[0] == 2
