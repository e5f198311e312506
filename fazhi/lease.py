"""One writer at a time.

In a data folder the operating system's lock says who writes: it knows no clock and goes when its holder is killed; a note beside it says who that is. Where
several machines share one archive (PostgreSQL), its writer also holds a row there and gives a sign of life every few seconds; see ``archive.leases``.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import msgspec

from fazhi.errors import Conflict, FazhiError, Unavailable

if TYPE_CHECKING:
    from archive.leases import Lease
    from archive.store import Archive

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
_BEATS = 3  # signs of life within the time after which a lease may be taken over
_CURE = "Wait until it has finished; searching goes on meanwhile."


class Holder(msgspec.Struct, frozen=True):
    """Who writes, on which host, and since when (ISO time). ``place`` tells whether a process number means anything here."""

    pid: int
    command: str
    since: str
    host: str = ""
    place: str = ""

    def __str__(self) -> str:
        return f"process {self.pid}{f' on {self.host}' if self.host else ''} ({self.command}, since {self.since})"


@contextmanager
def hold(home: Path, command: str, *, wait: float = 0.0, archive: Archive | None = None, seconds: float = LEASE_SECONDS) -> Iterator[Holder]:
    """Be the one writer inside the block; ``wait`` seconds at most for another to finish. Raises Conflict that names the other.

    ``archive``: the one that is written; where machines share it, the lease counts for all of them, and is taken over ``seconds`` after the last sign of life.
    """
    holder = Holder(os.getpid(), command, datetime.now(UTC).isoformat(timespec="seconds"), socket.gethostname(), _place())
    ends = time.monotonic() + wait
    with _hold_folder(home, holder, wait):
        shared = archive is not None and archive.shared
        with hold_shared(archive, holder, wait=max(0.0, ends - time.monotonic()), seconds=seconds) if archive is not None and shared else nullcontext():
            yield holder


@contextmanager
def _hold_folder(home: Path, holder: Holder, wait: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    note = home / "writer.json"
    lock = FileLock(home / "writer.lock", timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise Conflict(f"The data folder {home} is being written by {_read_note(home) or 'another process'}.", cure=_CURE) from None
    except OSError as error:
        raise Unavailable(f"The data folder {home} can't be written: {error.strerror}.", cure="Choose another folder with --home.") from None
    try:
        temporary = note.with_name(f".writer.{holder.pid}.json")
        temporary.write_bytes(msgspec.json.encode(holder))
        temporary.replace(note)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


@contextmanager
def hold_shared(archive: Archive, holder: Holder, *, wait: float = 0.0, seconds: float = LEASE_SECONDS) -> Iterator[None]:
    """Hold the archive's lease inside the block, with a sign of life several times in ``seconds``; every change of the archive checks that it is still held."""
    token = uuid4().hex
    _take(archive, token, holder, wait, seconds)
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(archive, token, seconds / _BEATS, over), name="fazhi-lease", daemon=True)
    archive.guard(token)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()
        archive.guard(None)
        with suppress(FazhiError):  # it is taken over in a while all the same
            archive.release_lease(token)


def _take(archive: Archive, token: str, holder: Holder, wait: float, seconds: float) -> None:
    """Raises Conflict while a holder lives. One that seems dead is watched for ``seconds`` before it counts as such, whatever any clock says."""
    told = msgspec.to_builtins(holder)
    began = time.monotonic()
    watched: Lease | None = None
    since = began
    while not archive.take_lease(token, told):
        lease = archive.lease()
        if lease is None:
            continue
        moment = time.monotonic()
        beats = watched is not None and (watched.token, watched.beat) != (lease.token, lease.beat)
        if watched is None or beats:
            watched, since = lease, moment
        if (_died_here(lease) or moment - since >= seconds) and archive.take_lease(token, told, last=lease):
            log.warning("took over writing from %s, which gave no sign of life", _holder_of(lease))
            return
        if (beats or 0 <= lease.age <= seconds) and moment - began >= wait:
            raise Conflict(f"The archive is being written by {_holder_of(lease)}, seen {max(0.0, lease.age):.0f} s ago.", cure=_CURE)
        time.sleep(min(1.0, seconds / 10))


def _beat(archive: Archive, token: str, pause: float, over: threading.Event) -> None:
    while not over.wait(pause):
        try:
            if not archive.renew_lease(token):
                return  # whatever this process still wants to change is refused
        except FazhiError as error:  # it may come back before anybody takes over
            log.warning("no sign of life could be given: %s", error)


def read_holder(home: Path, archive: Archive | None = None) -> Holder | None:
    """Who writes now; None where nobody does. A note that a killed process left behind does not count."""
    if archive is not None and archive.shared:
        lease = archive.lease()
        return None if lease is None or _died_here(lease) else _holder_of(lease)
    holder = _read_note(home)
    return holder if holder is not None and _lives(holder.pid) else None


def _read_note(home: Path) -> Holder | None:
    try:
        return msgspec.json.decode((home / "writer.json").read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def _holder_of(lease: Lease) -> Holder:
    try:
        return msgspec.convert(lease.holder, Holder)
    except msgspec.ValidationError:
        return Holder(0, "unknown", "unknown")


def _died_here(lease: Lease) -> bool:
    """Whether the holder was a process of this very machine that is no more."""
    holder = _holder_of(lease)
    return bool(holder.place) and holder.place == _place() and not _lives(holder.pid)


def _place() -> str:
    """The same for processes that see each other's numbers: this start of the machine and this container; "" where that can't be told."""
    try:
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115 - it is no path
    except OSError:
        return ""


def _lives(pid: int) -> bool:
    if sys.platform == "win32":  # there os.kill would end the process it asks about
        return True
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
