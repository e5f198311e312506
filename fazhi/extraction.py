"""Facts out of many sources on many processes: results in the order of the input, a bounded number in flight, one report's failure is one report's."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for
from typing import Any, NamedTuple, TypeAlias

import msgspec

import vocabulary
from archive.model import Failure
from archive.packing import pack
from fazhi.errors import FazhiError
from fazhi.processes import forking, spawning
from fazhi.reviewed import adopt
from ingest.model import Analysis, Source
from vocabulary.overlay import Overlay

Read: TypeAlias = Callable[[Source], Analysis]


class _Task(NamedTuple):
    timeout: float
    read: Read | None


_FEW = 8  # so few sources are done sooner here than a process has started
_AHEAD = 64  # sources in flight for each worker: enough to keep them busy while the parent commits
_AHEAD_BYTES = 256_000_000  # of originals in flight, whatever their number
_AGAIN = "Report it with the file; the rest of the batch is in."


def iter_analyses(
    sources: Iterable[Source], *, workers: int, timeout: float, inline: bool = True, read: Read | None = None
) -> Iterator[tuple[Source, bytes | Failure]]:
    """Each source with its packed analysis (``archive.packing.pack``), or with why there is none; in the order of ``sources``, whatever the number of workers.

    ``timeout`` is in seconds a source. ``inline`` allows to work without further processes where there is little to do; a server forbids it, for its own
    process has to answer and stay small. ``read`` stands in for the pipeline; it must be a function that a process can import.
    """
    waiting = iter(sources)
    if inline:
        first = list(islice(waiting, _FEW + 1))
        if workers == 1 or len(first) <= _FEW:
            for source in chain(first, waiting):
                yield source, _analyse(source, timeout, read)
            return
        waiting = chain(first, waiting)
    yield from _iter_pooled(waiting, workers, _Task(timeout, read), shared=inline)


def _iter_pooled(waiting: Iterator[Source], workers: int, task: _Task, *, shared: bool) -> Iterator[tuple[Source, bytes | Failure]]:
    pool = _start_pool(workers, shared)
    ahead: deque[tuple[Source, Future[bytes | Failure]]] = deque()
    flying = 0
    try:
        while True:
            while len(ahead) < _AHEAD * workers and flying < _AHEAD_BYTES and (source := next(waiting, None)) is not None:
                ahead.append((source, _submit(pool, source, task)))
                flying += _weight(source)
            if not ahead:
                return
            source, future = ahead.popleft()
            try:
                result = future.result()
            except BrokenProcessPool:
                _stop(pool)
                pool, result = _analyse_alone(source, task, shared, workers)
                ahead = deque((other, _submit(pool, other, task)) if _is_broken(former) else (other, former) for other, former in ahead)
            flying -= _weight(source)
            yield source, result
    finally:
        _stop(pool)


def _analyse_alone(source: Source, task: _Task, shared: bool, workers: int) -> tuple[ProcessPoolExecutor, bytes | Failure]:
    """A worker has died, and nobody knows over which source: try the oldest in a process of its own. Returns a new pool for the others, too."""
    single = _start_pool(1, shared)
    try:
        result = _submit(single, source, task).result()
    except BrokenProcessPool:
        result = Failure(name=source.key, reason="Extraction ended its process (out of memory, perhaps).", cure=_AGAIN)
    finally:
        _stop(single)
    return _start_pool(workers, shared), result


def _is_broken(future: Future[Any]) -> bool:
    return future.cancelled() or not future.done() or isinstance(future.exception(), BrokenProcessPool)


def _submit(pool: ProcessPoolExecutor, source: Source, task: _Task) -> Future[bytes | Failure]:
    slim = msgspec.structs.replace(source, raw=b"")
    try:
        return pool.submit(_analyse, slim, task.timeout, task.read)
    except BrokenProcessPool as error:
        broken: Future[bytes | Failure] = Future()
        broken.set_exception(error)
        return broken


def _start_pool(workers: int, shared: bool) -> ProcessPoolExecutor:
    """``shared``: workers fork from a process that has loaded the rules once, so that they start at once and share that memory."""
    context = forking("fazhi.warm") if shared else spawning()
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_work, initargs=(vocabulary.overlay(),))


def _stop(pool: ProcessPoolExecutor) -> None:
    workers = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()  # what it would still find nobody waits for
    for worker in workers:
        worker.join(5)


def _begin_work(overlay: Overlay) -> None:
    adopt(overlay)  # what was loaded before the fork knows the packaged vocabulary alone
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what still gets done
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Idle workers don't notice that their parent was killed, for each holds both ends of the queue: without this they would stay for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


class _TookTooLong(Exception):
    pass


def _read(source: Source) -> Analysis:
    from ingest.pipeline import load_pipeline

    return load_pipeline().analyse(source)


def _analyse(source: Source, timeout: float, read: Read | None) -> bytes | Failure:
    try:
        with _Alarm(timeout):
            return pack((read or _read)(source))
    except _TookTooLong:
        return Failure(
            name=source.key, reason=f"Extraction took longer than {timeout:g} s.", cure="Raise FAZHI_EXTRACT_TIMEOUT, or see whether it is a report at all."
        )
    except FazhiError as error:
        return Failure(name=source.key, reason=error.detail, cure=error.cure)
    except Exception as error:
        if os.environ.get("FAZHI_DEBUG"):
            raise
        return Failure(name=source.key, reason=f"Extraction failed: {type(error).__name__}: {error}"[:500], cure=_AGAIN)


class _Alarm:
    """Raises _TookTooLong inside the block after ``seconds``. Works in a main thread on systems with SIGALRM; elsewhere it does nothing."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._works = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        self._before: Any = None

    def __enter__(self) -> None:
        if self._works:
            self._before = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(self, *_: object) -> None:
        if self._works:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before)

    @staticmethod
    def _ring(*_: object) -> None:
        raise _TookTooLong


def _weight(source: Source) -> int:
    return len(source.raw) + 2 * len(source.text)
