"""A report's text as the index and the highlighter see it: clean sentences, each with its section and the modalities of its facts.

Two things tell a township's own sentence from a template. ``own`` is seen in the report alone: the sentence states something that only somebody who was there
can know, a figure, a named room or adviser, a place inside the township. ``key`` is the same for all places that say the same sentence with other numbers and
other names of places; how many do, is asked of the index (``TextStore.said_by``), so that it is known without being kept anywhere.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from fulltext.characters import fold, keyword
from ingest.model import Analysis, Fact
from ingest.text import Text

OWN_TYPES = frozenset(("metric", "mediation_room", "legal_adviser", "person", "platform", "organisation", "event"))
BODY_TYPES = frozenset(("body", "organisation"))
_LEAST_KEYED = 8  # characters; shorter sentences are headings and set phrases, which say nothing about who copied from whom
_NUMBERS = re.compile(r"[近约超逾]?[0-9零〇一二三四五六七八九十百千万亿两]+[余多]?")  # 30余件 and 126件 are said in the same sentence
_NO_WORDS = re.compile(r"[\W_]+")
_BLANK = re.compile(r"[^\S\n]")
_US = re.compile("[我本全](?:县|市|区|镇|乡|街道|村)")


class Sentence(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``start`` and ``end`` are offsets in ``Text.clean``. ``key`` is "" where the sentence is too short to be a template."""

    start: int
    end: int
    section: str
    modalities: tuple[str, ...]
    own: bool = False
    key: str = ""


class Naming(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where the original names a program or a body, or states a number of an indicator, and the keywords of that ``field`` that find it."""

    start: int
    end: int
    names: tuple[str, ...]
    field: str


class View(msgspec.Struct, frozen=True, array_like=True, dict=True):
    """What showing a hit takes: kept beside the index, so that a page of hits needs neither the archive nor another look at the language."""

    original: str
    folded: str  # Text.clean in lower case, character for character
    clean_starts: list[int]
    original_starts: list[int]
    sentences: list[Sentence]
    named: msgspec.Raw  # ``namings``, which few questions ask for

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "named", self.named.copy())  # what was decoded would keep all that it was decoded from

    @cached_property
    def namings(self) -> list[Naming]:
        return msgspec.msgpack.decode(self.named, type=list[Naming])

    @cached_property
    def starts(self) -> list[int]:
        """Where each sentence begins in ``folded``."""
        return [sentence.start for sentence in self.sentences]

    @cached_property
    def squeezed(self) -> Squeezed:
        """``folded`` as it is searched."""
        return Squeezed.of(self.folded)

    @cached_property
    def _text(self) -> Text:
        return Text(self.original, self.folded, self.clean_starts, self.original_starts, frozenset())

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        return self._text.to_original(start, end)


class Squeezed(NamedTuple):
    """Text without blanks inside its paragraphs, and the way back."""

    text: str
    blanks: list[int]  # where each blank would stand in the text without blanks: as many of these as lie at or before a place are missing there

    @classmethod
    def of(cls, folded: str) -> Squeezed:
        blanks = [match.start() - number for number, match in enumerate(_BLANK.finditer(folded))]
        return cls(_BLANK.sub("", folded) if blanks else folded, blanks)

    def back(self, position: int) -> int:
        return position + bisect_right(self.blanks, position)


def build_view(original: str, analysis: Analysis) -> View:
    text = Text.of(original)
    return View(
        original=original,
        folded=fold(text.clean),
        clean_starts=text.clean_starts,
        original_starts=text.original_starts,
        sentences=split(text, analysis),
        named=msgspec.Raw(msgspec.msgpack.encode(list(_iter_namings(analysis)))),
    )


def _iter_namings(analysis: Analysis) -> Iterator[Naming]:
    places = name_places(analysis)
    for fact in analysis.facts:
        names: set[str | None] = set()
        field = "program"
        if fact.type == "program":
            names = {fact.node, fact.canonical, fact.surface}
        elif fact.type in BODY_TYPES:
            field = "body"
            names = {fact.node, fact.canonical or fact.surface, fact.surface, bare_name(fact, places)}
        elif fact.type == "metric":
            field = "indicator"
            names = {fact.canonical, fact.indicator, fact.indicator_id, f"indicator:{fact.indicator_id}" if fact.indicator_id else None}
        found = {keyword(name) for name in names if name} - {""}
        if found:
            yield Naming(fact.start, fact.end, tuple(sorted(found)), field)


def name_places(analysis: Analysis) -> tuple[str, ...]:
    """Keywords of the places that a report names, longest first."""
    surfaces = (fact.surface for fact in analysis.facts if fact.type == "place")
    return tuple(sorted({keyword(name) for name in (*analysis.frame.path, *surfaces)} - {""}, key=lambda name: (-len(name), name)))


def bare_name(fact: Fact, places: Sequence[str]) -> str:
    """Keyword of a body without the place in front: 安溪县司法局 → 司法局, so that the same kind of body of all places has one name."""
    name = keyword(fact.canonical or fact.surface)
    return next((name[len(place) :] for place in places if name.startswith(place) and len(name) - len(place) > 1), name)


def split(text: Text, analysis: Analysis) -> list[Sentence]:
    """All of ``text.clean`` but blanks, in order. What the analysis has between its sentences makes sentences of its own: no character is out of reach.

    A sentence is of the innermost section that it begins in, and has the modalities of the facts that begin in it.
    """
    size = len(text.clean)
    bounds: list[tuple[int, int]] = []
    position = 0
    for original_start, original_end in analysis.sentences:
        start = max(text.to_clean(original_start), position)
        end = max(min(text.to_clean(original_end), size), start)
        if text.clean[position:start].strip():
            bounds.append((position, start))
        if end > start:
            bounds.append((start, end))
        position = end
    if text.clean[position:].strip():
        bounds.append((position, size))
    starts = [start for start, _ in bounds]
    kinds = ["other"] * len(bounds)
    for section in analysis.sections:  # nested ones come after their parents
        first, last = text.to_clean(section.start), text.to_clean(section.end)
        for index in range(bisect_right(starts, first - 1), bisect_right(starts, last - 1)):
            kinds[index] = section.kind
    modalities: list[set[str]] = [set() for _ in bounds]
    own = [False] * len(bounds)
    inside = f"{analysis.frame.place}/" if analysis.frame.place else None
    for fact in analysis.facts:
        index = bisect_right(starts, text.to_clean(fact.start)) - 1
        if index >= 0:
            modalities[index].add(fact.modality)
            own[index] |= fact.type in OWN_TYPES or (fact.type == "place" and bool(inside and fact.node and fact.node.startswith(inside)))
    names = _join_places(analysis)
    return [
        Sentence(start, end, kind, tuple(sorted(found)), states and kind != "heading", key_of(text.clean[start:end], names))
        for (start, end), kind, found, states in zip(bounds, kinds, modalities, own, strict=True)
    ]


def key_of(sentence: str, names: re.Pattern[str] | None = None) -> str:
    """13 hex digits that a sentence has in common with the same one of another place, without numbers, punctuation and ``names``; "" where it is short."""
    text = fold(sentence)
    if names is not None:
        text = names.sub("", text)
    text = _NUMBERS.sub("0", _NO_WORDS.sub("", _US.sub("", text)))
    return blake2b(text.encode(), digest_size=7).hexdigest()[:13] if len(text) >= _LEAST_KEYED else ""


def _join_places(analysis: Analysis) -> re.Pattern[str] | None:
    """The names of places that a report uses, longest first: those above it, its own, and those that it speaks of."""
    names = {fold(name) for name in (*analysis.frame.path, analysis.frame.place_name or "") if len(name) > 1}
    names |= {fold(Text.of(fact.surface).clean) for fact in analysis.facts if fact.type == "place" and len(fact.surface) > 1}
    return join_names(names)


def join_names(names: Iterable[str]) -> re.Pattern[str] | None:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, ordered))) if ordered else None
