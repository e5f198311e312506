"""Whatever the order, whatever was deleted, replaced or killed in between: the stores hold what they would hold had they seen the present reports alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sample_reports import make_report, write_reports

from archive import store
from fazhi import workspace
from fazhi.exporting import list_lines
from fazhi.settings import load_settings
from fazhi.workspace import Workspace

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "corpus"


def content_of(space: Workspace) -> dict[str, list[str]]:
    return {"graph": list(list_lines(space, "graph")), "index": list(list_lines(space, "index")), "snapshot": [space.archive.snapshot()]}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports that share counties, programs and laws, some of the same township."""
    folder = tmp_path_factory.mktemp("examples") / "corpus"
    shutil.copytree(EXAMPLES, folder)
    write_reports(folder / "same county", 6)
    return folder


@pytest.fixture(scope="module")
def undisturbed(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    with workspace.open(tmp_path_factory.mktemp("undisturbed")) as space:
        space.ingest([examples], workers=1)
        return content_of(space)


@pytest.mark.parametrize(("seed", "workers"), [(1, 1), (2, 2), (3, 4)])
def test_any_order_on_any_number_of_workers_gives_the_same_bytes(
    examples: Path, undisturbed: dict[str, list[str]], tmp_path: Path, seed: int, workers: int
) -> None:
    chance = random.Random(seed)
    rows = [(path.relative_to(examples).as_posix(), path) for path in examples.rglob("*") if path.is_file() and not path.name.endswith(".meta.json")]
    chance.shuffle(rows)
    settings = load_settings(home=tmp_path / "home", batch=chance.choice([1, 5, 64]), projection_batch=chance.choice([1, 7, 256]))
    with workspace.open(settings=settings) as space:
        for start in range(0, len(rows), 15):
            part = tmp_path / f"part{start}" / "corpus"
            for key, path in rows[start : start + 15]:
                for file in (path, path.with_name(f"{path.name}.meta.json")):
                    if file.exists():
                        (part / key).parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(file, (part / key).parent)
            space.ingest([part], workers=workers)
        assert content_of(space) == undisturbed


@pytest.mark.parametrize("seed", range(3))
def test_what_is_deleted_or_replaced_leaves_nothing_behind(examples: Path, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    seen, never = tmp_path / "seen" / "corpus", tmp_path / "never" / "corpus"
    shutil.copytree(examples, seen)
    with workspace.open(tmp_path / "one") as space:
        space.ingest([seen], workers=1)
        keys = [document.key for document in space.archive.documents(counted=False) if (seen / document.key).is_file()]
        gone, replaced = set(chance.sample(keys, 8)), set(chance.sample(keys, 6))
        for key in replaced:
            (seen / key).write_text(make_report(chance.randrange(40)), encoding="utf-8")
        space.ingest([seen], workers=1)
        space.delete(sorted(gone))
        shutil.copytree(seen, never)
        for key in gone:
            (never / key).unlink()
            (never / f"{key}.meta.json").unlink(missing_ok=True)
        assert space.check(deep=True).fine
        with workspace.open(tmp_path / "other") as other:
            other.ingest([never], workers=1)
            assert content_of(space) == content_of(other)


def test_taking_all_away_leaves_empty_stores(examples: Path, tmp_path: Path) -> None:
    with workspace.open(tmp_path / "home") as space:
        space.ingest([examples], workers=1)
        space.delete([document.key for document in space.archive.documents(counted=False)])
        assert content_of(space) == {"graph": [], "index": [], "snapshot": ["0" * 16]}


READER = """
import sys, time
from fazhi import workspace
from fazhi.settings import load_settings
from fazhi.errors import FazhiError
with workspace.open(settings=load_settings(home=sys.argv[1], refresh_seconds=0), mode="read") as space:
    seen = 0
    while True:
        found = space.search("法律八进", size=100)
        reports = space.cypher("MATCH (r:Report)-[:COVERS]->(p:Place) RETURN count(r) AS reports").rows[0]["reports"]
        assert found.total == len(found.hits) or found.total > 100, (found.total, len(found.hits))
        assert reports >= seen and found.total >= 6, (reports, seen, found.total)
        seen = reports
        print(seen, flush=True)
"""


@contextmanager
def reading(home: Path) -> Iterator[Callable[[], list[int]]]:
    """A process that asks without a pause; calling gives how many reports each of its answers rested on so far. Fails where it stumbled."""
    told, complaints = home.with_name("told"), home.with_name("complaints")
    with told.open("w") as out, complaints.open("w") as err:
        process = subprocess.Popen([sys.executable, "-c", READER, str(home)], cwd=ROOT, stdout=out, stderr=err)

    def answers() -> list[int]:
        count = told.read_text().count("\n")
        wait_for(lambda: told.read_text().count("\n") > count + 1 or process.poll() is not None)  # so that it sees the last commit
        assert (process.poll(), complaints.read_text()) == (None, "")
        return [int(line) for line in told.read_text().splitlines()]

    try:
        wait_for(lambda: bool(told.read_text()) or process.poll() is not None)
        yield answers
    finally:
        process.kill()
        process.wait()


def wait_for(come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_reading_process_goes_on_during_ingest_and_rebuild(space: Workspace, corpus: Path, home: Path) -> None:
    space.ingest([corpus])
    for number in range(6, 40):
        (corpus / f"{number:03}.txt").write_text(make_report(number), encoding="utf-8")
    with reading(home) as answers:
        space.ingest([corpus], workers=1)
        space.rebuild()
        space.repair()
        told = answers()
    assert len(told) > 10
    assert (told[0], told[-1]) == (6, 40)


def kill_when(command: list[str], home: Path, there: Callable[[], bool]) -> None:
    """Start ``fazhi`` and kill it as soon as ``there`` says so."""
    process = subprocess.Popen(
        [sys.executable, "-m", "fazhi", *command, "--home", str(home)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
    )
    wait_for(lambda: there() or process.poll() is not None)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize(("which", "leftover"), [("graph", "graph/graph-2.kgl"), ("text", "text/index-2")])
def test_a_killed_rebuild_leaves_the_old_one_in_use_and_its_leftovers_are_swept(
    space: Workspace, home: Path, tmp_path: Path, which: str, leftover: str
) -> None:
    space.ingest([write_reports(tmp_path / "many", 60)])
    before = content_of(space)
    kill_when(["rebuild", which], home, lambda: (home / leftover).exists())
    assert (home / leftover).exists()
    assert space.check(deep=True).fine
    assert content_of(space) == before
    space.repair()
    assert not (home / leftover).exists()
    assert content_of(space) == before


@pytest.mark.parametrize("days", [-400, 400])
def test_a_clock_that_jumps_changes_no_answer(space: Workspace, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    space.ingest([corpus])
    monkeypatch.setattr(store, "now", lambda: (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds"))
    (corpus / "000.txt").write_text(make_report(30), encoding="utf-8")
    space.ingest([corpus])
    space.delete(["001.txt"])
    (corpus / "001.txt").unlink()
    assert space.check(deep=True).fine
    assert [run.id for run in space.archive.runs()] == [3, 2, 1]
    with workspace.open(tmp_path / "other") as other:
        other.ingest([corpus])
        assert content_of(space) == content_of(other)
