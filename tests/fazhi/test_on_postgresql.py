"""A service whose archive is on PostgreSQL: named by its URL alone, and everything else as with SQLite."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import archive_places
import pytest
from archive_places import Place
from sample_reports import make_report, write_reports
from servers.sharing import Run

import vocabulary
from archive.reviews import Order
from fazhi import lease, workspace
from fazhi.comparing import compare_runs
from fazhi.errors import Conflict
from fazhi.exporting import list_lines
from fazhi.settings import load_settings
from ingest.ids import report_id

pytestmark = pytest.mark.servers


@pytest.fixture
def on_postgresql(home: Path, tmp_path: Path, server_run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with archive_places.making("postgresql", tmp_path, server_run) as place:
        monkeypatch.setenv("FAZHI_ARCHIVE", place.url)
        monkeypatch.setenv("FAZHI_ARCHIVE_PASSWORD", place.password or "")
        yield place


def lines_of(space: workspace.Workspace) -> dict[str, list[str]]:
    return {"graph": list(list_lines(space, "graph")), "index": list(list_lines(space, "index"))}


def with_sqlite(folder: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    with monkeypatch.context() as patch:
        patch.delenv("FAZHI_ARCHIVE")
        patch.delenv("FAZHI_ARCHIVE_PASSWORD")
        with workspace.open(folder) as space:
            space.ingest([corpus], workers=1)
            return lines_of(space)


def test_every_command_does_on_postgresql_what_it_does_on_sqlite(
    run: Callable[..., tuple[int, str, str]], home: Path, corpus: Path, on_postgresql: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, said, shown = run("ingest", corpus, "--workers", "1")
    assert code == 0 and (on_postgresql.password or "?") not in said + shown
    assert not (home / "archive.db").exists()
    code, said, _ = run("ingest", corpus, "--workers", "1", "--json")
    assert code == 0 and '"wrote":false' in said.replace(" ", "")
    for command in (("check", "--deep"), ("status",), ("status", "--documents"), ("runs",), ("search", "法律八进"), ("rebuild",), ("repair",)):
        code, said, shown = run(*command)
        assert code == 0, shown
        assert (on_postgresql.password or "?") not in said + shown
    with workspace.open(home, mode="read") as space:
        assert lines_of(space) == with_sqlite(tmp_path / "sqlite", corpus, monkeypatch)
    key = sorted(path.name for path in corpus.iterdir())[0]
    assert run("delete", key)[0] == 0
    (corpus / key).unlink()
    with workspace.open(home, mode="read") as space:
        assert lines_of(space) == with_sqlite(tmp_path / "never-saw-it", corpus, monkeypatch)


def test_runs_are_compared_and_stale_reports_are_read_again(home: Path, corpus: Path, on_postgresql: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace.open(home) as space:
        space.ingest([corpus], workers=1)
        first = space.archive.runs(1)[0].id
        (corpus / "000.txt").write_text(make_report(0).replace("发放宣传资料200份", "发放宣传资料999份"), encoding="utf-8")
        space.ingest([corpus], workers=1)
        second = space.archive.runs(1)[0].id
        changed = [report for report in compare_runs(space.archive, first, second) if report.differs]
        assert [report.key for report in changed] == ["000.txt"]
        monkeypatch.setattr(vocabulary, "version", lambda: "0123456789ab")
        assert space.status().stale == 6
        assert space.ingest_stale(workers=1).changed == 6
        assert (space.status().stale, space.check(deep=True).fine) == (0, True)


def test_reviews_are_kept_applied_and_undone_as_on_sqlite(
    home: Path, corpus: Path, on_postgresql: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def decide(space: workspace.Workspace) -> list[dict[str, list[str]]]:
        space.ingest([corpus], workers=1)
        seen = [lines_of(space)]
        program = next(fact for fact in space.archive.analysis(report_id("000.txt")).facts if fact.type == "program")
        made = [
            *space.review([Order(action="reject", user="甲", fact=program.id)]),
            *space.review([Order(action="merge", user="乙", node="program:法律八进", target="program:法律七进")]),
            *space.review([Order(action="rename", user="乙", node="program:法律七进", name="七进")]),
        ]
        seen.append(lines_of(space))
        (corpus / "000.txt").write_text(make_report(0) + "后记。\n", encoding="utf-8")
        space.ingest([corpus], workers=1)
        seen.append(lines_of(space))
        space.delete(["000.txt"])
        seen.append(lines_of(space))
        space.undo_reviews([standing.review.id for standing in made[1:]], user="丙")
        seen.append(lines_of(space))
        assert space.check(deep=True).fine
        return seen

    with workspace.open(home) as space:
        there = decide(space)
    for name in ("FAZHI_ARCHIVE", "FAZHI_ARCHIVE_PASSWORD"):
        monkeypatch.delenv(name)
    (corpus / "000.txt").write_text(make_report(0), encoding="utf-8")
    with workspace.open(tmp_path / "sqlite") as space:
        assert decide(space) == there
    assert len({str(state) for state in there}) == len(there)


def test_an_ingest_killed_at_any_moment_is_finished_by_the_next(home: Path, on_postgresql: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = write_reports(tmp_path / "many", 40)
    command = [sys.executable, "-m", "fazhi", "ingest", str(corpus), "--workers", "1", "--quiet"]
    environment = {**os.environ, "FAZHI_BATCH": "4", "FAZHI_PROJECTION_BATCH": "8"}
    with workspace.open(home):
        pass
    killed_with = []
    for committed in (0, 1, 9, 22):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=Path(workspace.__file__).parent.parent)
        with workspace.open(home, mode="read") as space:
            while process.poll() is None and space.archive.statistics().documents < committed:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed_with.append(space.archive.statistics().documents)
    assert killed_with == sorted(killed_with)
    assert min(killed_with) < 40
    with workspace.open(home) as space:
        space.ingest([corpus], workers=1)
        assert space.check(deep=True).fine
        assert lines_of(space) == with_sqlite(tmp_path / "undisturbed", corpus, monkeypatch)


def test_another_data_folder_on_the_same_archive_is_told_who_writes(home: Path, corpus: Path, on_postgresql: Place, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "another machine", originals=str(tmp_path / "shared originals"))
    with workspace.open(home) as one, workspace.open(settings=settings) as other, one.writing("ingest"):
        holder = lease.read_holder(settings.home, other.archive)
        assert holder is not None and holder.pid == os.getpid()
        with pytest.raises(Conflict, match=rf"process {os.getpid()}"):
            other.ingest([corpus], workers=1)


def test_the_api_says_when_the_archive_is_away_and_recovers_without_a_restart(
    home: Path, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi.testclient import TestClient
    from servers.starting import start

    from search_api.app import create_app

    folder = tmp_path / "server"
    server = start("postgresql", folder)
    try:
        monkeypatch.setenv("FAZHI_ARCHIVE", archive_places.address_of(server, "postgres"))
        monkeypatch.setenv("FAZHI_ARCHIVE_PASSWORD", server.password or "")
        with workspace.open(home) as space:
            space.ingest([corpus], workers=1)
        with TestClient(create_app(load_settings(refresh_seconds=0)), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
            assert client.get("/readyz").status_code == 200
            server.stop(signal.SIGKILL)
            assert client.get("/healthz").status_code == 200
            away = client.get("/readyz")
            assert away.status_code == 503
            problem = client.get("/api/coverage")
            assert problem.status_code == 503 and problem.headers["content-type"] == "application/problem+json"
            assert (server.password or "?") not in away.text + problem.text
            server = start("postgresql", folder, port=int(server.url.rsplit(":", 1)[1].split("/")[0]), password=server.password)
            for _ in range(50):
                if client.get("/readyz").status_code == 200:
                    break
                time.sleep(0.1)
            assert client.get("/readyz").status_code == 200
            assert client.get("/api/coverage").status_code == 200
    finally:
        server.stop()
