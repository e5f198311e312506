"""What a command and the processes below it cost: wall time, CPU time and memory, read from /proc while it runs. Linux only."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAUSE = 0.25  # seconds between two looks


@dataclass
class Cost:
    """``cpu`` counts seconds of all processes together; ``main`` and ``worker`` are the largest resident size of the command itself and of one of its children, ``total`` of all together at one moment, with shared
    pages counted once (PSS). Sizes in MiB."""

    wall: float = 0.0
    cpu: float = 0.0
    cpu_main: float = 0.0
    main: float = 0.0
    worker: float = 0.0
    total: float = 0.0


@dataclass
class Watch:
    """Looks at a process and all below it, in a thread, until ``stop``."""

    pid: int
    cost: Cost = field(default_factory=Cost)
    _seconds: dict[int, float] = field(default_factory=dict)
    _done: threading.Event = field(default_factory=threading.Event)
    _looks: int = 0

    def start(self) -> Watch:
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> Cost:
        self._done.set()
        self._thread.join()
        self.cost.wall = time.monotonic() - self._began
        self.cost.cpu, self.cost.cpu_main = sum(self._seconds.values()), self._seconds.get(self.pid, 0.0)
        return self.cost

    def _run(self) -> None:
        while not self._done.wait(_PAUSE):
            self._look()

    def _look(self) -> None:
        pids = tree(self.pid)
        for pid in pids:
            try:
                self._seconds[pid] = cpu_seconds(pid)
                size = resident(pid)
            except (OSError, IndexError):
                continue
            if pid == self.pid:
                self.cost.main = max(self.cost.main, size)
            else:
                self.cost.worker = max(self.cost.worker, size)
        if self._looks % 8 == 0:  # the kernel walks every page for this one
            self.cost.total = max(self.cost.total, sum(map(proportional, pids)))
        self._looks += 1


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def resident(pid: int) -> float:
    """Resident size in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def proportional(pid: int) -> float:
    """Resident size in MiB, a page that n processes share counted as the n-th part of it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def surroundings(environment: Mapping[str, str] | None) -> dict[str, str]:
    """This process's environment with these on top. Byte code is kept, as it is wherever the package is installed: compiling 240 modules anew would double the start of each command."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **(environment or {})}


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[str, Cost]:
    """Standard output and cost of a command. ``environment`` comes on top of this process's. Raises CalledProcessError where it fails."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings(environment)) as process:
        watch = Watch(process.pid).start()
        try:
            output, _ = process.communicate()
        finally:
            cost = watch.stop()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return output, cost
