"""The sentences in which facts stand, from as much of their reports as that takes."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from archive.store import Archive
from fulltext.kept import Kept

QUOTED = 512  # reports that are kept, some 30 kB each


class Spot(msgspec.Struct, frozen=True, gc=False):
    """Where a fact stands."""

    id: str
    start: int
    end: int
    section: str = "other"


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """Where a section lies."""

    kind: str
    start: int
    end: int


class Quotable(msgspec.Struct, frozen=True):
    """What quoting a report takes, in a fraction of the time that reading all of its analysis would."""

    sections: tuple[Stretch, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()
    facts: tuple[Spot, ...] = ()


class Quoted(NamedTuple):
    """A report that can be quoted from: its decoded original, its sections and sentences, and its facts by id, in their order."""

    text: str
    said: Quotable
    facts: dict[str, Spot]


def quote(archive: Archive, reports: Collection[str], kept: Kept[str, Quoted]) -> dict[str, Quoted]:
    """Those of these reports that are there, read at once; ``kept`` is of this state of the collection."""
    found = {report: known for report in reports if (known := kept.find(report)) is not None}
    missing = sorted(set(reports) - found.keys())
    if missing:
        for report, (text, said) in archive.quote(missing, Quotable).items():
            found[report] = Quoted(text, said, {fact.id: fact for fact in said.facts})
            kept.keep(report, found[report])
    return found
