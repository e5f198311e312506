"""Graph and index are kept like the archive, and mended where they are not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Change, Projection
from archive.store import PROJECTIONS
from fazhi import projection
from fazhi.workspace import Workspace
from ingest.ids import report_id

states = st.dictionaries(st.text("ab", min_size=1, max_size=3), st.sampled_from("12"), max_size=8)


@given(truth=states, shown=states)
def test_comparing_finds_every_difference_and_no_other(truth: dict[str, str], shown: dict[str, str]) -> None:
    found = projection.compare("graph", iter(sorted(truth.items())), iter(sorted(shown.items())))
    assert set(found.missing) == truth.keys() - shown.keys()
    assert set(found.surplus) == shown.keys() - truth.keys()
    assert set(found.stale) == {report for report in truth.keys() & shown.keys() if truth[report] != shown[report]}


@pytest.mark.parametrize("which", PROJECTIONS)
def test_a_projection_that_lost_a_report_is_noticed_and_mended(space: Workspace, corpus: Path, which: Projection) -> None:
    space.ingest([corpus])
    lost = report_id("002.txt")
    with space.writing("test"):
        projection.store_of(space, which).apply([Change(sequence=0, report=lost, item=None)])
    found = space.check()
    assert not found.fine
    assert {difference.projection: difference.missing for difference in found.differences} == {"graph": (), "text": (), which: (lost,)}
    repair = space.repair()
    assert {"graph": repair.graph, "text": repair.text} == {"graph": 0, "text": 0, which: 1}
    assert space.check().fine


@pytest.mark.parametrize("which", PROJECTIONS)
def test_a_report_that_the_archive_does_not_have_is_taken_away(space: Workspace, corpus: Path, which: Projection) -> None:
    space.ingest([corpus])
    item = space.archive.projectable(report_id("002.txt"))
    space.archive.delete("002.txt")
    space.repair()
    with space.writing("test"):
        projection.store_of(space, which).apply([Change(sequence=0, report=item.document.report, item=item)])
    found = space.check()
    assert {difference.projection: difference.surplus for difference in found.differences}[which] == (item.document.report,)
    space.repair()
    assert space.check().fine


def test_a_repair_without_need_changes_nothing(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    generation = space.archive.generation()
    repair = space.repair()
    assert (repair.graph, repair.text, repair.swept, repair.missing_originals) == (0, 0, 0, ())
    assert space.archive.generation() == generation


def test_changes_that_wait_are_taken_over_by_repair(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    space.archive.delete("001.txt")
    assert {difference.pending for difference in space.check().differences} == {1}
    repair = space.repair()
    assert (repair.graph, repair.text) == (1, 1)
    assert space.check().fine


def test_answers_are_the_same_after_a_rebuild(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    before = [(hit.report, hit.passages) for hit in space.search("法律八进").hits]
    nodes = space.cypher("MATCH (n) RETURN n.id AS id, labels(n) AS labels ORDER BY id").rows
    rebuilt = space.rebuild()
    assert (rebuilt.reports, rebuilt.rebuilt) == (6, ("graph", "text"))
    assert sorted((hit.report, hit.passages) for hit in space.search("法律八进").hits) == sorted(before)
    assert space.cypher("MATCH (n) RETURN n.id AS id, labels(n) AS labels ORDER BY id").rows == nodes
    assert space.check().fine


@pytest.mark.parametrize("which", PROJECTIONS)
def test_a_projection_whose_folder_is_gone_is_rebuilt(space: Workspace, corpus: Path, home: Path, which: Projection) -> None:
    space.ingest([corpus])
    with space.writing("test"):
        shutil.rmtree(home / which)
    assert not space.check().fine
    space.rebuild(which)
    assert space.check().fine


def test_a_deleted_document_leaves_graph_and_index(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    deletion = space.delete(["002.txt", "nowhere.txt"])
    assert (deletion.deleted, deletion.unknown) == (("002.txt",), ("nowhere.txt",))
    assert "002.txt" not in [hit.key for hit in space.search("法律八进", size=100).hits]
    assert report_id("002.txt") not in dict(space.graph.fingerprints())
    assert space.check().fine


def test_when_all_is_deleted_nothing_is_left(space: Workspace, corpus: Path, home: Path) -> None:
    space.ingest([corpus])
    space.delete([document.key for document in space.archive.documents(counted=False)])
    assert space.search(None).total == 0
    assert space.cypher("MATCH (r:Report) RETURN count(r) AS reports").rows == ({"reports": 0},)
    assert [path for path in (home / "originals").rglob("*") if path.is_file()] == []
