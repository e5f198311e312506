"""Taking a corpus in by the command, and what it leaves behind."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import processes

from fazhi.workspace import Workspace


def ingest(command: str, home: Path, corpus: Path, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Summary, cost and reports per second of ``fazhi ingest``. ``environment`` comes on top of this process's."""
    output, cost = processes.run([command, "ingest", str(corpus), "--home", str(home), "--json"], environment)
    summary = json.loads(output)
    read = sum(summary[outcome] for outcome in ("new", "unchanged", "duplicate", "changed"))
    return {"summary": summary, "per_second": read / cost.wall, **vars(cost)}


def check(command: str, workspace: Workspace, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """``seconds`` of ``fazhi check``, and how many of them go into ``comparing``, which grows with the reports; the rest is the command's start. Best of three. Raises CalledProcessError where it finds a
    difference."""
    home = str(workspace.settings.home)
    found = {"seconds": min(processes.run([command, "check", "--home", home], environment)[1].wall for _ in range(3))}
    comparing = []
    for _ in range(4):  # the first one connects
        began = time.perf_counter()
        workspace.check()
        comparing.append(time.perf_counter() - began)
    return {**found, "comparing": min(comparing)}


def hashes(home: Path) -> dict[str, str]:
    """What lies in a home, but for locks: file → hash. SQLite's -shm is shared memory, not data."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and "lock" not in path.name and path.name != "writer.json" and not path.name.endswith("-shm")
    }


def changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Files that came, went or differ."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
