"""What changed between two runs, over HTTP; and two servers on one data folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from own_process import answers, wait_until
from search_api_corpus import TALES, build_entry
from starlette.testclient import TestClient

from archive.history import Running
from fazhi import projection, workspace
from fazhi.settings import Settings
from search_api.app import create_app

ROOT = Path(__file__).parents[2]
REPORT = "安溪县参内镇人民政府{year}年法治政府建设情况报告\n\n一、主要工作情况\n全年调解矛盾纠纷{count}件，深入开展法律八进活动。\n\n安溪县参内镇人民政府\n{year}年12月30日\n"


def test_what_came_between_two_runs_is_listed_by_pages(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, refresh_seconds=0.0, workers=1)
    entries = [build_entry(tale) for tale in TALES]
    with workspace.open(settings=settings) as space, space.writing("test"):
        for part in (entries[:1], entries[1:]):
            run = Running("ingest", "2026-01-01T00:00:00+00:00", pipeline="1")
            space.archive.commit(part, run=run)
            space.archive.record_run(run.started, run.counts, [], run=run)
        projection.drain(space)
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        runs = client.get("/api/runs").json()["runs"]
        assert [(run["id"], run["counts"], run["complete"]) for run in runs] == [(2, {"new": len(TALES) - 1}, True), (1, {"new": 1}, True)]
        keys, cursor = [], None
        while True:
            page = client.get("/api/runs/1/diff/2", params={"size": 2, **({"cursor": cursor} if cursor else {})}).json()
            keys += [report["key"] for report in page["reports"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert keys == sorted(entry.source.key for entry in entries[1:])
        assert {report["change"] for report in page["reports"]} == {"added"}
        assert client.get("/api/runs/1/diff/9").status_code == 404


@contextmanager
def serving(home: Path) -> Iterator[httpx.Client]:
    """A server in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fazhi", "serve", "--home", str(home), "--port", str(port)]
    environment = {**os.environ, "FAZHI_REFRESH_SECONDS": "0.1"}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        try:
            wait_until(lambda: answers(client), process)
            yield client
        finally:
            process.terminate()
            process.wait(60)


def test_two_servers_on_one_data_folder_take_in_by_turns_and_show_the_same(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with ExitStack() as stack:
        one, two = stack.enter_context(serving(home)), stack.enter_context(serving(home))
        jobs = []
        for number, server in enumerate((one, two, one, two)):
            file = (f"{number}.txt", REPORT.format(year=2020 + number, count=20 + number).encode())
            jobs.append(server.post("/api/documents", files={"file": file}).json()["id"])
        for job in jobs:
            wait_until(lambda job=job: one.get(f"/api/jobs/{job}").json()["state"] in ("done", "failed"))
        assert {two.get(f"/api/jobs/{job}").json()["state"] for job in jobs} == {"done"}
        for server in (one, two):
            wait_until(lambda server=server: server.get("/api/search", params={"q": "法律八进"}).json()["total"] == 4)
        assert one.delete("/api/documents/0.txt").status_code == 200
        wait_until(lambda: two.get("/api/search", params={"q": "法律八进"}).json()["total"] == 3)
        query = {"statement": "MATCH (r:Report) RETURN count(r) AS reports"}
        wait_until(lambda: [server.post("/api/cypher", json=query).json()["rows"] for server in (one, two)] == [[{"reports": 3}]] * 2)
    with workspace.open(home) as space:
        assert space.check(deep=True).fine
