"""The sentences of a report that answer a query, with exact offsets in the original. The same whichever engine found the
report.

Text is compared as the index compares it, so blanks and line breaks that a converter put into words, full-width letters and the other script
do not hide a match.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from fulltext.narrow import narrow
from fulltext.query import And, Has, Keyword, Not, Or, Phrase, Query, Term, Title, Within
from fulltext.sentences import Sentence, View
from fulltext.store import Filters

_EXACT_WEIGHT = 3.0  # exact characters against the same characters as loose words
_MAX_MATCHES = 2_000  # of one leaf in one report
_EDGE = re.compile(r"\s*(.*?)\s*", re.S)


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """``start`` and ``end`` of one sentence (or of neighbours that one match spans) and of each match, all in the original.

    Matches are in order and don't overlap.
    """

    start: int
    end: int
    matches: tuple[tuple[int, int], ...]
    section: str
    modalities: tuple[str, ...]
    score: float


class _Leaf(msgspec.Struct, frozen=True):
    """Something to look for, and where it counts; empty means anywhere."""

    query: Term | Phrase | Keyword | Has
    sections: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()

    def counts_in(self, sentence: Sentence) -> bool:
        return (not self.sections or sentence.section in self.sections) and (
            not self.modalities or any(modality in self.modalities for modality in sentence.modalities)
        )


def find_passages(view: View, query: Query | None, filters: Filters | None = None, *, limit: int = 3) -> tuple[Passage, ...]:
    """At most ``limit`` passages, best first, equal ones in the order of the text; none where the query asks for nothing that stands in sentences.

    Bare text is shown by its words only where it does not stand in the report as it was typed. Rare matches count more than those in every
    sentence. A program that was asked for is shown where the report names it.
    """
    tree = narrow(query, filters or Filters())
    if tree is None or not view.sentences:
        return ()
    leaves = list(dict.fromkeys(_iter_leaves(tree, (), ())))
    squeezed = _Squeezed(view.folded)
    starts = [sentence.start for sentence in view.sentences]
    scores: dict[tuple[int, int], float] = {}  # (first, last sentence) → how well it answers
    # only what is shown is mapped to the original: a common word has a hundred matches in a report, three sentences of which are seen
    matches: dict[tuple[int, int], list[tuple[int, int]]] = {}  # in the folded text
    named: dict[tuple[int, int], list[tuple[int, int]]] = {}  # in the original
    for leaf in leaves:
        for found, weight in _iter_finds(leaf, view, squeezed, starts):
            where = named if isinstance(leaf.query, Keyword) else matches
            for group, spans in found.items():
                scores[group] = scores.get(group, 0.0) + weight * math.log(1 + len(view.sentences) / len(found))
                where.setdefault(group, []).extend(spans)
    best = sorted(scores, key=lambda group: (-scores[group], group))
    if not best:
        places = [leaf for leaf in leaves if isinstance(leaf.query, Has)]
        best = [(index, index) for index, sentence in enumerate(view.sentences) if any(leaf.counts_in(sentence) for leaf in places)]
    shown: list[Passage] = []
    taken: set[int] = set()
    for first, last in best:
        if len(shown) == limit:
            break
        bounds = _trimmed(view.folded, view.sentences[first].start, view.sentences[last].end)
        if bounds is None or taken.intersection(range(first, last + 1)):
            continue
        taken.update(range(first, last + 1))
        start, end = view.to_original(*bounds)
        inside = [view.to_original(*span) for group, spans in matches.items() if first <= group[0] and group[1] <= last for span in spans]
        inside += [span for group, spans in named.items() if first <= group[0] and group[1] <= last for span in spans]
        sentence = view.sentences[first]
        shown.append(
            Passage(
                start=start,
                end=end,
                matches=_merged(inside),
                section=sentence.section,
                modalities=sentence.modalities,
                score=round(scores.get((first, last), 0.0), 6),
            )
        )
    return tuple(shown)


def _iter_leaves(query: Query, sections: tuple[str, ...], modalities: tuple[str, ...]) -> Iterator[_Leaf]:
    match query:
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from _iter_leaves(clause, sections, modalities)
        case Within(clause, kinds, moods):
            yield from _iter_leaves(clause, kinds or sections, moods or modalities)
        case Title(clause):
            yield from _iter_leaves(clause, ("heading",), ())  # the title stands there, where it stands in the text at all
        case Term() | Phrase():
            yield _Leaf(query, sections, modalities)
        case Keyword("program"):
            yield _Leaf(query)
        case Has(kinds, moods):
            yield _Leaf(query, kinds, moods)
        case Not():
            return


def _iter_finds(leaf: _Leaf, view: View, squeezed: _Squeezed, starts: Sequence[int]) -> Iterator[tuple[dict[tuple[int, int], list[tuple[int, int]]], float]]:
    """(sentences → spans, weight) for each thing the leaf looks for: spans in the original for a program, else in the folded text."""
    query = leaf.query
    if isinstance(query, Keyword):
        named: dict[tuple[int, int], list[tuple[int, int]]] = {}
        text_starts = [view.to_original(start, start + 1)[0] for start in starts]
        for naming in view.namings:
            if query.value in naming.programs:
                index = max(bisect_right(text_starts, naming.start) - 1, 0)
                named.setdefault((index, index), []).append((naming.start, naming.end))
        yield named, _EXACT_WEIGHT
        return
    if isinstance(query, Has):
        return
    gaps = query.gaps if isinstance(query, Phrase) else ()
    exact = _located(leaf, view, starts, squeezed.find(query.text, gaps))
    yield exact, _EXACT_WEIGHT * len(query.text)
    if isinstance(query, Term) and not exact:
        # a lone character such as 镇 would light up everywhere; it only helps where nothing longer was asked for
        words = [word for word in query.words if len(word) > 1 and word != query.text] or [word for word in query.words if word != query.text]
        for word in words:
            yield _located(leaf, view, starts, squeezed.find(word, (), whole=word.isascii())), float(len(word))


def _located(leaf: _Leaf, view: View, starts: Sequence[int], spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for start, end in spans:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if (leaf.sections or leaf.modalities) and (first != last or not leaf.counts_in(view.sentences[first])):
            continue
        found.setdefault((first, last), []).append((start, end))
    return found


_BLANK = re.compile(r"[^\S\n]")


class _Squeezed:
    """Text without blanks inside its paragraphs, and the way back."""

    def __init__(self, folded: str) -> None:
        self.text = folded
        # where each blank would stand in the text without blanks: as many of these as lie at or before a place are missing there
        self.blanks = [match.start() - number for number, match in enumerate(_BLANK.finditer(folded))]
        if self.blanks:
            self.text = _BLANK.sub("", folded)

    def _back(self, position: int) -> int:
        return position + bisect_right(self.blanks, position)

    def find(self, wanted: str, gaps: Sequence[int], *, whole: bool = False) -> list[tuple[int, int]]:
        """Spans in the text with its blanks. ``whole``: not inside a longer run of letters or digits."""
        pattern = "".join("[^\n]" if index in gaps else re.escape(character) for index, character in enumerate(wanted))
        if whole:
            pattern = rf"(?<![a-z0-9]){pattern}(?![a-z0-9])"
        spans: list[tuple[int, int]] = []
        for found in re.finditer(pattern, self.text):
            spans.append((found.start(), found.end()))
            if len(spans) == _MAX_MATCHES:
                break
        return [(self._back(start), self._back(end - 1) + 1) for start, end in spans] if self.blanks else spans


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """Without blanks at the edges; None where nothing is left."""
    found = _EDGE.fullmatch(folded, start, end)
    return found.span(1) if found and found.group(1) else None


def _merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, overlapping and touching ones as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
