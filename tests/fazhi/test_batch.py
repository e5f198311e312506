"""Ingest of many files into the real stores."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from sample_reports import make_report, write_reports

from fazhi import workspace
from fazhi.answers import Progress
from fazhi.errors import Conflict, NotFound
from fazhi.settings import load_settings
from fazhi.workspace import Workspace
from ingest.ids import report_id

ROOT = Path(workspace.__file__).parent.parent


def state_of(home: Path) -> dict[str, tuple[str, int]]:
    """Bytes and time of every file that holds data, by path. The archive's shared memory is rebuilt on every opening and holds none."""
    files = [path for path in home.rglob("*") if path.is_file() and not path.name.endswith((".db-shm", ".lock", ".lock-owner")) and path.name != "writer.json"]
    return {str(path.relative_to(home)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in files}


def content_of(space: Workspace) -> dict[str, object]:
    """Everything that must not depend on how it came in."""
    return {
        "snapshot": space.archive.snapshot(),
        "archive": list(space.archive.fingerprints()),
        "graph": list(space.graph.fingerprints()),
        "text": list(space.text.fingerprints()),
        "nodes": space.graph.read("MATCH (n) RETURN n.id AS id, properties(n) AS properties ORDER BY id"),
        "edges": sorted(
            map(repr, space.graph.read("MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS type, properties(r) AS properties, b.id AS b", max_rows=100_000))
        ),
    }


def test_a_folder_is_taken_in_and_can_be_searched(space: Workspace, corpus: Path) -> None:
    summary = space.ingest([corpus])
    assert (summary.new, summary.failed, summary.wrote) == (6, 0, True)
    answer = space.search("法律八进")
    assert answer.total == 6
    for hit in answer.hits:
        text = space.archive.text(hit.report)
        assert hit.passages
        for passage in hit.passages:
            assert text[passage.start : passage.end] == passage.text
            assert "法律八进" in [text[start:end] for start, end in passage.highlights]


def test_the_same_again_writes_nothing_at_all(home: Path, corpus: Path) -> None:
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 not really")
    with workspace.open(home) as space:
        space.ingest([corpus])
    before = state_of(home)
    with workspace.open(home) as space:
        summary = space.ingest([corpus])
    assert (summary.unchanged, summary.new, summary.failed, summary.wrote) == (6, 0, 1, False)
    assert state_of(home) == before


def test_neither_order_nor_batches_nor_workers_change_the_result(tmp_path: Path) -> None:
    corpus = write_reports(tmp_path / "corpus", 10)
    shutil.copy(corpus / "003.txt", corpus / "copy.txt")
    files = sorted(corpus.iterdir())
    contents = []
    for number, (workers, batch) in enumerate([(1, 64), (2, 3), (1, 1)]):
        random.Random(number).shuffle(files)
        with workspace.open(settings=load_settings(home=tmp_path / f"home{number}", batch=batch, projection_batch=5)) as space:
            for file in files[:4]:
                space.ingest([file])
            space.ingest([corpus], workers=workers)
            contents.append(content_of(space))
    assert contents[0] == contents[1] == contents[2]
    assert contents[0]["archive"] == contents[0]["graph"] == contents[0]["text"]
    assert len(contents[0]["archive"]) == 10  # type: ignore[arg-type]


def test_new_bytes_under_a_key_replace_what_is_shown(space: Workspace, corpus: Path) -> None:
    space.ingest([corpus])
    (corpus / "000.txt").write_text(make_report(0).replace("法律八进", "法律七进"), encoding="utf-8")
    summary = space.ingest([corpus])
    assert (summary.changed, summary.unchanged) == (1, 5)
    assert space.search('"法律八进"').total == 5
    assert len(space.archive.history(report_id("000.txt"))) == 2


def test_equal_bytes_are_found_once_and_promoted_when_the_counted_one_goes(space: Workspace, corpus: Path) -> None:
    shutil.copy(corpus / "000.txt", corpus / "zzz.txt")
    summary = space.ingest([corpus])
    assert (summary.new, summary.duplicate) == (6, 1)
    assert space.search("法律八进").total == 6
    space.delete(["000.txt"])
    assert "zzz.txt" in [hit.key for hit in space.search("法律八进").hits]
    assert space.check().fine


def test_a_file_that_fails_is_named_with_reason_and_cure_and_stops_nothing(space: Workspace, corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    summary = space.ingest([corpus, corpus.parent / "nowhere.txt"])
    assert (summary.new, summary.failed) == (6, 3)
    assert all(failure.reason and failure.cure for failure in summary.failures)
    assert {failure.name for failure in space.archive.failures()} == {failure.name for failure in summary.failures}


def test_a_failure_goes_off_the_list_once_it_is_mended(space: Workspace, corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    space.ingest([corpus])
    (corpus / "empty.txt").write_text(make_report(9), encoding="utf-8")
    assert space.ingest([corpus]).new == 1
    assert space.archive.failures() == []


def test_a_zip_of_reports_is_taken_in(space: Workspace, corpus: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        for file in corpus.iterdir():
            archive.write(file, f"2023/{file.name}")
    assert space.ingest([tmp_path / "reports.zip"]).new == 6
    assert space.search("法律八进").total == 6


def test_metadata_that_changes_alone_is_a_change(space: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    for title in ("甲", "乙"):
        file.write_text(json.dumps({"key": "k1", "text": make_report(1), "title": title}, ensure_ascii=False) + "\n", encoding="utf-8")
        summary = space.ingest([file])
    assert summary.changed == 1
    found = space.archive.lookup("k1")
    assert found is not None
    assert found.title == "乙"


def test_a_lost_original_comes_back_with_the_next_ingest(space: Workspace, corpus: Path, home: Path) -> None:
    space.ingest([corpus])
    found = space.archive.lookup("000.txt")
    assert found is not None
    (home / "originals" / found.version[:1] / found.version).unlink()
    assert space.check().missing_originals == ("000.txt",)
    assert space.ingest([corpus]).unchanged == 6
    assert space.check().fine


def test_progress_ends_with_everything_done(space: Workspace, corpus: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    told: list[Progress] = []
    space.ingest([corpus], report=told.append)
    assert (told[-1].read, told[-1].done, told[-1].failed) == (7, 7, 1)
    assert [state.read for state in told] == sorted(state.read for state in told)


def test_an_ingest_that_is_stopped_keeps_what_it_has_and_goes_on_later(space: Workspace, tmp_path: Path) -> None:
    corpus = write_reports(tmp_path / "many", 12)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 13

    summary = space.ingest([corpus], workers=1, stop=stop)
    assert summary.interrupted
    assert 0 < summary.new < 12
    assert space.check().fine
    later = space.ingest([corpus])
    assert (later.new, later.unchanged) == (12 - summary.new, summary.new)


def test_reading_goes_on_while_another_workspace_writes(home: Path, corpus: Path) -> None:
    with workspace.open(home) as space:
        space.ingest([corpus])
    with workspace.open(settings=load_settings(home=home, refresh_seconds=0), mode="read") as reader, workspace.open(home) as writer:
        assert reader.search("法律八进").total == 6
        with writer.writing("ingest"):
            assert reader.search("法律八进").total == 6
        (corpus / "new.txt").write_text(make_report(20), encoding="utf-8")
        writer.ingest([corpus])
        assert reader.search("法律八进").total == 7
        assert len(list(reader.graph.fingerprints())) == 7


def test_a_reading_workspace_refuses_to_write(home: Path, corpus: Path) -> None:
    with workspace.open(home, mode="read", create=True) as space, pytest.raises(Conflict):
        space.ingest([corpus])


def test_a_folder_without_data_is_not_made_by_reading_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nothing"):
        workspace.open(tmp_path / "nothing", mode="read")
    assert not (tmp_path / "nothing").exists()


def test_two_writers_do_not_meet(space: Workspace, home: Path, corpus: Path) -> None:
    with space.writing("ingest"), workspace.open(home) as other, pytest.raises(Conflict, match=str(os.getpid())):
        other.ingest([corpus])


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_ingest_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    corpus = write_reports(tmp_path / "corpus", 24)
    home = tmp_path / "home"
    command = [sys.executable, "-m", "fazhi", "ingest", str(corpus), "--home", str(home), "--workers", "1", "--quiet"]
    environment = {**os.environ, "FAZHI_BATCH": "3", "FAZHI_PROJECTION_BATCH": "6"}
    chance = random.Random(seed)
    for _ in range(2):
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while not (home / "writer.json").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
    with workspace.open(home) as space:
        summary = space.ingest([corpus], workers=1)
        assert summary.new + summary.unchanged == 24
        assert space.check().fine
        assert space.archive.statistics().documents == 24
        assert space.search("法律八进", size=100).total == 24
        after_kills = content_of(space)
    with workspace.open(tmp_path / "clean") as clean:
        clean.ingest([corpus], workers=1)
        assert content_of(clean) == after_kills
