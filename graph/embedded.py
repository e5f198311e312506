"""The graph in a kglite file. Nothing outside this module knows kglite. What was measured and why it is so: docs/decisions/0002-embedded-graph.md.

A folder holds ``current`` (the name of the graph file in use), ``graph-N.kgl`` (the last checkpoint), ``graph-N.kgl-wal`` (what was committed since) and
``writer.lock``. One process writes; any number read the last checkpoint and load it again when it changes. The writer checkpoints on close and, while it works,
often enough that readers are seconds behind, yet never for more than a tenth of its time.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
import warnings
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kglite
from filelock import FileLock, Timeout

import cypher
from archive.model import Change, Link
from fazhi.errors import Conflict, Invalid, TimedOut, TooLarge, Unavailable
from graph import values
from graph.bounds import carries_lists
from graph.store import Row
from graph.tokens import cut
from graph.write import Plan, Run, execute, execute_links, plan, plan_links, wipe

CHECKPOINT_SECONDS = 5.0  # readers in other processes are about this far behind
CHECKPOINT_SHARE = 10  # a checkpoint that takes a second is worth ten seconds of work
BATCH = 500  # reports in one transaction: the first edge written copies the graph's adjacency, so few large ones are better than many small ones
WORK_UNITS = 50_000_000  # rows and list items that one of our own statements may hold in between
CARRYING_UNITS = 4_000  # the same where rows carry copies of a list, which are not counted: their number is at most a quarter of the square of this
UNTRUSTED_UNITS = 500_000  # the same for users' statements: a whole node takes more than a kilobyte, so memory would go before time does
WAL_EMPTY = 64  # bytes: a log without commits is its header, five bytes in 0.21
REBUILD = "fazhi rebuild graph"

# kglite would print advice to stderr of a server; that a living writer's log is ahead of the checkpoint is as it should be
kglite.set_query_warning_policy("silent")
warnings.filterwarnings("ignore", message="the write-ahead log at .* newer than this checkpoint", category=UserWarning)


class EmbeddedGraph:
    """A GraphStore over one folder. Safe to use from many threads.

    Raises Conflict where another process (or another store of this one) already writes, Unavailable where the file cannot be read.
    """

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self._folder = folder
        self._writing = threading.Lock()
        self._lock: FileLock | None = None
        self._stamp: tuple[int, ...] | None = None
        self._saved = time.monotonic()
        self._save_seconds = 0.0
        self._pending = False
        self._session: Any = _empty()
        self._broken: Unavailable | None = None  # kept until somebody asks: a graph that cannot be read can still be rebuilt
        if writable:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _take_lock(folder)
            try:
                self._session = self._open_writer()
            except Unavailable as error:
                self._broken = error
            except BaseException:
                self._lock.release()
                raise
        else:
            with contextlib.suppress(Unavailable):
                self.refresh()

    def apply(self, changes: Sequence[Change]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing, _writing_errors():
            self._check_writable()
            self._check_readable()
            for start in range(0, len(changes), BATCH):
                self._pending |= _apply(self._session, changes[start : start + BATCH])
            self._checkpoint_at_times()

    def link(self, links: Mapping[str, Sequence[Link]]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing, _writing_errors():
            self._check_writable()
            self._check_readable()
            self._pending |= _link(self._session, links)
            self._checkpoint_at_times()

    def read(
        self, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 10.0, max_rows: int = 10_000, untrusted: bool = False
    ) -> list[Row]:
        """See GraphStore."""
        self._check_readable()
        cursor = self._session.cursor()
        cursor.read_only(True)
        try:
            result = cursor.cypher(
                statement,
                params=dict(parameters or {}),
                timeout_ms=max(1, int(timeout * 1000)),
                row_limit=max_rows,
                max_work_units=_units_for(statement) if untrusted else WORK_UNITS,
                hide_structural_keys=True,
            )
        except kglite.CypherTimeoutError as error:
            raise TimedOut(f"The statement took longer than {timeout:g} seconds.", cure="Ask for less: name a place, a year or a LIMIT.") from error
        except (kglite.KgError, ValueError, TypeError, OverflowError, RecursionError) as error:
            if isinstance(error, kglite.CypherExecutionError) and "exceeding" in str(error):
                raise TooLarge("The statement would hold too many rows in between.", cure="Ask for less: name a place, a year or a program.") from error
            raise Invalid(f"The graph refuses the statement: {_first_line(error)}") from error
        if isinstance(result, str):
            raise Invalid("FORMAT CSV is not available here.", cure="Leave it out; rows come as JSON.")
        return [values.plain_row(row) for row in result.to_list()]

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See GraphStore."""
        for row in self.read(cypher.load("read/fingerprints"), timeout=600, max_rows=2**31 - 1):
            yield row["report"], row["fingerprint"]

    def wipe(self, reports: Sequence[str], nodes: Sequence[str]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing, _writing_errors():
            self._check_writable()
            self._check_readable()
            with self._session.begin() as transaction:
                wipe(_runner(transaction), reports, nodes)
            self._pending = True

    def rebuild(self, changes: Iterable[Change]) -> None:
        """See GraphStore. A failure leaves the old graph in use."""
        with self._writing, _writing_errors():
            self._check_writable()
            path = self._next_path()
            try:
                session = _create(path)
                reports = _fill(session, changes)
                session.close()
                _check(path, reports)
            except BaseException:
                _remove(path)
                raise
            old = self._session
            _point_to(self._folder, path)
            self._session = _open_durable(path)
            self._saved, self._pending, self._broken = time.monotonic(), False, None
            if old.path is not None:
                old.close()
            self._remove_others(path)

    def refresh(self) -> None:
        """See GraphStore. Cheap where nothing changed; a writing store always sees its own commits. Raises Unavailable where the file cannot be read."""
        if self._lock is not None:
            return
        with self._writing:
            try:
                self._reload()
            except Unavailable as error:
                self._broken = error
                raise
            self._broken = None

    def moment(self) -> Hashable | None:
        """See GraphStore."""
        return None if self._lock is not None else self._stamp

    def _reload(self) -> None:
        for _ in range(10):  # a switch between reading the name and the file is answered by reading the name again
            path = _pointed_at(self._folder)
            try:
                if path is not None and _has_log(path):
                    _recover(self._folder, path)
                stamp = _stamp(path) if path is not None else None
                if stamp != self._stamp or self._broken:
                    self._session = _load(path) if path is not None else _empty()
                    self._stamp = stamp
                return
            except FileNotFoundError:
                continue
        raise _missing(self._folder)

    def close(self) -> None:
        """Checkpoint and let go of the folder. The store can't be used afterwards. Raises Unavailable where the disk is full; the log has what was applied."""
        with self._writing, _writing_errors():
            if self._lock is not None and self._lock.is_locked:
                try:
                    if self._session.path is not None:
                        self._session.close()
                finally:
                    self._lock.release()

    def _open_writer(self) -> Any:
        path = _pointed_at(self._folder)
        if path is None:
            path = self._next_path()
            _create(path).close()
            _point_to(self._folder, path)
        elif not path.exists():
            raise _missing(self._folder)
        self._remove_others(path)
        session = _open_durable(path)
        if _has_log(path):
            session.save()  # a process died before it could: let readers see what it had committed
        return session

    def _next_path(self) -> Path:
        numbers = [int(file.stem.removeprefix("graph-")) for file in self._folder.glob("graph-*.kgl") if file.stem.removeprefix("graph-").isdigit()]
        return self._folder / f"graph-{max(numbers, default=0) + 1}.kgl"

    def _remove_others(self, kept: Path) -> None:
        for file in self._folder.glob("graph-*.kgl"):
            if file != kept:
                _remove(file)

    def _checkpoint_at_times(self) -> None:
        if self._pending and time.monotonic() - self._saved >= max(CHECKPOINT_SECONDS, CHECKPOINT_SHARE * self._save_seconds):
            self._checkpoint()

    def _checkpoint(self) -> None:
        started = time.monotonic()
        self._session.save()
        self._saved = time.monotonic()
        self._save_seconds = self._saved - started
        self._pending = False

    def _check_readable(self) -> None:
        if self._broken is not None:
            raise self._broken

    def _check_writable(self) -> None:
        if self._lock is None or not self._lock.is_locked:
            raise Conflict("This graph is open for reading only.", cure="Open it with writable=True.")


def _units_for(statement: str) -> int:
    """How much a user's statement may hold in between."""
    return CARRYING_UNITS if carries_lists(cut(statement)) else UNTRUSTED_UNITS


def _apply(session: Any, changes: Sequence[Change]) -> bool:
    """One transaction; returns whether anything was written."""
    todo = _plan(session, changes)
    if not todo:
        return False
    with session.begin() as transaction:
        execute(_runner(transaction), todo)
    return True


def _link(session: Any, links: Mapping[str, Sequence[Link]]) -> bool:
    """One transaction; returns whether anything was written."""
    todo = plan_links(_runner(session), links)
    if not todo:
        return False
    with session.begin() as transaction:
        execute_links(_runner(transaction), todo)
    return True


def _plan(session: Any, changes: Sequence[Change]) -> Plan:
    return plan(_runner(session), changes)


def _runner(session: Any) -> Run:
    return lambda statement, parameters: list(session.cypher(statement, params=dict(parameters), timeout_ms=0).to_list())


def _fill(session: Any, changes: Iterable[Change]) -> set[str]:
    """Apply all changes; returns ids of the reports that must be there afterwards."""
    reports: set[str] = set()
    batch: list[Change] = []
    for change in changes:
        batch.append(change)
        (reports.discard if change.item is None else reports.add)(change.report)
        if len(batch) == BATCH:
            _apply(session, batch)
            batch = []
    if batch:
        _apply(session, batch)
    return reports


def _check(path: Path, reports: set[str]) -> None:
    """Raises Unavailable unless the file holds exactly these reports."""
    found = {row["report"] for row in _load(path).cypher(cypher.load("read/fingerprints"), timeout_ms=0).to_list()}
    if found != reports:
        raise Unavailable(f"The new graph holds {len(found)} reports instead of {len(reports)}; the old one stays in use.", cure=f"Run `{REBUILD}` again.")


def _create(path: Path) -> Any:
    """A new graph with its constraints and indexes. Not logged: until the folder points to it, nobody has been promised anything."""
    session = kglite.open_session(str(path), durable="off")
    for name in cypher.names("schema"):
        session.execute(cypher.load(name))
    return session


def _open_durable(path: Path) -> Any:
    return _translated(path, lambda: kglite.open_session(str(path), durable="full", auto_checkpoint_wal_mib=0))


def _load(path: Path) -> Any:
    return _translated(path, lambda: kglite.open_session(str(path), verify="eager"))


def _translated(path: Path, open: Any) -> Any:
    try:
        return open()
    except kglite.FileError as error:
        raise FileNotFoundError(path) from error
    except kglite.WriterLeaseHeldError as error:
        raise Conflict(f"The graph is being written by process {error.holder.get('pid')}.", cure="Wait until it is done, or stop it.") from error
    except (kglite.KgError, OSError, RuntimeError, ValueError) as error:
        raise Unavailable(f"The graph file {path} cannot be read: {_first_line(error)}", cure=f"Run `{REBUILD}`: it is made again from the archive.") from error


@contextlib.contextmanager
def _writing_errors() -> Iterator[None]:
    """The disk's complaints in our words."""
    try:
        yield
    except (kglite.FileIoError, OSError) as error:
        told = str(error).rpartition(": ")[2] if isinstance(error, kglite.FileIoError) else error.strerror or str(error)
        raise Unavailable(
            f"The graph can't be written: {told.rstrip('.')}.", cure="See that the disk has room and the folder can be written, and run it again."
        ) from error


def _missing(folder: Path) -> Unavailable:
    return Unavailable(f"The graph file that {folder / 'current'} names is missing.", cure=f"Run `{REBUILD}`.")


def _empty() -> Any:
    return kglite.KnowledgeGraph().session()


def _take_lock(folder: Path) -> FileLock:
    """Be the folder's one writer. The system lets go when the process dies."""
    lock = FileLock(folder / "writer.lock", timeout=0)
    note = folder / "writer.json"
    try:
        lock.acquire()
    except Timeout as error:
        raise Conflict(f"The graph in {folder} is being written by {_describe(note)}.", cure="Wait until it is done, or stop it.") from error
    note.write_text(json.dumps({"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}), encoding="ascii")
    return lock


def _describe(note: Path) -> str:
    try:
        told = json.loads(note.read_bytes())
        return f"process {told['pid']} since {told['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


def _pointed_at(folder: Path) -> Path | None:
    try:
        return folder / (folder / "current").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(f"{folder / 'current'} cannot be read: {_first_line(error)}", cure=f"Run `{REBUILD}`.") from error


def _point_to(folder: Path, path: Path) -> None:
    """Switch readers to another file: at once, and still so after a power cut."""
    new = folder / "current.new"
    with new.open("w", encoding="ascii") as file:
        file.write(path.name)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "current")
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _stamp(path: Path) -> tuple[int, ...]:
    stat = path.stat()
    return (stat.st_ino, stat.st_mtime_ns, stat.st_size)


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _has_log(path: Path) -> bool:
    try:
        return _wal(path).stat().st_size > WAL_EMPTY
    except FileNotFoundError:
        return False


def _recover(folder: Path, path: Path) -> None:
    """Fold what a killed writer had committed into the checkpoint, so that readers see it. While a writer lives there is nothing to do: it will checkpoint."""
    try:
        lock = _take_lock(folder)
    except (Conflict, OSError):  # somebody writes, or the folder may only be read
        return
    try:
        if _has_log(path):
            session = _open_durable(path)
            session.save()  # closing alone would not: it checkpoints what this session changed
            session.close()
    finally:
        lock.release()


def _remove(path: Path) -> None:
    for file in (path, _wal(path), path.with_name(f"{path.name}.lock"), path.with_name(f"{path.name}.lock-owner")):
        file.unlink(missing_ok=True)


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
