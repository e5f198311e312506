"""Who has words of whom, from the comparison of a collection through the archive into the graph."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from servers.sharing import Run
from servers.starting import Server

from archive.model import Link
from archive.reviews import Order
from diffusion.simulating import simulate
from fazhi import backup, workspace
from fazhi.exporting import list_lines
from fazhi.reusing import build_reuse, keep_links, update_reuse
from fazhi.settings import load_settings
from fazhi.workspace import Workspace
from graph.embedded import EmbeddedGraph
from ingest.ids import report_id

REPORTS = 60
LINKED = """MATCH (a:Report)-[r:REUSES]->(b:Report)
RETURN a.id AS later, b.id AS earlier, a.year AS year, b.year AS before, properties(r) AS told ORDER BY later, earlier"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reused") / "simulated"
    simulate(folder, reports=REPORTS, seed=5)
    return folder / "reports"


@pytest.fixture(scope="module")
def prepared(reports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all of them, compared and linked."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    with workspace.open(home) as space:
        space.ingest([reports], workers=1)
        assert keep_links(space, build_reuse(space)) > 5
    return home


@pytest.fixture
def space(prepared: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(prepared, tmp_path / "home")
    with workspace.open(tmp_path / "home") as opened:
        yield opened


def edges(space: Workspace) -> list[dict[str, Any]]:
    return list(space.cypher(LINKED, max_rows=10_000).rows)


def ends(space: Workspace) -> set[tuple[str, str]]:
    return {(row["later"], row["earlier"]) for row in edges(space)}


def graph_of(space: Workspace) -> list[str]:
    return list(list_lines(space, "graph"))


def compare_again(space: Workspace) -> None:
    keep_links(space, build_reuse(space, again=True))


def test_an_edge_stands_on_the_originals_of_both(space: Workspace) -> None:
    index = update_reuse(space)
    found = edges(space)
    pairs = [pair for pair in index.pairs() if pair.kind == "copy" and pair.best and pair.direction == "a->b"]
    assert {(row["later"], row["earlier"]) for row in found} == {(report_id(pair.b), report_id(pair.a)) for pair in pairs}
    for row in found:
        told = row["told"]
        mine = [pair for pair in pairs if (report_id(pair.b), report_id(pair.a)) == (row["later"], row["earlier"])]
        assert (told["passages"], told["characters"]) == (len(mine), sum(pair.aligned for pair in mine))
        assert min(pair.identity for pair in mine) - 0.001 <= told["identity"] <= max(pair.identity for pair in mine) + 0.001
        assert told["report"] == row["later"]
        assert told["year"] == row["year"]
        assert row["before"] < row["year"] or (row["before"] == row["year"] and told["evidence"] == "superior document")
        later = space.archive.text(row["later"])[told["text_start"] : told["text_end"]]
        earlier = space.archive.text(row["earlier"])[told["source_start"] : told["source_end"]]
        assert len(set(later) & set(earlier)) > 0.6 * len(set(later))
        assert max(pair.aligned for pair in mine) <= min(len(later), len(earlier))


def test_comparing_the_same_again_writes_nothing(space: Workspace) -> None:
    files = {path: path.stat().st_mtime_ns for folder in ("graph", "text") for path in (space.settings.home / folder).rglob("*")}
    before = space.archive.generation(), space.archive.sequence()
    assert keep_links(space, build_reuse(space, again=True)) == 0
    assert keep_links(space, update_reuse(space)) == 0
    assert (space.archive.generation(), space.archive.sequence()) == before
    assert {path: path.stat().st_mtime_ns for folder in ("graph", "text") for path in (space.settings.home / folder).rglob("*")} == files


def test_ingesting_the_same_again_leaves_them(space: Workspace, reports: Path) -> None:
    whole = graph_of(space)
    space.ingest([reports], workers=1)
    assert graph_of(space) == whole
    assert space.check(deep=True).fine


def test_a_deleted_report_takes_its_edges_at_once_and_the_rest_is_as_if_it_had_never_been_here(space: Workspace, reports: Path, tmp_path: Path) -> None:
    gone = max(space.archive.documents(), key=lambda document: sum(document.report in pair for pair in ends(space)))
    before = ends(space)
    assert {gone.report} & {end for pair in before for end in pair}
    space.delete([gone.key])
    assert ends(space) == {pair for pair in before if gone.report not in pair}
    assert space.check(deep=True).fine
    never = tmp_path / "never"
    shutil.copytree(reports, never)
    (never / gone.key).unlink()
    with workspace.open(tmp_path / "other") as other:
        other.ingest([never], workers=1)
        compare_again(other)
        compare_again(space)
        assert graph_of(space) == graph_of(other)


def test_a_replaced_report_loses_its_edges_until_it_is_as_it_was(space: Workspace, reports: Path, tmp_path: Path) -> None:
    whole, before = graph_of(space), ends(space)
    replaced = next(iter(sorted(before)))[1]
    key = space.archive.document(replaced).key
    copy = tmp_path / "again"
    shutil.copytree(reports, copy)
    (copy / key).write_text((reports / key).read_text(encoding="utf-8") + "\n补充一句别处没有的话。\n", encoding="utf-8")
    space.ingest([copy], workers=1)
    assert ends(space) == {pair for pair in before if replaced not in pair}
    assert space.check(deep=True).fine
    shutil.copy(reports / key, copy / key)
    space.ingest([copy], workers=1)
    assert graph_of(space) == whole


def test_a_review_of_either_report_takes_the_edges_until_it_is_undone(space: Workspace) -> None:
    whole, before = graph_of(space), ends(space)
    reviewed = sorted(before)[0][0]
    fact = next(fact for fact in space.archive.analysis(reviewed).facts if fact.type == "metric")
    (standing,) = space.review([Order(action="reject", user="li", fact=fact.id)])
    assert ends(space) == {pair for pair in before if reviewed not in pair}
    assert space.check(deep=True).fine
    space.undo_reviews([standing.review.id], user="li")
    assert graph_of(space) == whole


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_ingesting_and_comparing_changes_nothing(prepared: Path, reports: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    paths = sorted(reports.rglob("*.txt"))
    chance.shuffle(paths)
    with workspace.open(tmp_path / "home") as space, workspace.open(prepared, mode="read") as undisturbed:
        for start in range(0, len(paths), 25):
            part = tmp_path / f"part{start}"
            for path in paths[start : start + 25]:
                (part / path.relative_to(reports)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, part / path.relative_to(reports))
            space.ingest([part], workers=1)
            if start % 50 == 0 or start + 25 >= len(paths):
                compare_again(space)
        assert graph_of(space) == graph_of(undisturbed)


@pytest.mark.parametrize("point", ["before the graph", "after the graph"])
def test_a_process_that_died_between_archive_and_graph_loses_and_doubles_nothing(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, point: str, prepared: Path
) -> None:
    whole = graph_of(space)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        _die(patch, EmbeddedGraph.link, point)
        with space.writing("test"):
            space.archive.keep_links([], snapshot="none")
            _take_over(space)
    assert not space.check().fine
    assert space.repair().graph == 0
    assert ends(space) == set()
    assert space.check(deep=True).fine

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        _die(patch, EmbeddedGraph.link, point)
        keep_links(space, update_reuse(space))
    assert space.archive.statistics().pending["graph"] > 0
    assert keep_links(space, update_reuse(space)) == 0  # the archive has had it all before
    assert graph_of(space) == whole
    assert space.check(deep=True).fine


def _take_over(space: Workspace) -> None:
    from fazhi.projection import drain

    drain(space)


def _die(patch: pytest.MonkeyPatch, link: Callable[..., None], point: str) -> None:
    def link_and_die(store: EmbeddedGraph, links: Mapping[str, Sequence[Link]]) -> None:
        if point == "after the graph":
            link(store, links)
        raise KeyboardInterrupt

    patch.setattr(EmbeddedGraph, "link", link_and_die)


def test_a_rebuild_and_a_restored_backup_have_them(space: Workspace, tmp_path: Path) -> None:
    whole = graph_of(space)
    space.rebuild("graph")
    assert graph_of(space) == whole
    backup.write(space, tmp_path / "kept.zip")
    settings = space.settings.model_copy(update={"home": tmp_path / "restored"})
    backup.restore(settings, tmp_path / "kept.zip")
    with workspace.open(tmp_path / "restored") as restored:
        assert graph_of(restored) == whole
        assert restored.check(deep=True).fine


@pytest.mark.parametrize(
    "damage",
    [
        "MATCH (:Report {id: $later})-[edge:REUSES]->() DELETE edge",
        "MATCH (a:Report {id: $earlier}), (b:Report {id: $later}) CREATE (a)-[:REUSES {report: $earlier, characters: 1}]->(b)",
    ],
    ids=["edges lost", "an edge too many"],
)
def test_counting_finds_what_is_lost_or_too_many_and_repair_mends_it(space: Workspace, damage: str) -> None:
    whole = graph_of(space)
    later, earlier = sorted(ends(space))[0]
    with space.writing("test"):
        graph = space.graph
        assert isinstance(graph, EmbeddedGraph)
        with graph._session.begin() as transaction:
            transaction.cypher(damage, params={"later": later, "earlier": earlier})
        graph._pending = True
    assert space.check().fine
    assert len(space.check(deep=True).differences[0].miscounted) == 1
    space.repair(deep=True)
    assert graph_of(space) == whole


def test_who_only_reads_compares_without_writing_it_down(reports: Path, tmp_path: Path, run: Callable[..., tuple[int, str, str]]) -> None:
    home = tmp_path / "home"
    with workspace.open(home) as space:
        space.ingest([reports], workers=1)
    assert "not yet: fazhi reuse build" in run("status", "--home", home)[1]
    with workspace.open(home, mode="read") as reader:
        update_reuse(reader)
        assert reader.archive.count_links().snapshot is None
        assert edges(reader) == []
    code, out, _ = run("reuse", "build", "--home", home)
    assert code == 0
    with workspace.open(home) as space:
        count = len(edges(space))
        assert f"{count} times a report has words" in out
        assert json.loads(run("status", "--home", home, "--json")[1])["archive"]["links"] == {"links": count, "snapshot": space.archive.snapshot()}
        space.delete([next(space.archive.documents()).key])
    assert "the collection has changed since: fazhi reuse build" in " ".join(run("status", "--home", home)[1].split())


@pytest.mark.servers
def test_on_a_server_the_graph_is_the_same(prepared: Path, reports: Path, tmp_path: Path, neo4j_server: Server, server_run: Run) -> None:
    access = {"graph": neo4j_server.url, "graph_user": neo4j_server.user, "graph_password": neo4j_server.password}
    settings = load_settings(home=tmp_path / "home", **access)
    with server_run.only_user("neo4j"), workspace.open(prepared, mode="read") as embedded, workspace.open(settings=settings) as space:
        space.rebuild("graph")  # empty: nobody else's reports are left in it
        space.ingest([reports], workers=1)
        assert ends(space) == set()
        compare_again(space)
        whole = graph_of(embedded)
        assert edges(space) == edges(embedded)
        assert graph_of(space) == whole
        assert keep_links(space, build_reuse(space, again=True)) == 0
        assert space.check(deep=True).fine
        space.rebuild("graph")
        assert graph_of(space) == whole
        later, earlier = sorted(ends(space))[0]
        with space.writing("test"):
            space.graph.link({later: []})
        assert space.check(deep=True).differences[0].miscounted == (later,)
        space.repair(deep=True)
        assert graph_of(space) == whole
        space.delete([space.archive.document(earlier).key])
        assert ends(space) == {pair for pair in ends(embedded) if earlier not in pair}
        assert space.check(deep=True).fine
