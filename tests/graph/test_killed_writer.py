"""A writer that dies at any moment loses nothing that apply() had returned from, and a graph that it half filled is finished by applying again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from graph_samples import Report, listing

from graph.embedded import EmbeddedGraph

WRITER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from graph_samples import Report
from graph.embedded import EmbeddedGraph
store = EmbeddedGraph(Path({folder!r}), writable=True)
for number in range(10_000):
    store.apply([Report(f"r{{number}}", year=2020).adopts("法律八进").counts("disputes_mediated", number).change()])
    print(number, flush=True)
"""


def test_what_was_applied_survives_kill(tmp_path):
    tests = str(Path(__file__).parent)
    writer = subprocess.Popen([sys.executable, "-c", WRITER.format(tests=tests, folder=str(tmp_path))], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    done = -1
    while done < 25 and time.monotonic() < deadline:
        done = int(writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    rest = [int(line) for line in writer.stdout if line.strip()]
    writer.wait()
    done = max([done, *rest])
    assert done >= 25
    assert len(list(EmbeddedGraph(tmp_path, writable=False).fingerprints())) >= done + 1  # readers need not wait for the next writer
    store = EmbeddedGraph(tmp_path, writable=True)
    kept = {report for report, _ in store.fingerprints()}
    changes = [Report(f"r{number}", year=2020).adopts("法律八进").counts("disputes_mediated", number).change() for number in range(done + 2)]
    assert {change.report for change in changes[: done + 1]} <= kept
    store.apply(changes)
    fresh = EmbeddedGraph(tmp_path / "fresh", writable=True)
    fresh.apply(changes)
    assert listing(store) == listing(fresh)
    store.close()
    fresh.close()
