"""Processes of our own, for work that would hold up the one that asks for it."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess, SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any

_hiding = threading.Lock()


@contextmanager
def _without_main() -> Iterator[None]:
    """Python runs the script of whoever began a process once more in it, for functions that stand in the script. Ours stand in modules, and a script that
    takes reports in as it stands, without ``if __name__ == "__main__"``, would do so again in each process."""
    with _hiding:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


class _Spawned(SpawnProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_main():
            return SpawnProcess._Popen(process_obj)


class _Forked(ForkServerProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:
        with _without_main():
            return ForkServerProcess._Popen(process_obj)


class _Spawning(SpawnContext):
    Process = _Spawned


class _Forking(ForkServerContext):
    Process = _Forked


def spawning() -> SpawnContext:
    """New processes that know nothing yet."""
    return _Spawning()


def forking(*preloaded: str) -> ForkServerContext | SpawnContext:
    """New processes out of one that has imported these modules, where the system has that; the memory for them is shared."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return spawning()
    context = _Forking()
    context.set_forkserver_preload(list(preloaded))
    return context
