"""One server of several processes: it answers while one of them is killed, replaces it, and leaves none behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from own_process import answers, wait_until

ROOT = Path(__file__).parents[2]
REPORT = "安溪县参内镇人民政府2023年法治政府建设情况报告\n\n一、主要工作情况\n深入开展法律八进活动。\n\n安溪县参内镇人民政府\n2023年12月30日\n"
WORKER = "spawn_main"  # in the command line of what multiprocessing starts

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it looks at processes in /proc")


class Serving(NamedTuple):
    process: subprocess.Popen[str]
    client: httpx.Client


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    command = [sys.executable, "-m", "fazhi", "serve", "--home", str(tmp_path / "home"), "--port", "0", "--processes", "2"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "FAZHI_REFRESH_SECONDS": "0"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address is not None
        with httpx.Client(base_url=address.group(), timeout=60) as client:
            wait_until(lambda: answers(client))
            yield Serving(process, client)
    finally:
        process.terminate()
        process.communicate(timeout=120)


def workers_of(pid: int) -> set[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(child) for child in children if WORKER in Path(f"/proc/{child}/cmdline").read_text()}


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_process_is_replaced_and_the_others_answer(serving: Serving) -> None:
    first = workers_of(serving.process.pid)
    assert len(first) == 2
    job = serving.client.post("/api/documents", files={"file": ("a.txt", REPORT.encode())}).json()["id"]
    for _ in range(6):  # a connection each: whichever process takes it
        wait_until(lambda: serving.client.get(f"/api/jobs/{job}", headers={"Connection": "close"}).json()["state"] == "done")
        assert serving.client.get("/api/search", params={"q": "法律八进"}, headers={"Connection": "close"}).json()["total"] == 1
    os.kill(min(first), signal.SIGKILL)
    wait_until(lambda: len(workers_of(serving.process.pid) - {min(first)}) == 2)
    wait_until(lambda: answers(serving.client))
    assert serving.client.get("/api/search", params={"q": "法律八进"}).json()["total"] == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_stays_behind(serving: Serving, how: signal.Signals) -> None:
    workers = workers_of(serving.process.pid)
    serving.process.send_signal(how)
    serving.process.wait(120)
    wait_until(lambda: not any(lives(worker) for worker in workers))


def test_a_folder_that_cannot_be_served_is_told_at_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "archive.db").write_bytes(b"no database at all, but long enough to be read as one" * 40)
    command = [sys.executable, "-m", "fazhi", "serve", "--home", str(home), "--port", "0", "--processes", "2"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr and "Serving" not in ended.stdout
    assert str(home / "archive.db") in ended.stderr
