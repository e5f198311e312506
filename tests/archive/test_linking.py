"""Who has words of whom: kept, queued for the graph, and holding only while both ends stand as they were compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from archive_places import Place
from test_archive import make_entry

from archive.model import Link
from archive.store import Archive
from ingest.ids import report_id


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    with place.open() as opened:
        opened.commit([make_entry(key, key) for key in ("a.txt", "b.txt", "c.txt")])
        for projection in ("graph", "text"):
            opened.mark_done(projection, [change.sequence for change in opened.pending(projection, 100)])
        yield opened


def link(archive: Archive, later: str, earlier: str, **more: Any) -> Link:
    ends = [archive.document(report_id(key)) for key in (later, earlier)]
    told = {"year": 2023, "characters": 90, "passages": 2, "identity": 0.9, "boilerplate": 0.1, "evidence": "covered year"}
    told |= {"text_start": 5, "text_end": 55, "source_start": 7, "source_end": 57}
    marks = {"report_mark": ends[0].fingerprint, "source_mark": ends[1].fingerprint}
    return Link(report=ends[0].report, source=ends[1].report, **marks, **{**told, **more})


def take_over(archive: Archive) -> dict[str, list[str]]:
    """What waits for the graph: later report → the earlier ones."""
    waiting = archive.pending_links(100)
    archive.mark_done("links", [sequence for sequence, _ in waiting.values()])
    return {report: [one.source for one in links] for report, (_, links) in waiting.items()}


def held(archive: Archive) -> set[tuple[str, str]]:
    return {(one.report, one.source) for links in archive.links_about(list(IDS)).values() for one in links}


A, B, C = IDS = tuple(report_id(key) for key in ("a.txt", "b.txt", "c.txt"))


def test_only_reports_whose_links_changed_wait_for_the_graph(archive: Archive) -> None:
    first = [link(archive, "b.txt", "a.txt"), link(archive, "c.txt", "a.txt")]
    assert archive.count_links().snapshot is None
    assert archive.keep_links(first, snapshot=archive.snapshot()) == 2
    assert not archive.has_links(first, snapshot=archive.snapshot())  # the graph has not got them yet
    assert archive.statistics().pending["graph"] == 2
    assert take_over(archive) == {B: [A], C: [A]}
    assert archive.has_links(first, snapshot=archive.snapshot())
    assert archive.keep_links([first[0], link(archive, "c.txt", "b.txt")], snapshot=archive.snapshot()) == 1
    assert take_over(archive) == {C: [B]}
    assert archive.keep_links([first[0]], snapshot=archive.snapshot()) == 1
    assert take_over(archive) == {C: []}
    assert archive.keep_links([msgspec.structs.replace(first[0], characters=91)], snapshot=archive.snapshot()) == 1
    assert take_over(archive) == {B: [A]}
    assert archive.links_about([A, C]) == {A: (msgspec.structs.replace(first[0], characters=91),)}
    assert (archive.count_links().links, archive.statistics().links) == (1, archive.count_links())


def test_the_same_again_writes_nothing(archive: Archive) -> None:
    links = [link(archive, "b.txt", "a.txt")]
    archive.keep_links(links, snapshot=archive.snapshot())
    before = archive.generation(), archive.sequence()
    assert archive.keep_links(reversed(links), snapshot=archive.snapshot()) == 0
    assert (archive.generation(), archive.sequence()) == before
    archive.keep_links(links, snapshot="another")  # of another state of the collection: that alone is noted
    assert (archive.generation(), archive.sequence()) == (before[0] + 1, before[1])


def test_a_link_holds_only_while_both_ends_stand_as_they_were_compared(archive: Archive) -> None:
    archive.keep_links([link(archive, "b.txt", "a.txt"), link(archive, "c.txt", "b.txt")], snapshot=archive.snapshot())
    before = archive.snapshot()
    assert held(archive) == {(B, A), (C, B)}
    archive.commit([make_entry("a.txt", "changed")])
    assert held(archive) == {(C, B)}
    archive.commit([make_entry("a.txt", "a.txt")])
    assert archive.snapshot() == before
    assert held(archive) == {(B, A), (C, B)}
    archive.commit([make_entry("a copy of b.txt", "b.txt")])  # a smaller key with the same bytes is counted in its place
    assert archive.document(B).duplicate_of == "a copy of b.txt"
    assert held(archive) == set()
    archive.delete("a copy of b.txt")
    assert held(archive) == {(B, A), (C, B)}


def test_a_deleted_report_takes_its_links_in_both_directions(archive: Archive) -> None:
    links = [link(archive, "b.txt", "a.txt"), link(archive, "c.txt", "b.txt"), link(archive, "c.txt", "a.txt")]
    archive.keep_links(links, snapshot=archive.snapshot())
    take_over(archive)
    archive.delete("b.txt")
    assert held(archive) == {(C, A)}
    assert archive.count_links().links == 1
    assert take_over(archive) == {}
    archive.commit([make_entry("b.txt", "b.txt")])
    assert held(archive) == {(C, A)}  # nobody has compared it again
    assert archive.count_links().snapshot != archive.snapshot()  # so the same reports as then are no sign that all links are there
    assert not archive.has_links(links, snapshot=archive.snapshot())


def test_a_change_for_the_graph_brings_the_links_at_both_ends(archive: Archive) -> None:
    links = [link(archive, "b.txt", "a.txt"), link(archive, "c.txt", "b.txt")]
    archive.keep_links(links, snapshot=archive.snapshot())
    archive.mark_stale("graph", [A, B])
    assert {change.report: set(change.links) for change in archive.pending("graph", 10)} == {A: {links[0]}, B: set(links)}
    assert {change.report: set(change.links) for change in archive.changes()} == {A: {links[0]}, B: set(links), C: {links[1]}}
    archive.settle("text", archive.sequence())
    assert archive.pending_links(10)
    archive.settle("graph", archive.sequence())
    assert archive.pending_links(10) == {}


def test_more_links_than_one_statement_takes(archive: Archive) -> None:
    keys = [f"{number:04}.txt" for number in range(900)]
    archive.commit([make_entry(key, key) for key in keys])
    links = [link(archive, key, "a.txt") for key in keys]
    assert archive.keep_links(links, snapshot=archive.snapshot()) == 900
    assert set(archive.links_about([A])[A]) == set(links)
    assert len(archive.links_about([report_id(key) for key in keys])) == 900
    assert len(take_over(archive)) == 100
    assert archive.keep_links([], snapshot=archive.snapshot()) == 900
    assert held(archive) == set()
