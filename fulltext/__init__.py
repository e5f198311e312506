"""Searchable reports: what a user asks becomes one tree (``query``), a report becomes one row (``project``), an engine stands behind ``store.TextStore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fazhi.errors import Invalid

if TYPE_CHECKING:
    from fulltext.store import TextStore


def open_store(url: str | None, folder: Path, *, writable: bool = True) -> TextStore:
    """The full-text engine that ``url`` names; None is the embedded one in ``folder``.

    Opening touches nothing and never fails on a missing or broken index: the first search says Unavailable with the cure, and ``rebuild`` mends it.
    One process at a time can write; the first write raises Conflict where another one holds the index.
    """
    if url:
        if url.startswith(("http://", "https://")):
            raise Invalid("A full-text server comes with the next version.", cure="Unset FAZHI_TEXT: the embedded engine needs no server.")
        raise Invalid(f"{url!r} names no full-text engine.", cure="Leave FAZHI_TEXT unset for the embedded engine.")
    from fulltext.embedded import EmbeddedTextStore

    return EmbeddedTextStore(folder, writable=writable)
