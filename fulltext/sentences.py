"""A report's text as the index and the highlighter see it: clean sentences, each with its section and the modalities of its facts."""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from fulltext.characters import fold, keyword
from ingest.model import Analysis
from ingest.text import Text


class Sentence(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``start`` and ``end`` are offsets in ``Text.clean``."""

    start: int
    end: int
    section: str
    modalities: tuple[str, ...]


class Naming(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where the original names a program, and the keywords that find it."""

    start: int
    end: int
    programs: tuple[str, ...]


class View(msgspec.Struct, frozen=True, array_like=True):
    """What showing a hit takes: kept beside the index, so that a page of hits needs neither the archive nor another look at the language."""

    original: str
    folded: str  # Text.clean in lower case, character for character
    clean_starts: list[int]
    original_starts: list[int]
    sentences: list[Sentence]
    namings: list[Naming]

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        return Text(self.original, self.folded, self.clean_starts, self.original_starts, frozenset()).to_original(start, end)


def build_view(original: str, analysis: Analysis) -> View:
    text = Text.of(original)
    return View(
        original=original,
        folded=fold(text.clean),
        clean_starts=text.clean_starts,
        original_starts=text.original_starts,
        sentences=split(text, analysis),
        namings=[
            Naming(fact.start, fact.end, tuple(sorted({keyword(name) for name in (fact.node, fact.canonical, fact.surface) if name})))
            for fact in analysis.facts
            if fact.type == "program"
        ],
    )


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
    for fact in analysis.facts:
        index = bisect_right(starts, text.to_clean(fact.start)) - 1
        if index >= 0:
            modalities[index].add(fact.modality)
    return [Sentence(start, end, kind, tuple(sorted(found))) for (start, end), kind, found in zip(bounds, kinds, modalities, strict=True)]
