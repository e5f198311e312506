"""Use the names that people of a data folder have reviewed, in every process that reads reports for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import vocabulary
from vocabulary.overlay import Overlay, read_overlay

if TYPE_CHECKING:
    from fazhi.settings import Settings

_READERS = ("ingest.rules.", "ingest.pipeline", "ingest.audit.", "graph.project")
"""Modules that keep what they make from the vocabulary. The gazetteer is not among them: it takes longest to make and no review changes it."""


def use_overlay(settings: Settings) -> bool:
    """Lay the folder's decisions over the packaged vocabulary; returns whether reports are read differently from now on.

    Call it before reading: a folder may have changed since, and another workspace of this process may use another one. Raises Invalid that names file, entry
    and cure.
    """
    return adopt(read_overlay(settings.vocabulary_folder))


def adopt(overlay: Overlay) -> bool:
    """The same for decisions that are read already, as a worker gets them from its parent: both must read reports alike."""
    changed = vocabulary.use(overlay)
    if changed:
        _forget()
    return changed


def _forget() -> None:
    for name, module in tuple(sys.modules.items()):
        if name.startswith(_READERS):
            for value in tuple(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if clear is not None and getattr(value, "__module__", None) == name:
                    clear()
