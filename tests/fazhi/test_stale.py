"""Reports that were read with older rules or words are counted, and read again from the archive alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import vocabulary
from archive.store import fingerprint_of, version_of
from fazhi import rereading
from fazhi.batch import limits_of
from fazhi.exporting import list_lines
from fazhi.workspace import Workspace, open
from ingest.ids import report_id
from ingest.readers import iter_sources

PAGE = "<html><head><title>安溪县参内镇2022年法治政府建设情况报告</title></head><body><div class='content'>{}</div></body></html>"


@pytest.fixture
def mixed(corpus: Path) -> Path:
    """The corpus with a page, a row of jsonl that is a page, and side metadata."""
    paragraphs = "".join(f"<p>参内镇全年调解矛盾纠纷{number}件，成功率98%，深入开展法律八进活动。</p>" for number in range(20, 28))
    (corpus / "page.html").write_text(PAGE.format(paragraphs), encoding="gb18030")
    row = PAGE.format(paragraphs).replace('"', "'").replace("参内镇", "城厢镇")
    (corpus / "rows.jsonl").write_text(f'{{"key": "a row", "html": "{row}", "place": "安溪县", "source": "x"}}\n', encoding="utf-8")
    (corpus / "001.txt.meta.json").write_text('{"title": "另一个标题", "url": "https://example.org/1", "place": "安溪县", "note": 7}', encoding="utf-8")
    return corpus


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Calling it makes another vocabulary of what the reports were read with."""

    def change() -> None:
        monkeypatch.setattr(vocabulary, "version", lambda: "0123456789ab")

    return change


def test_a_new_vocabulary_makes_every_report_stale(space: Workspace, corpus: Path, newer: Callable[[], None]) -> None:
    space.ingest([corpus])
    assert space.status().stale == 0
    newer()
    assert space.status().stale == 6


def test_the_stale_ones_are_read_again_without_their_files(space: Workspace, mixed: Path, newer: Callable[[], None]) -> None:
    taken = space.ingest([mixed])
    shutil.move(mixed, mixed.with_name("elsewhere"))
    newer()
    summary = space.ingest_stale(workers=1)
    assert (summary.changed, summary.new, summary.failed) == (taken.new + taken.duplicate, 0, 0)
    assert space.status().stale == 0
    assert space.check(deep=True).fine
    assert space.archive.runs(1)[0].kind == "stale"


def test_reading_again_comes_to_what_reading_the_files_comes_to(space: Workspace, mixed: Path, newer: Callable[[], None], tmp_path: Path) -> None:
    space.ingest([mixed])
    newer()
    space.ingest_stale()
    again = space.ingest([mixed])
    assert (again.changed, again.new, again.wrote) == (0, 0, False)
    with open(tmp_path / "fresh") as fresh:
        fresh.ingest([mixed])
        assert list(list_lines(fresh, "graph")) == list(list_lines(space, "graph"))
        assert list(list_lines(fresh, "index")) == list(list_lines(space, "index"))


def test_nothing_stale_writes_nothing(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    generation = space.archive.generation()
    summary = space.ingest_stale()
    assert not summary.wrote
    assert space.archive.generation() == generation


def test_stopped_in_the_middle_it_goes_on_with_the_rest(space: Workspace, corpus: Path, newer: Callable[[], None]) -> None:
    space.ingest([corpus])
    newer()
    asked = iter([False, False, False, True])
    first = space.ingest_stale(workers=1, stop=lambda: next(asked, True))
    assert first.interrupted
    left = space.status().stale
    assert 0 < left < 6
    assert not space.archive.runs(1)[0].complete
    assert space.ingest_stale().changed == left
    assert space.status().stale == 0


def test_a_lost_original_is_named_and_stops_nothing(space: Workspace, corpus: Path, newer: Callable[[], None]) -> None:
    space.ingest([corpus])
    newer()
    space.archive.originals.remove([space.archive.document(report_id("002.txt")).version])
    summary = space.ingest_stale()
    assert [failure.name for failure in summary.failures] == ["002.txt"]
    assert (summary.changed, space.status().stale) == (5, 1)


def test_a_source_comes_out_of_the_archive_as_it_went_in(space: Workspace, mixed: Path) -> None:
    space.ingest([mixed])
    limits = limits_of(space.settings)
    for source in iter_sources([mixed]):
        stored = rereading.read_again(space.archive.source(report_id(source.key)), limits)  # type: ignore[union-attr]
        assert stored == source
        marks = {fingerprint_of(one, version_of(one.raw), pipeline="1", vocabulary="2") for one in (stored, source)}  # type: ignore[arg-type]
        assert len(marks) == 1
