"""Conditions on text and graph together: the same rows whichever side filters the other, and the command that asks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from combined_questions import QUESTIONS, draw_question

from fazhi import workspace
from fazhi.combining import Combined, Combiner, Question, evaluating
from fazhi.query_commands import write_path
from fazhi.settings import Settings
from fazhi.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples" / "corpus"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    settings = Settings(home=tmp_path_factory.mktemp("combining") / "home", workers=1)
    with workspace.open(settings=settings) as space:
        assert space.ingest([EXAMPLES]).failed == 0
        yield space


def ask(space: Workspace, question: dict[str, Any]) -> Combined:
    return Combiner(space).answer(Question.model_validate(question))


def said(found: Combined) -> Any:
    return msgspec.json.decode(msgspec.json.encode(msgspec.structs.replace(found, plan=())))


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_every_question_tells_some_from_others(filled: Workspace, question: dict[str, Any]) -> None:
    found = ask(filled, {**question, "size": 100})
    reports = filled.archive.statistics().reports
    assert 0 < found.total < reports


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_the_same_whichever_side_filters_the_other(filled: Workspace, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        question = draw_question(chance)
        monkeypatch.setattr(evaluating, "_LEAST", 10**9)
        by_all = ask(filled, {**question, "explain": True})
        monkeypatch.setattr(evaluating, "_LEAST", -1)
        monkeypatch.setattr(evaluating, "_RATIO", 0)
        by_candidates = ask(filled, {**question, "explain": True})
        assert said(by_candidates) == said(by_all), question
        assert "candidates" not in {step.way for step in by_all.plan} and "all" not in {step.way for step in by_candidates.plan if step.estimate}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_asked_again_and_again_is_looked_up_of_all(filled: Workspace, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(200 + seed)
    monkeypatch.setattr(evaluating, "_LEAST", -1)
    monkeypatch.setattr(evaluating, "_RATIO", 1)
    asked = Combiner(filled, 600.0)
    for _ in range(8):
        question = draw_question(chance)
        fresh = ask(filled, question)
        for years in ({}, {"from": 2021}, {"to": 2021}, {}):
            other = {**question, **years}
            if question.get("from", 0) <= question.get("to", 9999) and other.get("from", 0) <= other.get("to", 9999):
                assert said(asked.answer(Question.model_validate({**other, "explain": True}))) == said(ask(filled, other)), other
        assert said(asked.answer(Question.model_validate(question))) == said(fresh)
    ways = []
    for year in range(1990, 2020):
        question = {"where": [{"text": "法治"}, {"has": "mediation_room", "from": year}], "explain": True}
        ways += [step.way for step in asked.answer(Question.model_validate(question)).plan if step.kind == "has"]
    assert ways == sorted(ways, reverse=True) and ways[-1] == "all"  # candidates, then all
    assert seed or ways[0] == "candidates"


@pytest.mark.parametrize("seed", range(4))
def test_conditions_in_another_order_find_the_same(filled: Workspace, seed: int) -> None:
    chance = random.Random(100 + seed)
    for _ in range(6):
        question = draw_question(chance)
        turned = {**question, "where": question["where"][::-1]}
        one, other = ask(filled, question), ask(filled, turned)
        assert [(row.place, row.report) for row in one.rows] == [(row.place, row.report) for row in other.rows]
        assert one.undecided == other.undecided


@pytest.mark.parametrize("seed", range(4))
def test_what_a_row_shows_agrees_with_its_being_there(filled: Workspace, seed: int) -> None:
    """The findings of a row, reckoned together as the question says, give what the row claims."""
    chance = random.Random(200 + seed)
    for _ in range(8):
        question = {**draw_question(chance), "evidence": 1}
        for row in ask(filled, question).rows:
            says = {finding.condition: finding.says for finding in row.findings}
            assert all(reckon(condition, f"where[{index}]", says) is True for index, condition in enumerate(question["where"])), (question, row)


def reckon(condition: dict[str, Any], path: str, says: dict[str, str]) -> bool | None:
    if "not" in condition:
        inner = reckon(condition["not"], f"{path}.not", says)
        return None if inner is None else not inner
    for kind in ("all", "any"):
        if kind in condition:
            parts = [reckon(part, f"{path}.{kind}[{index}]", says) for index, part in enumerate(condition[kind])]
            decisive = kind == "any"
            return decisive if decisive in parts else None if None in parts else not decisive
    return {"stated": True, "unstated": False, "unknown": None}[says[path]]


def test_every_statement_stands_in_its_report(filled: Workspace) -> None:
    shown = 0
    for question in QUESTIONS:
        for row in ask(filled, question).rows:
            for finding in row.findings:
                assert (finding.says == "stated") == (finding.total > 0) or finding.kind == "place" or finding.says == "unknown"
                for statement in finding.statements:
                    text = filled.archive.text(statement.report)
                    assert statement.passages or finding.kind == "text"
                    for passage in statement.passages:
                        shown += 1
                        assert text[passage.start : passage.end] == passage.text
                        assert all(passage.start <= span.start < span.end <= passage.end for span in passage.highlights)
    assert shown > 50


@pytest.mark.parametrize("pause", [0.0, 3_600.0])
def test_a_new_report_is_seen_by_the_same_combiner(tmp_path: Path, pause: float) -> None:
    names = sorted(path for path in EXAMPLES.iterdir() if path.suffix == ".txt")
    with workspace.open(settings=Settings(home=tmp_path / "home", workers=1, refresh_seconds=0)) as space:
        space.ingest(names[:2])
        combiner = Combiner(space, pause)
        question = Question.model_validate({"find": "reports", "where": [{"text": "法治"}]})
        before = combiner.answer(question)
        space.ingest(names[2:4])
        after = combiner.answer(question)
    assert after.total > before.total and after.snapshot != before.snapshot


def test_what_engines_were_asked_is_kept_until_they_show_something_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = sorted(path for path in EXAMPLES.iterdir() if path.suffix == ".txt")
    settings = Settings(home=tmp_path / "home", workers=1, refresh_seconds=0)
    question = Question.model_validate({"where": [{"text": "法治"}, {"has": "mediation_room"}], "evidence": 0})
    with workspace.open(settings=settings) as writing:
        writing.ingest(names[:2])
    with workspace.open(settings=settings, mode="read") as reading:
        asked: list[str] = []
        real = reading.graph.read
        monkeypatch.setattr(reading.graph, "read", lambda statement, *more, **how: (asked.append(statement), real(statement, *more, **how))[1])
        combiner = Combiner(reading)
        combiner.answer(question)
        reading.refresh()  # the index was opened: now it tells what it is made of
        asked.clear()
        before = combiner.answer(question)
        often = len(asked)
        assert combiner.answer(question) == before
        seldom = len(asked) - often
        assert seldom < often
        with workspace.open(settings=settings) as writing:
            writing.ingest(names[2:])
        reading.refresh()
        asked.clear()
        after = combiner.answer(question)
        assert len(asked) == often and after.snapshot != before.snapshot
        assert after == Combiner(reading).answer(question)


def test_command_reads_json_and_yaml_alike(run: Any, home: Path, tmp_path: Path) -> None:
    assert run("ingest", EXAMPLES)[0] == 0
    question = QUESTIONS[0]
    (tmp_path / "q.json").write_text(json.dumps(question), encoding="utf-8")
    (tmp_path / "q.yaml").write_text("where:\n  - text: 调解\n  - took_up: 法律明白人\n  - has: legal_adviser\n", encoding="utf-8")
    code, by_json, _ = run("query", tmp_path / "q.json", "--json")
    assert code == 0 and run("query", tmp_path / "q.yaml", "--json")[:2] == (0, by_json)
    found = json.loads(by_json)
    assert found["rows"] and found["coverage"]["reports"] > 0 and found["snapshot"]
    code, out, _ = run("query", tmp_path / "q.json", "--explain", "--limit", 1)
    assert code == 0
    sentence = found["rows"][0]["findings"][1]["statements"][0]["passages"][0]["text"]
    assert " ".join(sentence.split()) in " ".join(out.split()) and f"1 of {found['total']} places" in out and "where[1] took_up" in out
    code, out, _ = run("query", tmp_path / "q.json", "--limit", 1, "--json")
    following = run("query", tmp_path / "q.json", "--limit", 1, "--json", "--cursor", json.loads(out)["next"])
    assert json.loads(following[1])["rows"] == found["rows"][1:2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("where:\n  - text: a\n   - b\n", ("line 3", "Indent")),
        ('{"where": [{"text": "a" "b"}]}', ("line 1, column 25", "commas")),
        ("where: [{took_up: x, modality: [plan]}]", ("where[0].modality[0]", "planned", "'plan'")),
        ("where: [{any: [{text: a}, {not: {has: school}}]}]", ("where[0].any[1].not.has", "legal_adviser")),
        ("where: [{took_up: x, from: 2023, to: 2020}]", ("where[0]", "backwards")),
        ("wheer: []", ("where", "required")),
        ("- 1\n- 2", ("object", "where")),
        ("{" * 100_000, ("line 1", "double quotes")),
        ("[" * 100_000, ("deep",)),
        ("", ("object", "where")),
    ],
    ids=repr,
)
def test_bad_files_are_named_with_place_and_cure(run: Any, home: Path, tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    file = tmp_path / "q.yaml"
    file.write_text(text, encoding="utf-8")
    code, out, err = run("query", file)
    assert code == 2 and out == "" and str(file) in err and "Traceback" not in err
    assert all(word in err for word in words), err


def test_missing_files_and_other_encodings_are_named(run: Any, home: Path, tmp_path: Path) -> None:
    assert run("query", tmp_path / "none.yaml")[0] == 1
    (tmp_path / "q.yaml").write_bytes("where: [{text: 调解}]".encode("gb18030"))
    code, _, err = run("query", tmp_path / "q.yaml")
    assert code == 2 and "UTF-8" in err


@pytest.mark.parametrize(
    ("loc", "path"),
    [
        (("where", 0, "took_up", "took_up"), "where[0].took_up"),
        (("where", 2, "any", "any", 1, "not", "not", "has", "has"), "where[2].any[1].not.has"),
        (("where", 0), "where[0]"),
        (("size",), "size"),
        (("where", 0, "text", "section", 1), "where[0].section[1]"),
    ],
)
def test_paths_leave_out_which_kind_a_condition_was_taken_for(loc: tuple[str | int, ...], path: str) -> None:
    assert write_path(loc) == path
