"""A writer that dies at any moment loses nothing that apply() had returned from, and a graph that it half filled is finished by applying again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from graph_samples import Report, listing

WRITER = """
import os, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from graph_samples import Report
from graph import open_store
from graph.address import Access
from pydantic import SecretStr
url, user, password = (os.environ.get(name, "") for name in ("URL", "USER", "PASSWORD"))
store = open_store(url, Path({folder!r}), writable=True, access=Access(user=user, password=SecretStr(password)))
for number in range(10_000):
    store.apply([Report(f"r{{number}}", year=2020).adopts("法律八进").counts("disputes_mediated", number).change()])
    print(number, flush=True)
"""


def test_what_was_applied_survives_kill(engine, open_graph, fresh, tmp_path, request):
    environment = dict(os.environ)
    environment.pop("URL", None)
    if engine == "neo4j":
        server = request.getfixturevalue("neo4j_server")
        environment |= {"URL": server.url, "USER": server.user, "PASSWORD": server.password}
    program = WRITER.format(tests=str(Path(__file__).parent), folder=str(tmp_path / "graph"))
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment)
    deadline = time.monotonic() + 60
    done = -1
    while done < 25 and time.monotonic() < deadline:
        done = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = [int(line) for line in writer.stdout if line.strip()]
    writer.wait()
    done = max([done, *rest])
    assert done >= 25
    assert len(list(open_graph(writable=False).fingerprints())) >= done + 1  # readers need not wait for the next writer
    store = open_graph()
    kept = {report for report, _ in store.fingerprints()}
    changes = [Report(f"r{number}", year=2020).adopts("法律八进").counts("disputes_mediated", number).change() for number in range(done + 2)]
    assert {change.report for change in changes[: done + 1]} <= kept
    store.apply(changes)
    fresh.apply(changes)
    assert listing(store) == listing(fresh)
