"""Mentions of programs out of the archive, with the sentence each stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from archive.model import Document
from archive.store import Archive
from diffusion.adoptions.inheriting import BECOMES, gather
from diffusion.adoptions.model import Mention, Watched
from ingest.model import Fact

TAKES_UP = "ADOPTS"
_NEXT_PART = re.compile(r"\n\s*(?:\n|[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[章节部])")


class Told(msgspec.Struct):
    """As much of an analysis as it takes to read statements and the sentences that they stand in."""

    facts: tuple[Fact, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


def read(archive: Archive, programs: Collection[str] | None = None, level: str = "township") -> Watched:
    """All that reports say of these programs (None: of any), and the years of the reports of each place of ``level``.

    Reports without a place or a year are left out, as are years of townships that no text names: nobody knows which of them are the same.
    """
    wanted = None if programs is None else frozenset(programs)
    mentions: list[Mention] = []
    became: list[tuple[int, Fact]] = []
    present: dict[str, set[int]] = defaultdict(set)
    for document, told in archive.scan(Told):
        if document.place is None or document.year is None:
            continue
        if is_watched(document, level):
            present[document.place].add(document.year)
        became += [(document.year, fact) for fact in told.facts if fact.relation == BECOMES]
        said = [
            fact
            for fact in told.facts
            if fact.relation == TAKES_UP and fact.subject_node and fact.object_node and (wanted is None or fact.object_node in wanted)
        ]
        if said:
            text = archive.text(document.report)
            mentions += mentions_of(document, said, told.sentences, text)
    years = [year for own in present.values() for year in own]
    ordered = sorted(mentions, key=lambda mention: (mention.place, mention.covered, mention.report, mention.fact))
    return Watched(
        mentions=tuple(ordered),
        present={place: tuple(sorted(own)) for place, own in sorted(present.items())},
        first=min(years, default=0),
        last=max(years, default=-1),
        successions=gather(became),
    )


def is_watched(document: Document, level: str = "township") -> bool:
    """Whether a report stands for a year of a place of ``level`` that its text names."""
    return document.place is not None and document.year is not None and document.level == level and "?" not in document.place


def _end_of_part(text: str, at: int) -> int:
    """Where the next heading, item of a list or empty line begins; a line's end alone may be a converter's."""
    match = _NEXT_PART.search(text, at)
    return match.start() if match else len(text)


def mentions_of(document: Document, facts: Iterable[Fact], sentences: Sequence[tuple[int, int]], text: str) -> Iterator[Mention]:
    """A mention for each of these facts, which say that somebody takes up a program, in a report with a place and a year."""
    starts = [start for start, _ in sentences]
    for fact in facts:
        at = bisect_right(starts, fact.start) - 1
        start, end = sentences[at] if at >= 0 and sentences[at][1] >= fact.end else (fact.start, fact.end)
        assert document.place is not None and document.year is not None and fact.subject_node is not None and fact.object_node is not None
        yield Mention(
            place=fact.subject_node,
            program=fact.object_node,
            report=document.report,
            covered=document.year,
            own=fact.subject_node == document.place,
            modality=fact.modality,
            negated=fact.polarity == "negative",
            fact=fact.id,
            confidence=fact.confidence,
            sentence=text[start:end],
            at=fact.start - start,
            length=fact.end - fact.start,
            key=document.key,
            start=start,
            end=end,
            until=_end_of_part(text, end),
        )
