"""YAML that a policy person can read and correct, and the few lines that load it.

What people of a data folder have accepted or rejected lies over it as an overlay, which the whole process uses from ``use`` on.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from vocabulary import registers
from vocabulary.copies import FOLDER, load_catalogue
from vocabulary.merging import merge
from vocabulary.overlay import EMPTY, Overlay

EXAMPLES = FOLDER / "examples"  # sentences that say whether a practice is done, and what is learnt from them (``ingest.examples``)
_overlay: Overlay = EMPTY


def use(overlay: Overlay) -> bool:
    """Lay these decisions over the packaged vocabulary; returns whether that changes it. Raises Invalid for decisions that do not fit, and changes nothing.

    Who keeps what was made from the vocabulary has to make it anew: ``fazhi.reviewed`` does that for the whole program.
    """
    global _overlay
    if overlay.version == _overlay.version and overlay == _overlay:
        return False
    for name in ("programs", "platforms", "bodies", "indicators"):
        merge(name, packaged(name), overlay)
    changed = overlay.version != _overlay.version
    _overlay = overlay
    load.cache_clear()
    rejected.cache_clear()
    version.cache_clear()
    return changed


def overlay() -> Overlay:
    """The decisions in use."""
    return _overlay


@cache
def packaged(name: str) -> Any:
    """Contents of ``vocabulary/<name>.yaml`` as the package has them. Shared between callers: do not change it."""
    return load_catalogue(name)


@cache
def load(name: str) -> Any:
    """Contents of ``vocabulary/<name>.yaml``, with the overlay's accepted names. Shared between callers: do not change it."""
    return merge(name, packaged(name), _overlay)


@cache
def rejected(kind: str) -> frozenset[str]:
    """Folded names (``vocabulary.names.fold_name``) that people said are no program, platform, body or indicator."""
    return _overlay.rejected(kind)


@cache
def version() -> str:
    """First 12 hex digits over all vocabulary files and the overlay: part of every fingerprint, so that a changed dictionary shows as stale."""
    if not _overlay.version:
        return packaged_version()
    return hashlib.sha256(f"{packaged_version()}\0{_overlay.version}".encode()).hexdigest()[:12]


@cache
def packaged_version() -> str:
    """The same over the packaged files alone."""
    digest = hashlib.sha256()
    for file in [*sorted(FOLDER.glob("*.yaml")), registers.PLACES, EXAMPLES / "weights.json", *registers.village_files()]:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
