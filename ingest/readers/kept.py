"""What took long to take out of a file (recognised pages, converted documents), kept in the data folder for the next run, until its document is deleted.

An ingest reads every file again to see whether it has changed; recognising or converting it again would take a thousand times as long as all the rest.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from ingest.readers.limits import Limits

_ENDING = ".kept"


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    by: str
    content: bytes


def recall(raw: bytes, by: str, limits: Limits, make: Callable[[], tuple[bytes, bool]]) -> bytes:
    """What ``make`` gives for a file of these bytes, or gave before to the same program; its second value says whether the first is worth keeping."""
    folder = Path(limits.kept_folder)
    if not limits.kept_folder or not folder.parent.is_dir():  # extracting without a data folder makes none
        return make()[0]
    path = folder / f"{hashlib.sha256(raw).hexdigest()}{_ENDING}"
    try:
        kept = msgspec.msgpack.decode(path.read_bytes(), type=_Kept)
        if kept.by == by:
            return kept.content
    except (OSError, msgspec.DecodeError):
        pass  # not made yet, or cut off when the disk was full
    content, is_whole = make()
    if is_whole:
        with suppress(OSError):  # a full or read-only disk costs time the next time, not this report
            folder.mkdir(exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
            fresh.write_bytes(msgspec.msgpack.encode(_Kept(by=by, content=content)))
            fresh.replace(path)
    return content


def forget(folder: Path, is_known: Callable[[str], bool]) -> int:
    """Remove what was taken out of documents that are gone; ``is_known`` is asked with the SHA-256 of their bytes. Returns how many."""
    gone = [path for path in sorted(folder.glob(f"*{_ENDING}")) if not is_known(path.stem)]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
