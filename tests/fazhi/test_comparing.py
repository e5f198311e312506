"""What changed between two runs, report by report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_reports import make_report

from archive.history import Running
from archive.model import Entry
from archive.store import Archive, fingerprint_of, version_of
from fazhi.comparing import compare_analyses, compare_runs
from fazhi.errors import NotFound
from fazhi.workspace import Workspace
from ingest.ids import report_id
from ingest.model import Analysis, Fact, Frame, Source

PLAIN = Fact(id="f1", doc="a", type="program", surface="法律八进", start=10, end=14, canonical="法律八进", node="program:法律八进")
NUMBER = Fact(id="f2", doc="a", type="metric", surface="20件", start=30, end=33, indicator="调解矛盾纠纷", value=20, unit="件", year=2023)
LINK = Fact(id="f3", doc="a", type="relation", surface="参内镇", start=5, end=8, relation="ADOPTS", subject="参内镇", object="法律八进")


def analysis(*facts: Fact, place: str = "cn:350524/参内镇", pipeline: str = "1") -> Analysis:
    return Analysis(doc="a", frame=Frame(place=place, year=2023), facts=facts, pipeline=pipeline)


def change(fact: Fact, **fields: Any) -> Fact:
    return msgspec.structs.replace(fact, **fields)


def found(old: Analysis | None, new: Analysis | None) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    return [(diff.kind, diff.change, diff.before, diff.after) for diff in compare_analyses(old, new) if diff.change == "changed"]


def test_a_number_that_changed_shows_both_values() -> None:
    new = change(NUMBER, id="f9", start=90, end=93, surface="25件", value=25)
    assert found(analysis(NUMBER), analysis(new)) == [("number", "changed", {"value": 20}, {"value": 25})]


def test_a_link_that_changed_shows_both_nodes() -> None:
    new = change(PLAIN, node="program:法律六进", canonical="法律六进")
    told = {"canonical": "法律八进", "node": "program:法律八进"}
    assert found(analysis(PLAIN), analysis(new)) == [("link", "changed", told, {"canonical": "法律六进", "node": "program:法律六进"})]


def test_a_plan_that_became_a_deed_is_a_changed_fact() -> None:
    assert found(analysis(PLAIN), analysis(change(PLAIN, modality="planned"))) == [("fact", "changed", {"modality": "done"}, {"modality": "planned"})]


def test_what_only_moved_or_came_by_another_rule_is_no_change() -> None:
    new = change(PLAIN, id="f8", start=50, end=54, rule="another", confidence=0.1)
    assert list(compare_analyses(analysis(PLAIN, NUMBER), analysis(NUMBER, new))) == []


def test_what_came_and_what_went_is_named_by_kind() -> None:
    told = {(diff.kind, diff.change, diff.name) for diff in compare_analyses(analysis(PLAIN), analysis(LINK, NUMBER))}
    assert told == {("fact", "removed", "法律八进"), ("link", "added", "参内镇 ADOPTS 法律八进"), ("number", "added", "调解矛盾纠纷")}


facts = st.lists(
    st.builds(
        lambda type, surface, start, value, node: Fact(
            id=f"{type}{surface}{start}{value}{node}", doc="a", type=type, surface=surface, start=start, end=start + 1, value=value, node=node
        ),
        st.sampled_from(["program", "metric", "relation"]), st.sampled_from("甲乙"), st.integers(0, 3), st.sampled_from([None, 1, 2]), st.sampled_from([None, "n"]),
    ),
    max_size=7, unique_by=lambda fact: fact.id,
)  # fmt: skip


@given(old=facts, new=facts)
def test_every_fact_is_accounted_for_once_and_the_way_back_is_the_mirror(old: list[Fact], new: list[Fact]) -> None:
    there, back = list(compare_analyses(analysis(*old), analysis(*new))), list(compare_analyses(analysis(*new), analysis(*old)))
    come = [diff.fact_after for diff in there if diff.change == "added"]
    gone = [diff.fact_before for diff in there if diff.change == "removed"]
    assert len(old) - len(gone) == len(new) - len(come)
    assert len(set(come)) == len(come) and len(set(gone)) == len(gone)
    assert sorted(gone) == sorted(diff.fact_after for diff in back if diff.change == "added" and diff.fact_after)
    assert list(compare_analyses(analysis(*old), analysis(*old))) == []


def commit(archive: Archive, analysis_: Analysis, text: str = "甲", key: str = "a") -> int:
    run = Running("ingest", "2026-01-01", pipeline=analysis_.pipeline)
    source = Source(key=key, text=text, raw=text.encode())
    version = version_of(source.raw)
    mark = fingerprint_of(source, version, pipeline=analysis_.pipeline, vocabulary="v")
    archive.commit([Entry(source=source, version=version, fingerprint=mark, analysis=analysis_, pipeline=analysis_.pipeline, vocabulary="v")], run=run)
    assert run.id is not None
    return run.id


@pytest.fixture
def archive(space: Workspace) -> Archive:
    return space.archive


def test_what_newer_rules_say_is_compared_with_what_the_older_ones_said(archive: Archive) -> None:
    first = commit(archive, analysis(NUMBER))
    second = commit(archive, analysis(change(NUMBER, value=25), pipeline="2", place="cn:350524/城厢镇"))
    (diff,) = compare_runs(archive, first, second)
    assert (diff.change, diff.new_rules, diff.new_bytes) == ("changed", True, False)
    assert (diff.frame_before, diff.frame_after) == ({"place": "cn:350524/参内镇"}, {"place": "cn:350524/城厢镇"})
    assert [(fact.kind, fact.before, fact.after) for fact in diff.facts] == [("number", {"value": 20}, {"value": 25})]


def test_going_back_to_old_bytes_and_rules_leaves_no_difference(archive: Archive) -> None:
    first = commit(archive, analysis(NUMBER))
    commit(archive, analysis(PLAIN), text="乙")
    third = commit(archive, analysis(NUMBER))
    assert list(compare_runs(archive, first, third)) == []


def test_a_report_that_came_between_is_added_and_the_other_way_removed(archive: Archive) -> None:
    first = commit(archive, analysis(PLAIN))
    second = commit(archive, analysis(NUMBER), text="乙", key="b")
    assert [(diff.key, diff.change) for diff in compare_runs(archive, first, second)] == [("b", "added")]
    assert [(diff.key, diff.change) for diff in compare_runs(archive, second, first)] == [("b", "removed")]


def test_what_a_deleted_report_said_is_forgotten(space: Workspace) -> None:
    archive = space.archive
    first = commit(archive, analysis(PLAIN))
    commit(archive, analysis(NUMBER), text="乙", key="b")
    space.delete(["a"])
    last = archive.runs(1)[0]
    assert (last.kind, last.complete, last.counts) == ("delete", True, {"deleted": 1})
    diffs = {diff.key: diff for diff in compare_runs(archive, first, last.id)}
    assert (diffs["a"].change, diffs["a"].forgotten, diffs["a"].facts) == ("removed", True, ())
    assert archive.past_analysis(report_id("a"), "") is None


def test_an_unknown_run_is_not_found(archive: Archive) -> None:
    with pytest.raises(NotFound):
        list(compare_runs(archive, 1, 2))


def test_a_killed_ingest_has_its_run_with_what_it_committed(archive: Archive) -> None:
    commit(archive, analysis(PLAIN))
    run = archive.runs(1)[0]
    assert (run.complete, run.counts) == (False, {"new": 1})


def test_the_command_lists_runs_and_their_difference(run: Callable[..., tuple[int, str, str]], home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    (corpus / "000.txt").write_text(make_report(0).replace("调解矛盾纠纷20件", "调解矛盾纠纷31件"), encoding="utf-8")
    (corpus / "new.txt").write_text(make_report(7), encoding="utf-8")
    run("ingest", corpus)
    code, out, _ = run("runs")
    assert code == 0
    assert [line.split(",")[0] for line in out.splitlines()] == ["run 2", "run 1"]
    code, out, _ = run("diff", 1, 2)
    assert code == 0
    assert "~ 000.txt (new bytes)" in out
    assert "value 20 → 31" in out
    assert "+ new.txt" in out
    code, out, _ = run("diff", 1, 2, "--json")
    assert [(report["key"], report["change"]) for report in json.loads(out)["reports"]] == [("000.txt", "changed"), ("new.txt", "added")]
    code, _, err = run("diff", 1, 9)
    assert (code, "There is no run 9" in err) == (1, True)


def test_path_and_stale_exclude_each_other(run: Callable[..., tuple[int, str, str]], home: Path, corpus: Path) -> None:
    assert run("ingest", corpus, "--stale")[0] == 2
    assert run("ingest")[0] == 2
