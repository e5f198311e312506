"""An archive on a medium that can't be written, such as a backup on a disc or a share mounted for reading."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url

from fazhi.errors import Unavailable


def url_for_reading(url: str) -> str | None:
    """For SQLite on a read-only file system, a URL that asks for no lock and no file beside it; None anywhere else.

    Raises Unavailable where commits still stand in the log beside the file: reading would not show them.
    """
    database = make_url(url).database if url.startswith("sqlite") else None
    if not database or database.startswith("file:") or not hasattr(os, "statvfs"):
        return None
    path = Path(database).absolute()
    try:
        unchanging = bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return None
    if not unchanging:
        return None
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise Unavailable(
            f"The archive {path} can't be read here: the folder is read-only, and the last changes still stand in the log beside it.",
            cure="Open it once where it can be written, for example with `fazhi status`, and copy it then.",
        )
    return f"sqlite:///file:{quote(str(path))}?mode=ro&immutable=1&uri=true"
