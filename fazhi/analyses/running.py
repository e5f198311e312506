"""The server's part: takes queued analyses one after another and starts a process for each."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

import msgspec

from archive.store import now
from fazhi.analyses.shelf import OPEN, Analysis, Kind, Shelf
from fazhi.processes import spawning
from fazhi.settings import Settings

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

log = logging.getLogger("fazhi.analyses")

_TURN_SECONDS = 2.0  # between tries to take the queue while another server on the same folder has it
_LOOK_SECONDS = 0.2  # between two looks at a process


class Runner:
    """One per server. ``start`` it with the application and ``stop`` it at its end; an analysis that is cut off by that is begun again at the next start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.shelf = Shelf(settings.home)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fazhi-analyses", daemon=True)
        self._process: tuple[str, SpawnProcess] | None = None
        self._holding = threading.Lock()  # of the process and of states that change with it

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        with self._holding:
            if self._process is not None:
                self._process[1].terminate()
        if self._thread.is_alive():
            self._thread.join()

    def submit(self, kind: Kind, parameters: dict[str, Any], seed: int, snapshot: str) -> Analysis:
        """Raises Invalid, Conflict."""
        from fazhi.analyses.working import version

        analysis = self.shelf.add(kind, parameters, seed, snapshot=snapshot, version=version())
        self._wake.set()
        return analysis

    def cancel(self, id: str) -> Analysis:
        """Ends an analysis that waits or runs, and removes one that is finished. Returns how it stood last. Raises NotFound."""
        with self._holding:
            analysis = self.shelf.read(id)
            if analysis.state not in OPEN:
                self.shelf.remove(id)
                return analysis
            cancelled = msgspec.structs.replace(analysis, state="cancelled", finished=now())
            self.shelf.put(cancelled)
            if self._process is not None and self._process[0] == id:
                self._process[1].terminate()
        return cancelled

    def _work(self) -> None:
        from filelock import FileLock, Timeout

        lock = self.shelf.folder / ".queue"
        while not self._stopping.is_set():
            self._wake.clear()
            waiting = [one for one in self.shelf.list() if one.state in OPEN]
            if waiting:
                try:
                    with FileLock(lock, timeout=0):
                        self._work_off()
                except Timeout:
                    self._wake.wait(_TURN_SECONDS)
                    continue
                except OSError as error:
                    log.warning("analyses wait: %s", error)
                    self._wake.wait(10 * _TURN_SECONDS)
                    continue
            self._wake.wait()

    def _work_off(self) -> None:
        """All that waits, the oldest first. Who has the queue knows that what is marked as running was cut off."""
        for one in self.shelf.list():
            if one.state == "running":
                self.shelf.put(msgspec.structs.replace(one, state="queued", started=None, done=0, total=None))
        while not self._stopping.is_set():
            queue = [one for one in self.shelf.list() if one.state == "queued"]
            if not queue:
                return
            self._run(queue[-1])

    def _run(self, analysis: Analysis) -> None:
        from fazhi.analyses.working import work

        process = spawning().Process(target=work, args=(self._settings, analysis.id), daemon=True, name=f"fazhi-{analysis.id}")
        with self._holding:
            if self._stopping.is_set() or self.shelf.read(analysis.id).state != "queued":
                return
            self.shelf.put(msgspec.structs.replace(analysis, state="running", started=now()))
            process.start()
            self._process = analysis.id, process
        while process.is_alive():
            process.join(_LOOK_SECONDS)
            if not self._is_wanted(analysis.id):
                process.terminate()
        with self._holding:
            self._process = None
            if self._is_wanted(analysis.id) and self.shelf.read(analysis.id).state == "running" and not self._stopping.is_set():
                log.error("analysis %s broke off with code %s", analysis.id, process.exitcode)
                broken = f"The work broke off (code {process.exitcode})."
                self.shelf.put(msgspec.structs.replace(self.shelf.read(analysis.id), state="failed", finished=now(), error=broken))

    def _is_wanted(self, id: str) -> bool:
        """Whether nobody has cancelled or removed it: another server on the same folder may have been asked to."""
        return any(one.id == id and one.state != "cancelled" for one in self.shelf.list())
