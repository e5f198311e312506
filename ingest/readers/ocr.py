"""Reading pictures of text, where the extra ``[ocr]`` is installed: one page at a time for the whole process, each within a time.

    readout = read_pages(jobs, limits)        # in order; stops at the limit of pages or of time
    lines = arrange(page.boxes)               # see page_grid: text as it stands, from the top, tables as rows

The engine (rapidocr on onnxruntime, weights in its wheel, no network) runs in ``ocr_worker``, a process that ends after a minute without work.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.metadata
import importlib.util
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from functools import cache

import msgspec

from ingest.readers import kept
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.ocr_worker import Job, Page, read_frame, write_frame

INSTALL = "Install the recognition of scans with: pip install fazhi-graph[ocr]"
BY_HAND = "or run OCR on it (for example with OCRmyPDF) and ingest the result, or save its text as .txt."
_IDLE_SECONDS = 60.0
_START_SECONDS = 60.0  # for the libraries to load, which a cold disk makes slow; on top of the first page's own time


@cache
def is_installed() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))


def engine_name() -> str:
    """Name and version, for the metadata: another version may read another text."""
    return f"rapidocr {importlib.metadata.version('rapidocr')}"


def cure_for(limits: Limits) -> str:
    """What to do about a picture that is not read."""
    if not limits.ocr:
        return f"Set FAZHI_OCR=true, {BY_HAND}"
    return f"{INSTALL}, {BY_HAND}"


def can_read(limits: Limits) -> bool:
    return limits.ocr and is_installed()


class Readout(msgspec.Struct, frozen=True, kw_only=True):
    """Pages in the order of their jobs; None for a page that was not read. ``problems`` says why, by the number of the job, counted from 0."""

    pages: tuple[Page | None, ...]
    problems: dict[int, str] = {}
    cut_short: bool = False  # by a limit, which another run may not meet


def read_pages(jobs: Iterable[Job], limits: Limits) -> Readout:
    """Read pages one after the other. What is over the limit of pages, of a page's time or of the document's time is left out and named."""
    started = time.monotonic()
    pages: list[Page | None] = []
    problems: dict[int, str] = {}
    cut_short = False
    for number, job in enumerate(jobs):
        left = limits.ocr_seconds - (time.monotonic() - started)
        if number >= limits.ocr_pages:
            problems[number] = f"It has more than {limits.ocr_pages} pages to recognise (FAZHI_OCR_PAGES)."
            cut_short = True
            break
        if left <= 0:
            problems[number] = f"Recognition took more than {limits.ocr_seconds:g} s (FAZHI_OCR_SECONDS)."
            cut_short = True
            break
        try:
            page = _WORKER.read(job, min(left, limits.ocr_page_seconds))
        except TimeoutError:
            problems[number] = f"Recognition of the page took more than {min(left, limits.ocr_page_seconds):.0f} s."
            pages.append(None)
            cut_short = True
            continue
        if page.problem:
            problems[number] = page.problem
        pages.append(page)
    return Readout(pages=tuple(pages), problems=problems, cut_short=cut_short)


def read_file(raw: bytes, limits: Limits) -> Readout:
    """All pages of a picture file; a tif may have many."""
    first = read_pages([Job(data=raw)], limits)
    frames = first.pages[0].frames if first.pages and first.pages[0] is not None else 1
    if frames == 1:
        return first
    rest = read_pages((Job(data=raw, frame=frame) for frame in range(1, frames)), limits.less_pages(1))
    return Readout(
        pages=first.pages + rest.pages,
        cut_short=first.cut_short or rest.cut_short,
        problems=first.problems | {number + 1: problem for number, problem in rest.problems.items()},
    )


def recall_pages(raw: bytes, limits: Limits, read: Callable[[], Readout]) -> Readout:
    """What ``read`` gives for the document of these bytes, or gave before with the same engine."""

    def make() -> tuple[bytes, bool]:
        readout = read()
        return msgspec.msgpack.encode(readout), not readout.cut_short

    return msgspec.msgpack.decode(kept.recall(raw, engine_name(), limits, make), type=Readout)


class _Worker:
    """The process that recognises, started when there is work and ended when there has been none for a while. Whoever comes second waits."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes | None] = queue.Queue()
        self._timer: threading.Timer | None = None

    def read(self, job: Job, seconds: float) -> Page:
        """Raises TimeoutError where it takes longer, CannotRead where the process does not come up."""
        with self._turn:
            if self._timer is not None:
                self._timer.cancel()
            fresh = self._process is None or self._process.poll() is not None
            if fresh:
                self._start()
            assert self._process is not None and self._process.stdin is not None
            try:
                write_frame(self._process.stdin, job)
                raw = self._answers.get(timeout=seconds + (_START_SECONDS if fresh else 0))
            except queue.Empty:
                self._stop()
                raise TimeoutError from None
            except OSError:  # it is gone
                raw = None
            if raw is None:
                self._stop()
                if fresh:
                    raise CannotRead(
                        "scanned",
                        "The recognition of scans does not start, or ended over this page.",
                        "Install it anew: pip install --force-reinstall rapidocr onnxruntime",
                    )
                return Page(problem="The recognition ended over this page.")
            self._timer = threading.Timer(_IDLE_SECONDS, self.stop)
            self._timer.daemon = True
            self._timer.start()
            return msgspec.msgpack.decode(raw, type=Page)

    def stop(self) -> None:
        with self._turn:
            self._stop()

    def _start(self) -> None:
        self._answers = queue.Queue()
        path = os.pathsep.join(place or os.curdir for place in sys.path)  # the worker finds what this process finds
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ingest.readers.ocr_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        threading.Thread(target=_pass_on, args=(self._process, self._answers), daemon=True).start()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            assert self._process.stdin is not None
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process = None


def _pass_on(process: subprocess.Popen[bytes], answers: queue.Queue[bytes | None]) -> None:
    """Answers of one process into its queue, then None. A pipe can't be waited for with a limit of time on every system, a queue can."""
    assert process.stdout is not None
    with process.stdout as stream:
        while (raw := read_frame(stream)) is not None:
            answers.put(raw)
    answers.put(None)


_WORKER = _Worker()
atexit.register(_WORKER.stop)
