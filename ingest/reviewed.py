"""What people have rejected: the one place where rules ask about it."""

from __future__ import annotations

import vocabulary
from ingest.model import FactType
from vocabulary.names import fold_name


def is_rejected(type: FactType, words: str, canonical: str | None, place: str = "") -> bool:
    """Whether a reviewer said that this is none of its type: by its words in the text, its canonical name, or that name without the place."""
    rejected = vocabulary.rejected(type)
    if not rejected:
        return False
    names = (words, canonical or "", own_name(canonical or "", place))
    return any(fold_name(name) in rejected for name in names if name)


def own_name(canonical: str, place: str) -> str:
    """A body's name without the place it is of: 参内镇平安法治办公室 of 参内镇 → 平安法治办公室; empty where nothing is left."""
    stem = place.removesuffix("街道") if place.endswith("街道") and not canonical.startswith(place) else place
    return canonical.removeprefix(stem) if stem else canonical
