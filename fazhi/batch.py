"""Many inputs into one archive: read, skip what is known, extract on several processes, commit in batches, bring graph and index along.

What comes out depends on the inputs alone, not on their order, the number of workers, or where an earlier run was cut off.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archive.history import Running
from archive.model import Entry, Failure
from archive.packing import unpack, unpack_frame
from archive.store import Archive, fingerprint_of, now, version_of
from fazhi import projection
from fazhi.answers import Progress, Summary
from fazhi.errors import NotFound
from fazhi.extraction import iter_analyses
from fazhi.reviewed import use_overlay
from fazhi.settings import Settings
from ingest.ids import report_id
from ingest.model import Analysis, Source

if TYPE_CHECKING:
    from fazhi.workspace import Workspace
    from ingest.readers import Limits, Unreadable

_OBJECTS = 100_000  # new ones between two looks of the garbage collector
_COMMIT_SECONDS = 2.0  # a slow batch is committed at least this often, so that stopping it costs little


def limits_of(settings: Settings) -> Limits:
    from ingest.readers import Limits

    return Limits(**{name: getattr(settings, name) for name in Limits.__struct_fields__ if hasattr(settings, name)})


class _Intake:
    """One run: what it has read, what came of it."""

    def __init__(self, archive: Archive, settings: Settings, kind: str, report: Callable[[Progress], None] | None, stop: Callable[[], bool] | None) -> None:
        import vocabulary
        from ingest.version import VERSION

        use_overlay(settings)
        self.archive = archive
        self.settings = settings
        self.report = report
        self.stop = stop or (lambda: False)
        self.pipeline, self.vocabulary = VERSION, vocabulary.version()
        self.running = Running(kind, now(), pipeline=self.pipeline, vocabulary=self.vocabulary)
        self.counts: Counter[str] = Counter()
        self.failures: dict[str, Failure] = {}
        self.listed = {failure.name for failure in archive.failures()}
        self.mended: set[str] = set()
        self.marks: dict[str, tuple[str, str]] = {}  # report → version and fingerprint, of what is on its way
        self.read = 0
        self.interrupted = False

    def fail(self, failure: Failure) -> None:
        self.failures[failure.name] = failure
        self.tell(failure.name)

    def tell(self, name: str = "") -> None:
        if self.report is not None:
            self.report(Progress(read=self.read, done=self.read - len(self.marks), failed=len(self.failures), name=name))

    def iter_unknown(self, paths: Sequence[Path]) -> Iterator[Source]:
        """Sources that the archive does not have in this state."""
        from ingest.readers import Unreadable, iter_sources

        for item in iter_sources(paths, limits=limits_of(self.settings)):
            if self.stop():
                self.interrupted = True
                return
            self.read += 1
            if isinstance(item, Unreadable):
                self.fail(_failure(item))
            elif self.is_unknown(item):
                yield item

    def iter_stale(self) -> Iterator[Source]:
        """Sources of documents that were read with other rules or words, out of the archive."""
        from fazhi.rereading import read_again

        limits = limits_of(self.settings)
        for document in self.archive.stale(pipeline=self.pipeline, vocabulary=self.vocabulary):
            if self.stop():
                self.interrupted = True
                return
            self.read += 1
            try:
                source = read_again(self.archive.source(document.report), limits)
            except NotFound as error:
                self.fail(Failure(name=_printable(document.key), reason=error.detail, cure=error.cure))
                continue
            if self.is_unknown(source):
                yield source

    def is_unknown(self, source: Source) -> bool:
        report, version = report_id(source.key), version_of(source.raw)
        try:
            fingerprint = fingerprint_of(source, version, pipeline=self.pipeline, vocabulary=self.vocabulary)
        except (UnicodeEncodeError, TypeError) as error:
            self.fail(Failure(name=_printable(source.key), reason=f"Its key or metadata can't be stored: {error}.", cure="Correct the metadata."))
            return False
        if source.key in self.listed:
            self.mended.add(source.key)
        if self.archive.same(source.key, version, fingerprint):
            self.counts["unchanged"] += 1
            self.tell(source.key)
            if not self.archive.originals.exists(version):
                self.archive.originals.put({version: source.raw})
            return False
        self.marks[report] = (version, fingerprint)
        return True

    def drop(self, source: Source) -> None:
        del self.marks[report_id(source.key)]

    def entry(self, source: Source, packed: bytes) -> Entry:
        version, fingerprint = self.marks.pop(report_id(source.key))
        return Entry(
            source=source,
            version=version,
            fingerprint=fingerprint,
            analysis=unpack_frame(packed),
            packed=packed,
            pipeline=self.pipeline,
            vocabulary=self.vocabulary,
        )


class _Projector:
    """Takes commits over into graph and index in a thread of its own, so that the workers never wait for it.

    That thread alone opens, writes and closes the stores, for an engine may tie its lock to a thread.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fazhi-projector")
        self._task: Future[object] | None = None

    def wake(self) -> None:
        """Take over what fills a batch. Raises what went wrong the last time."""
        if self._task is None or self._task.done():
            if self._task is not None:
                self._task.result()
            self._task = self._thread.submit(projection.drain, self._workspace, full=True)

    def finish(self) -> None:
        """Take over the rest, and what an earlier run left waiting when it was killed."""
        self._thread.submit(projection.drain, self._workspace).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._workspace.close_stores).result()
        self._thread.shutdown(wait=True)


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """A batch makes hundreds of thousands of objects and no cycles; looking through them at the usual pace took a fifth of this process's time."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def ingest(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    workers: int,
    report: Callable[[Progress], None] | None = None,
    inline: bool = True,
    stop: Callable[[], bool] | None = None,
) -> Summary:
    """Take in everything below ``paths``.

    ``stop`` is asked between reports: once it says True, what is extracted is committed and the rest is left for the next run.
    Needs the writer's lease (``Workspace.ingest`` takes it). One input's failure is listed in the summary and stops nothing else.
    """
    run = _Intake(workspace.archive, workspace.settings, "ingest", report, stop)
    return _take_in(workspace, run, run.iter_unknown(paths), _origin(paths), workers=workers, inline=inline)


def ingest_stale(
    workspace: Workspace, *, workers: int, report: Callable[[Progress], None] | None = None, inline: bool = True, stop: Callable[[], bool] | None = None
) -> Summary:
    """Read again what was read with other rules or words than the present ones, from the originals in the archive. Otherwise like ``ingest``."""
    run = _Intake(workspace.archive, workspace.settings, "stale", report, stop)
    run.listed = set()  # that an older version of a file is still readable mends nothing
    return _take_in(workspace, run, run.iter_stale(), "stale", workers=workers, inline=inline)


def _take_in(workspace: Workspace, run: _Intake, sources: Iterator[Source], origin: str, *, workers: int, inline: bool) -> Summary:
    settings, archive = workspace.settings, workspace.archive
    began = time.monotonic()
    lost = archive.lost_reviews()
    batch: list[Entry] = []
    committed = time.monotonic()

    def flush() -> None:
        nonlocal committed
        if batch:
            run.counts.update(archive.commit(batch, run=run.running))
            batch.clear()
            projector.wake()
        committed = time.monotonic()

    with _collecting_rarely(), _Projector(workspace) as projector:
        try:
            for source, result in iter_analyses(sources, workers=workers, timeout=settings.extract_timeout, inline=inline):
                if isinstance(result, Failure):
                    run.drop(source)
                    run.fail(result)
                else:
                    batch.append(run.entry(source, result))
                if len(batch) >= settings.batch or time.monotonic() - committed > _COMMIT_SECONDS:
                    flush()
                run.tell(source.key)
                if run.stop():
                    run.interrupted = True
                    break
        finally:
            flush()  # also when Ctrl-C has come as an exception: what is extracted is worth keeping
        projector.finish()
    run.tell()
    counts = {outcome: run.counts[outcome] for outcome in ("new", "changed", "unchanged", "duplicate")} | {"failed": len(run.failures)}
    failures = tuple(run.failures[name] for name in sorted(run.failures))
    started = run.running.started
    wrote = archive.record_run(started, counts, failures, origin=origin, readable=run.mended, whole=not run.interrupted, run=run.running)
    return Summary(
        **counts,
        failures=failures,
        wrote=wrote,
        interrupted=run.interrupted,
        seconds=round(time.monotonic() - began, 3),
        snapshot=archive.snapshot(),
        lost_reviews=tuple(sorted(archive.lost_reviews() - lost)),
    )


def extract(paths: Sequence[Path], settings: Settings, *, workers: int) -> Iterator[Analysis | Failure]:
    """Analyses of everything below ``paths``, in the order of the input, without any store."""
    from ingest.readers import Unreadable, iter_sources

    use_overlay(settings)
    # Failures of reading go past the workers, so they wait in line behind the sources that came before them
    failed: dict[int, list[Failure]] = {}
    count = 0

    def readable() -> Iterator[Source]:
        nonlocal count
        for item in iter_sources(paths, limits=limits_of(settings)):
            if isinstance(item, Unreadable):
                failed.setdefault(count, []).append(_failure(item))
            else:
                count += 1
                yield item

    done = 0
    for _, result in iter_analyses(readable(), workers=workers, timeout=settings.extract_timeout):
        yield from failed.pop(done, [])
        yield result if isinstance(result, Failure) else unpack(result)
        done += 1
    yield from failed.pop(done, [])


def _origin(paths: Sequence[Path]) -> str:
    return hashlib.blake2b("\x1f".join(sorted(str(path.absolute()) for path in paths)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _failure(item: Unreadable) -> Failure:
    return Failure(name=_printable(item.name if item.position is None else f"{item.name} line {item.position}"), reason=item.reason, cure=item.cure)


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()
