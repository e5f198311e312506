from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fazhi.cli import app
from fulltext.query import And, Not, Or, Phrase, Term, Title, parse
from fulltext.synonyms import MOST, MOST_NAMES, other_writings, widen


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("七五普法", "“七五”普法"),
        ("八五普法", "“八五”普法"),
        ("村居法律顾问", "村（社区）法律顾问"),
        ("法治进机关", "法律进机关"),
        ("调解矛盾纠纷", "化解纠纷"),
    ],
)
def test_a_name_has_the_other_writings_of_the_vocabulary(asked: str, other: str) -> None:
    tree, widened = widen(parse(asked))  # type: ignore[arg-type]
    assert [entry.text for entry in widened] == [asked]
    assert other in widened[0].also
    assert isinstance(tree, Or) and tree.clauses[0] == parse(asked) and Phrase(other) in tree.clauses


def test_quoted_parts_of_a_name_are_one_name() -> None:
    tree, widened = widen(parse("“七五”普法"))  # type: ignore[arg-type]
    assert [entry.text for entry in widened] == ["七五普法"]
    assert isinstance(tree, Or) and tree.clauses[0] == And((Phrase("七五"), Term("普法", ("普法",)))) and Phrase("“七五”普法") in tree.clauses


def test_what_a_name_finds_anyway_is_no_other_writing() -> None:
    assert all("法律顾问" not in writing for writing in other_writings("法律顾问"))


@pytest.mark.parametrize("query", ["没有这个名字", "法*治", "year:2023", "program:七五普法"])
def test_what_is_no_name_stays_as_it_is(query: str) -> None:
    tree = parse(query)
    assert tree is not None
    assert widen(tree) == (tree, ())


def test_nothing_is_widened_behind_not() -> None:
    tree, widened = widen(parse("法律八进 NOT 七五普法"))  # type: ignore[arg-type]
    assert [entry.text for entry in widened] == ["法律八进"]
    assert isinstance(tree, And) and tree.clauses[1] == Not(parse("七五普法"))  # type: ignore[arg-type]


def test_fields_are_kept() -> None:
    tree, widened = widen(parse("title:七五普法"))  # type: ignore[arg-type]
    assert isinstance(tree, Title) and isinstance(tree.clause, Or)
    assert widened


def test_a_query_of_many_names_is_widened_in_part_only() -> None:
    names = [f"法律进{where}" for where in ("机关", "乡村", "社区", "学校", "企业", "单位", "军营", "家庭", "市场", "景区", "工地", "医院", "园区")]
    _, widened = widen(parse(" OR ".join(names)))  # type: ignore[arg-type]
    assert len(widened) == MOST_NAMES
    assert all(len(entry.also) <= MOST for entry in widened)


def test_the_command_widens_only_when_asked_and_tells_what(tmp_path: Path) -> None:
    report = tmp_path / "甲乙镇2023.txt"
    report.write_text("参内镇2023年法治政府建设情况报告\n一、主要成效\n全镇落实“七五”普法规划，开展宣传12场。\n", encoding="utf-8")
    home = ["--home", str(tmp_path / "home"), "--json"]
    run = CliRunner()
    assert run.invoke(app, ["ingest", str(report), *home]).exit_code == 0
    plain = json.loads(run.invoke(app, ["search", "第七个五年法治宣传教育规划", *home]).stdout)
    widened = json.loads(run.invoke(app, ["search", "第七个五年法治宣传教育规划", "--synonyms", *home]).stdout)
    assert (plain["total"], plain["synonyms"]) == (0, None)
    assert widened["total"] == 1
    assert "“七五”普法" in widened["synonyms"]["第七个五年法治宣传教育规划"]
    passage = widened["hits"][0]["passages"][0]
    assert (passage["text"], passage["own"], passage["places"]) == ("全镇落实“七五”普法规划，开展宣传12场。", True, 1)
