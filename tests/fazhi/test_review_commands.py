"""Decisions of people from end to end: the rules read real text, graph and index show the decision, and nothing of it is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import elasticsearch
import pytest
from sample_reports import make_report
from servers.sharing import Run as ServerRun
from servers.starting import Server

import vocabulary
from archive.reviews import Order, Standing
from fazhi import workspace
from fazhi.comparing import compare_runs
from fazhi.exporting import list_lines
from fazhi.settings import Settings, load_settings
from fazhi.workspace import Workspace
from ingest.ids import report_id
from ingest.model import Fact

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
FIRST = "000.txt"  # 参内镇
PLACE = "cn:350524/参内镇"
PROGRAM = "program:法律八进"


def content_of(space: Workspace) -> dict[str, Any]:
    return {"graph": list(list_lines(space, "graph")), "index": list(list_lines(space, "index")), "snapshot": space.archive.snapshot()}


def fact_of(space: Workspace, key: str = FIRST, type: str = "program", raw: bool = True) -> Fact:
    archive = space.archive
    analysis = archive.extracted(report_id(key)) if raw else archive.analysis(report_id(key))
    return next(fact for fact in analysis.facts if fact.type == type)


def decide(space: Workspace, action: str, **told: Any) -> Standing:
    (standing,) = space.review([Order(action=action, user="li", **told)])  # type: ignore[arg-type]
    return standing


def adopters(space: Workspace, program: str = PROGRAM) -> list[str]:
    rows = space.cypher("MATCH (p:Place)-[:ADOPTS]->(:Program {id: $program}) RETURN DISTINCT p.id AS id ORDER BY id", {"program": program}).rows
    return [row["id"] for row in rows]


def naming(space: Workspace, program: str = PROGRAM) -> set[str]:
    return {hit.key for hit in space.search(None, program=program, size=100).hits}


def test_graph_and_text_show_a_rejection_at_once_and_its_undoing(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus], workers=1)
    before = content_of(space)
    assert FIRST in naming(space)
    facts = [fact.id for fact in space.archive.extracted(report_id(FIRST)).facts if fact.node == PROGRAM]
    standings = space.review([Order(action="reject", user="li", fact=fact) for fact in facts])
    assert {standing.state for standing in standings} == {"applies"}
    assert FIRST not in naming(space)
    rows = space.cypher("MATCH ()-[a:ADOPTS]->(:Program {id: $program}) RETURN a.report AS report", {"program": PROGRAM}).rows
    assert report_id(FIRST) not in [row["report"] for row in rows]
    assert space.check(deep=True).fine
    space.undo_reviews([standing.review.id for standing in standings], user="li")
    assert content_of(space) == before
    assert space.check(deep=True).fine


def test_an_acceptance_shows_in_the_graph(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus], workers=1)
    relation = next(fact for fact in space.archive.extracted(report_id(FIRST)).facts if fact.relation == "ADOPTS")
    number = fact_of(space, type="metric")
    space.review([Order(action="accept", user="li", fact=relation.id), Order(action="accept", user="li", fact=number.id)])
    rows = space.cypher("MATCH ()-[a:ADOPTS {reviewed: true}]->() RETURN a.report AS report, a.facts AS facts").rows
    assert [(row["report"], relation.id in row["facts"]) for row in rows] == [(report_id(FIRST), True)]
    assert [row["fact"] for row in space.cypher("MATCH (m:Measure {reviewed: true}) RETURN m.fact AS fact").rows] == [number.id]
    assert space.check(deep=True).fine


def test_nodes_merge_split_and_get_names_in_all_reports(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus], workers=1)
    before = content_of(space)
    merged = decide(space, "merge", node=PROGRAM, target="program:法律七进")
    assert merged.reports == 6
    assert (naming(space), adopters(space)) == (set(), [])
    assert len(naming(space, "program:法律七进")) == 6
    decide(space, "rename", node="program:法律七进", name="法律进七处")
    assert space.cypher("MATCH (p:Program {id: 'program:法律七进'}) RETURN p.name AS name").rows == ({"name": "法律进七处"},)
    assert len(naming(space, "法律进七处")) == 6
    split = decide(space, "split", node="program:法律七进", reports=(FIRST,), target="program:法律六进")
    assert naming(space, "program:法律六进") == {FIRST}
    assert space.check(deep=True).fine
    (corpus / "006.txt").write_text(make_report(6), encoding="utf-8")
    assert space.ingest([corpus], workers=1).lost_reviews == ()
    assert "006.txt" in naming(space, "program:法律七进")
    space.delete(["006.txt"])
    space.undo_reviews([split.review.id, merged.review.id, 2], user="li")
    assert content_of(space) == before


def test_a_township_that_the_text_leaves_open_is_told(space: Workspace, tmp_path: Path) -> None:
    text = "安溪县某镇2023年法治政府建设情况报告\n\n一、主要工作情况\n我镇深入开展法律八进活动，设立“桂花香”调解工作室。全年调解矛盾纠纷20件。\n"
    (tmp_path / "open.txt").write_text(text.replace("安溪县某镇", "我镇"), encoding="utf-8")
    (tmp_path / "open.txt.meta.json").write_text('{"place": "安溪县"}', encoding="utf-8")
    space.ingest([tmp_path / "open.txt"], workers=1)
    (document,) = space.archive.documents()
    assert document.place and "?" in document.place
    decide(space, "merge", node=document.place, target=PLACE)
    (document,) = space.archive.documents(place=PLACE)
    assert (document.place_name, document.path[-1]) == ("参内镇", "参内镇")
    assert [hit.key for hit in space.search("法律八进", place=PLACE).hits] == ["open.txt"]
    assert adopters(space) == [PLACE]
    rooms = space.cypher("MATCH (p)-[:OPERATES]->(r:MediationRoom) RETURN p.id AS place, r.id AS room").rows
    assert rows_of(rooms) == [(PLACE, f"room:{PLACE}/桂花香")]
    assert space.cypher("MATCH (n) WHERE n.id CONTAINS '?' RETURN n.id AS id").rows == ()
    assert space.check(deep=True).fine


def rows_of(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in rows]


def test_decisions_survive_new_text_new_rules_and_being_taken_in_again(space: Workspace, corpus: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    space.ingest([corpus], workers=1)
    rejected = decide(space, "reject", fact=fact_of(space).id)
    number = decide(space, "accept", fact=fact_of(space, type="metric").id)
    decided = content_of(space)
    assert space.ingest([corpus], workers=1).wrote is False
    assert content_of(space) == decided

    moved = "（此件公开发布）\n" + make_report(0).replace("一、主要工作情况", "一、主要工作情况\n本镇高度重视。")
    (corpus / FIRST).write_text(moved, encoding="utf-8")
    assert space.ingest([corpus], workers=1).lost_reviews == ()
    assert FIRST not in naming(space)
    found = space.archive.standing(number.review.id).fact
    kept = next(fact for fact in space.archive.analysis(report_id(FIRST)).facts if fact.id == found)
    assert (kept.confidence, moved[kept.start : kept.end]) == (1.0, kept.surface)

    monkeypatch.setattr(vocabulary, "version", lambda: "0123456789ab")
    summary = space.ingest_stale(workers=1)
    assert (summary.changed, summary.lost_reviews) == (6, ())
    assert FIRST not in naming(space)
    assert space.check(deep=True).fine
    with workspace.open(tmp_path / "other") as other:
        other.ingest([corpus], workers=1)
        other.review([Order(action="reject", user="x", fact=fact_of(other).id), Order(action="accept", user="x", fact=found or "")])
        assert content_of(other) == content_of(space)

    (corpus / FIRST).write_text(moved.replace("法律八进", "普法"), encoding="utf-8")
    summary = space.ingest([corpus], workers=1)
    assert number.review.id not in summary.lost_reviews or rejected.review.id in summary.lost_reviews
    assert rejected.review.id in summary.lost_reviews
    assert space.status().archive.lost >= 1


def test_reviews_of_a_deleted_report_are_told_and_hold_when_it_comes_back(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus], workers=1)
    standing = decide(space, "reject", fact=fact_of(space).id)
    decided = content_of(space)
    assert space.delete([FIRST]).lost_reviews == (standing.review.id,)
    assert space.archive.standing(standing.review.id).lost[0].reason == "the document is not here any more"
    space.ingest([corpus], workers=1)
    assert content_of(space) == decided


def test_a_rebuild_and_a_repair_keep_decisions(space: Workspace, corpus: Path, home: Path) -> None:
    space.ingest([corpus], workers=1)
    decide(space, "reject", fact=fact_of(space).id)
    decide(space, "merge", node=PROGRAM, target="program:法律七进")
    decided = content_of(space)
    space.rebuild()
    assert content_of(space) == decided
    with space.writing("test"):
        space.archive.mark_stale("graph", [report_id(FIRST)])
    space.repair(deep=True)
    assert content_of(space) == decided


def test_what_changed_by_decisions_is_compared_between_runs(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus], workers=1)
    decide(space, "reject", fact=fact_of(space, type="metric").id)
    space.undo_reviews([1], user="li")
    (diff,) = compare_runs(space.archive, 1, 2)
    assert (diff.key, diff.change, diff.new_reviews, diff.new_rules, diff.new_bytes) == (FIRST, "changed", True, False, False)
    assert [(fact.kind, fact.change) for fact in diff.facts] == [("number", "removed")]
    assert list(compare_runs(space.archive, 1, 3)) == []
    assert [run.kind for run in space.archive.runs()] == ["undo", "review", "ingest"]


KILLED = """
import os, signal, sys
from archive.deciding import Deciding
from archive.store import Archive
from fazhi import cli, projection
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
point = sys.argv.pop(1)
if point == "before the commit": Deciding._note_decisions = die
if point == "before the projections": projection.drain = die
if point == "before it is marked": Archive.mark_done = die
cli.main()
"""


@pytest.mark.parametrize("point", ["before the commit", "before the projections", "before it is marked"])
def test_killed_anywhere_a_decision_is_whole_or_not_there(space: Workspace, corpus: Path, home: Path, tmp_path: Path, point: str) -> None:
    space.ingest([corpus], workers=1)
    before = content_of(space)
    command = [sys.executable, "-c", KILLED, point, "review", "merge", PROGRAM, "program:法律七进", "--user", "li", "--home", str(home)]
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == -signal.SIGKILL
    assert space.archive.snapshot() == before["snapshot"] if point == "before the commit" else space.archive.statistics().pending == {"graph": 6, "text": 6}
    space.repair()
    assert space.check(deep=True).fine
    if point == "before the commit":
        assert (space.archive.reviews(), content_of(space)) == ([], before)
        return
    with workspace.open(tmp_path / "undisturbed") as other:
        other.ingest([corpus], workers=1)
        decide(other, "merge", node=PROGRAM, target="program:法律七进")
        assert content_of(other) == content_of(space)


# -- the command line ------------------------------------------------------------------------------------------------------------------------------


def test_the_commands(run: Run, home: Path, corpus: Path) -> None:
    run("ingest", corpus)
    code, out, _ = run("review", "facts", FIRST, "--type", "program", "--json")
    facts = json.loads(out)
    assert (code, {fact["node"] for fact in facts}) == (0, {PROGRAM})
    assert run("review", "facts", FIRST)[1].rstrip().endswith(" facts.")
    fact = facts[0]["id"]
    code, out, _ = run("review", "reject", fact, "--user", "li", "--note", "不是做法")
    assert (code, out) == (0, f"Review 1: reject program “法律八进活动” in {FIRST}: applies.\n" if "活动" in facts[0]["surface"] else out)
    code, out, err = run("review", "accept", fact)
    assert (code, out) == (1, "")
    assert "rejected already (review 1 by li" in err and "fazhi review undo 1" in err
    code, out, _ = run("review", "merge", PROGRAM, "program:法律七进", "--json", "--user", "li")
    assert (code, json.loads(out)[0]["state"], json.loads(out)[0]["review"]["target"]) == (0, "applies", "program:法律七进")
    assert run("review", "rename", "program:法律七进", "法律进七处")[0] == 0
    assert run("review", "split", "program:法律七进", "--in", "001.txt", "--in", "002.txt", "--to", "program:法律六进")[0] == 0
    number = json.loads(run("review", "facts", FIRST, "--type", "metric", "--json")[1])[0]["id"]
    assert run("review", "link", number, "indicator:disputes_resolved")[0] == 0
    code, out, _ = run("review", "list")
    assert code == 0 and "不是做法" in out and "merge program:法律八进 into program:法律七进" in out and out.endswith("5 reviews.\n")
    code, out, _ = run("review", "list", "--report", FIRST, "--json")
    assert {entry["review"]["action"] for entry in json.loads(out)} == {"reject", "merge", "rename", "link"}
    code, out, _ = run("review", "undo", "2", "--user", "wang")
    assert (code, out) == (0, "Review 2: merge program:法律八进 into program:法律七进: undone by wang.\n")
    code, out, _ = run("review", "list", "--lost")
    assert code == 0 and "Review 3 does not apply: no report speaks of program:法律七进." in out
    assert "undone" not in run("review", "list")[1] and "undone" in run("review", "list", "--all")[1]
    code, out, err = run("delete", FIRST)
    assert code == 0 and "no longer apply" in err
    assert "apply nowhere now" in run("status")[1]
    assert run("check", "--deep")[0] == 0
    code, out, _ = run("runs")
    assert "review, 1 reviewed" in out
    code, out, _ = run("diff", "1", "2")
    assert code == 0 and "(other reviews)" in out


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        (("accept", "x-y"), 1, "There is no fact x-y"),
        (("merge", PROGRAM, PLACE), 2, "Name two nodes of one kind"),
        (("merge", "program:没有", PROGRAM), 1, "No report here speaks of program:没有"),
        (("split", PROGRAM), 2, "--in"),
        (("undo", "7"), 1, "There is no review 7"),
        (("facts", "nowhere.txt"), 1, "There is no report nowhere.txt"),
        (("list", "--report", "nowhere.txt"), 1, "There is no report nowhere.txt"),
        (("facts", FIRST, "--type", "做法"), 2, "There is no type 做法"),
        (("rename", PROGRAM, " "), 2, "name is needed"),
    ],
)
def test_what_can_not_be_decided_is_said_with_its_cure(run: Run, home: Path, corpus: Path, command: tuple[str, ...], code: int, message: str) -> None:
    run("ingest", corpus / FIRST)
    left, out, err = run("review", *command)
    assert (left, out) == (code, "")
    assert message in err and "Traceback" not in err


def test_a_writer_at_work_is_named(run: Run, space: Workspace, corpus: Path) -> None:
    space.ingest([corpus / FIRST], workers=1)
    fact = fact_of(space).id
    with space.writing("test"):
        code, _, err = run("review", "reject", fact)
    assert code == 1 and "is being written by" in err


# -- on servers ------------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def on_servers(neo4j_server: Server, elasticsearch_server: Server, server_run: ServerRun, tmp_path: Path) -> Iterator[Settings]:
    """A data folder whose graph and text are on servers, empty before and afterwards."""
    prefix = f"reviews-{uuid.uuid4().hex[:8]}-"
    settings = load_settings(
        home=tmp_path / "on servers",
        graph=neo4j_server.url,
        graph_user=neo4j_server.user,
        graph_password=neo4j_server.password,
        text=elasticsearch_server.url,
        text_user=elasticsearch_server.user,
        text_password=elasticsearch_server.password,
        text_prefix=prefix,
    )
    with server_run.only_user("neo4j"):
        empty_graph(settings)
        yield settings
        empty_graph(settings)
    login = (elasticsearch_server.user, elasticsearch_server.password or "") if elasticsearch_server.user else None
    with elasticsearch.Elasticsearch(elasticsearch_server.url, basic_auth=login, request_timeout=30) as client:
        for name in client.indices.get(index=f"{prefix}*", expand_wildcards="all").body:
            client.indices.delete(index=name)


@pytest.mark.servers
def test_servers_show_decisions_as_embedded_stores_do(on_servers: Settings, space: Workspace, corpus: Path) -> None:
    seen = []
    with workspace.open(settings=on_servers) as servers:
        for place in (space, servers):
            place.ingest([corpus], workers=1)
            plain = shown(place)
            place.review([Order(action="reject", user="li", fact=fact_of(place).id), Order(action="merge", user="li", node=PROGRAM, target="program:法律七进")])
            place.review([Order(action="accept", user="li", fact=fact_of(place, "001.txt", "metric").id)])
            assert place.check(deep=True).fine
            decided = shown(place)
            assert decided != plain
            place.undo_reviews([1, 2, 3], user="li")
            assert place.check(deep=True).fine
            assert shown(place) == plain
            seen.append((plain, decided))
    assert seen[0] == seen[1]


def shown(space: Workspace) -> Any:
    found = {program: sorted(naming(space, program)) for program in (PROGRAM, "program:法律七进")}
    return list(list_lines(space, "graph")), found, space.archive.snapshot()


def empty_graph(settings: Settings) -> None:
    from graph import open_store

    store = open_store(settings.graph, settings.graph_folder, writable=True, access=settings.graph_access)
    store.rebuild([])
    store.close()
