from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import archive_places
import pytest
from servers.sharing import Run
from sqlalchemy import update

from archive import schema
from archive.store import Archive
from fazhi import lease
from fazhi.errors import Conflict
from fazhi.lease import Holder

_HOLD = """
import sys, time
from pathlib import Path
from fazhi import lease
with lease.hold(Path(sys.argv[1]), "ingest"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with lease.hold(tmp_path, "ingest"), pytest.raises(Conflict, match=rf"process {os.getpid()} on .* \(ingest, since"), lease.hold(tmp_path, "repair"):
        pass


def test_the_lease_is_free_after_its_block(tmp_path: Path) -> None:
    with lease.hold(tmp_path, "ingest"):
        assert lease.read_holder(tmp_path) is not None
    assert lease.read_holder(tmp_path) is None
    with lease.hold(tmp_path, "repair"):
        pass


def test_the_lease_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), lease.hold(tmp_path, "ingest"):
        raise RuntimeError
    with lease.hold(tmp_path, "repair"):
        pass


def test_a_killed_holder_leaves_the_lease_free(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(lease.__file__).parent.parent)
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    with pytest.raises(Conflict, match=str(process.pid)), lease.hold(tmp_path, "repair"):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert lease.read_holder(tmp_path) is None
    with lease.hold(tmp_path, "repair"):
        pass
    process.stdout.close()


# -- one archive, several machines -----------------------------------------------------------------------------------------------------------------------

HERE = Holder(os.getpid(), "ingest", "2026-01-01T00:00:00+00:00", "one")
THERE = Holder(7, "repair", "2026-01-01T00:00:00+00:00", "two")
SECONDS = 0.6  # short, so that a test need not wait half a minute


@pytest.fixture(params=archive_places.ENGINES)
def both(request: pytest.FixtureRequest, tmp_path: Path, server_run: Run) -> Iterator[tuple[Archive, Archive]]:
    """The same archive as two machines see it."""
    with archive_places.making(request.param, tmp_path, server_run) as place, place.open() as one, place.open() as two:
        yield one, two


def jump(archive: Archive, seconds: float) -> None:
    """Set the database's clock forward by so much, as it looks from what was written before."""
    with archive._write(guarded=False) as connection:
        connection.execute(update(schema.leases).values(seen=schema.leases.c.seen - seconds))


def test_another_machine_is_refused_and_told_who_writes_where_and_since_when(both: tuple[Archive, Archive]) -> None:
    with (
        lease.hold_shared(both[0], HERE),
        pytest.raises(Conflict, match=rf"process {os.getpid()} on one \(ingest, since 2026-01-01T00:00:00"),
        lease.hold_shared(both[1], THERE),
    ):
        pass
    with lease.hold_shared(both[1], THERE):
        pass


def test_a_holder_that_lives_keeps_the_lease_far_beyond_its_time(both: tuple[Archive, Archive]) -> None:
    with lease.hold_shared(both[0], HERE, seconds=SECONDS), pytest.raises(Conflict), lease.hold_shared(both[1], THERE, wait=3 * SECONDS, seconds=SECONDS):
        pass


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_that_jumps_takes_no_lease_from_the_living(both: tuple[Archive, Archive], seconds: float) -> None:
    with lease.hold_shared(both[0], HERE, seconds=SECONDS):
        jump(both[0], seconds)
        with pytest.raises(Conflict), lease.hold_shared(both[1], THERE, seconds=SECONDS):
            pass
        both[0].ensure_lease()


@pytest.mark.parametrize("seconds", [3600, -3600, 0])
def test_the_lease_of_a_dead_machine_is_taken_over_whatever_its_clock_said(both: tuple[Archive, Archive], seconds: float) -> None:
    assert both[0].take_lease("dead", {"pid": 7, "command": "ingest", "since": "", "host": "gone"})
    jump(both[0], seconds)
    began = time.monotonic()
    with lease.hold_shared(both[1], THERE, wait=5, seconds=SECONDS):
        assert time.monotonic() - began >= SECONDS
        assert lease._holder_of(both[0].lease()) == THERE  # type: ignore[arg-type]


def test_the_lease_of_a_process_that_died_here_is_free_at_once(both: tuple[Archive, Archive]) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    holder = {"pid": process.pid, "command": "ingest", "since": "", "host": "one", "place": lease._place()}
    assert both[0].take_lease("dead", holder)
    with lease.hold_shared(both[1], THERE):
        pass


def test_who_was_taken_over_while_it_slept_can_write_no_more(both: tuple[Archive, Archive], monkeypatch: pytest.MonkeyPatch) -> None:
    asleep = threading.Event()
    monkeypatch.setattr(lease, "_beat", lambda *_: asleep.wait(30))
    with lease.hold_shared(both[0], HERE, seconds=SECONDS), lease.hold_shared(both[1], THERE, wait=5, seconds=SECONDS):
        with pytest.raises(Conflict, match="taken over"):
            both[0].mark_stale("graph", ["x"])
        with pytest.raises(Conflict, match="taken over"):
            both[0].ensure_lease()
        both[1].mark_stale("graph", ["x"])
        asleep.set()


def test_only_a_shared_archive_has_a_lease_row(both: tuple[Archive, Archive], tmp_path: Path) -> None:
    with lease.hold(tmp_path, "ingest", archive=both[0]):
        assert (both[0].lease() is not None) == both[0].shared == (both[0]._engine.dialect.name == "postgresql")
    assert both[0].lease() is None
