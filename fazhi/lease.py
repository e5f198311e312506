"""One writer at a time in a data folder. The lock is the operating system's, so it goes when its holder is killed; a note beside it says who."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from fazhi.errors import Conflict, Unavailable


class Holder(msgspec.Struct, frozen=True):
    """Who writes, and since when (ISO time)."""

    pid: int
    command: str
    since: str


@contextmanager
def hold(home: Path, command: str, *, wait: float = 0.0) -> Iterator[Holder]:
    """Be the one writer of ``home`` inside the block; ``wait`` seconds at most for another to finish. Raises Conflict that names the other."""
    from filelock import FileLock, Timeout

    note = home / "writer.json"
    lock = FileLock(home / "writer.lock", timeout=wait, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        other = read_holder(home)
        who = f"process {other.pid} ({other.command}, since {other.since})" if other else "another process"
        raise Conflict(f"The data folder {home} is being written by {who}.", cure="Wait until it has finished; searching goes on meanwhile.") from None
    except OSError as error:
        raise Unavailable(f"The data folder {home} can't be written: {error.strerror}.", cure="Choose another folder with --home.") from None
    try:
        holder = Holder(pid=os.getpid(), command=command, since=datetime.now(UTC).isoformat(timespec="seconds"))
        temporary = note.with_name(f".writer.{holder.pid}.json")
        temporary.write_bytes(msgspec.json.encode(holder))
        temporary.replace(note)
        yield holder
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def read_holder(home: Path) -> Holder | None:
    """Who writes now; None where nobody does. A note that a killed process left behind does not count."""
    try:
        holder = msgspec.json.decode((home / "writer.json").read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None
    return holder if _lives(holder.pid) else None


def _lives(pid: int) -> bool:
    if sys.platform == "win32":  # there os.kill would end the process it asks about
        return True
    with suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
    return True
