from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fazhi import lease
from fazhi.errors import Conflict

_HOLD = """
import sys, time
from pathlib import Path
from fazhi import lease
with lease.hold(Path(sys.argv[1]), "ingest"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with lease.hold(tmp_path, "ingest"), pytest.raises(Conflict, match=rf"process {os.getpid()} \(ingest, since"), lease.hold(tmp_path, "repair"):
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
