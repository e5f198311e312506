"""A file to read, wherever it lies: on disk, in an archive, or sent over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

import msgspec

SIDE_ENDING = ".meta.json"


class File(msgspec.Struct, frozen=True, kw_only=True):
    """``open`` gives the bytes from the start each time it is called; ``open_side`` those of ``NAME.meta.json``, None where there is none."""

    key: str
    size: int
    open: Callable[[], IO[bytes]]
    open_side: Callable[[], IO[bytes]] | None = None


def is_ignored(name: str) -> bool:
    """Hidden files and what operating systems and Word leave behind: never a report."""
    return name.startswith((".", "~$")) or name in {"__MACOSX", "Thumbs.db", "desktop.ini", "$RECYCLE.BIN"}
