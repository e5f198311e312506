"""What was made of a question in a whole sentence, to be shown beside its answer. See ``fulltext.question``."""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["place", "years", "level", "name", "word"]


class Part(msgspec.Struct, frozen=True):
    """Something that was understood. ``start`` and ``end`` are where it stands in the question. ``value`` is what it was taken for: names of a
    place joined by | where it has had several, years as 2020-2022 (an end may be open), a level, or the words themselves."""

    kind: Kind
    text: str
    start: int
    end: int
    value: str


class Understood(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a question. Every hit meets the ``conditions`` (place, years, level), has all ``names`` (法律明白人) and at least
    ``least`` of the ``words``; ``doing`` (聘请, 建立) only adds to the score. ``dropped`` was not looked for."""

    conditions: tuple[Part, ...] = ()
    names: tuple[Part, ...] = ()
    words: tuple[Part, ...] = ()
    least: int = 0
    doing: tuple[Part, ...] = ()
    dropped: tuple[str, ...] = ()


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """Place (graph id, where the names mean one), level and years that the conditions of a question leave, for the coverage of its answer."""

    place: str | None = None
    level: str | None = None
    from_year: int | None = None
    to_year: int | None = None
