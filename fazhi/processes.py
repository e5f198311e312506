"""Processes of our own, for work that would hold up the one that asks for it."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from multiprocessing import spawn
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any

_starting = threading.local()
_prepare = spawn.get_preparation_data


def _prepare_without_main(name: str) -> dict[str, Any]:
    """What Python tells a new process. It has the process run the script of whoever began it, for functions that stand in the script. Ours stand in modules,
    and a script that takes reports in as it stands, without ``if __name__ == "__main__"``, would do so again in each process."""
    told: dict[str, Any] = _prepare(name)
    if getattr(_starting, "ours", False):
        told.pop("init_main_from_name", None)
        told.pop("init_main_from_path", None)
    return told


spawn.get_preparation_data = _prepare_without_main


class _Ours(BaseProcess):
    def start(self) -> None:
        _starting.ours = True
        try:
            super().start()
        finally:
            _starting.ours = False


class _Spawned(_Ours, SpawnProcess):
    pass


class _Spawning(SpawnContext):
    Process = _Spawned


def spawning() -> SpawnContext:
    """New processes that know nothing yet."""
    return _Spawning()


if sys.platform == "win32":

    def forking(*preloaded: str) -> SpawnContext:
        """New processes; here they can't share what they have read."""
        return spawning()

else:
    from multiprocessing.context import ForkServerContext, ForkServerProcess

    class _Forked(_Ours, ForkServerProcess):
        pass

    class _Forking(ForkServerContext):
        Process = _Forked

    def forking(*preloaded: str) -> ForkServerContext | SpawnContext:
        """New processes out of one that has imported these modules, where the system has that; the memory for them is shared."""
        if "forkserver" not in multiprocessing.get_all_start_methods():
            return spawning()
        context = _Forking()
        context.set_forkserver_preload(list(preloaded))
        return context
