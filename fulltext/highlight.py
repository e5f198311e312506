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
from itertools import islice

import msgspec

from fulltext.narrow import narrow
from fulltext.query import And, Has, In, Keyword, Like, Loose, Not, Or, Phrase, Query, Term, Title, Within
from fulltext.sentences import Sentence, Squeezed, View
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
    own: bool = False  # whether it states something that only the place itself can know
    key: str = ""  # see ``Sentence.key``
    places: int | None = None  # how many places say the same, where that was asked


class _Leaf(msgspec.Struct, frozen=True):
    """Something to look for, and where it counts; empty means anywhere."""

    query: Term | Phrase | Keyword | Has | Like
    sections: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()

    def counts_in(self, sentence: Sentence) -> bool:
        return (not self.sections or sentence.section in self.sections) and (
            not self.modalities or any(modality in self.modalities for modality in sentence.modalities)
        )


def find_passages(view: View, query: Query | None, filters: Filters | None = None, *, limit: int = 3) -> tuple[Passage, ...]:
    """At most ``limit`` passages, best first, equal ones in the order of the text; none where the query asks for nothing that stands in sentences.

    Bare text is shown by its words only where it does not stand in the report as it was typed. Rare matches count more than those in every
    sentence. A program, body or indicator that was asked for is shown where the report names it.
    """
    matches = find_matches(view, query, filters)
    return matches.show(matches.best(limit))


Group = tuple[int, int]  # first and last of the sentences that a match stands in


class Matches:
    """Where one report answers a query. Only what is shown is mapped to the original: a common word has a hundred matches in a report, three sentences of
    which are seen."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.scores: dict[Group, float] = {}  # how well it answers
        self.order: list[Group] = []  # best first
        self.folded: dict[Group, list[tuple[int, int]]] = {}  # spans in the folded text
        self.named: dict[Group, list[tuple[int, int]]] = {}  # spans in the original

    def best(self, limit: int) -> list[Group]:
        """The first ``limit`` that are not empty and share no sentence with a better one."""
        chosen: list[Group] = []
        taken: set[int] = set()
        for first, last in self.order:
            if len(chosen) == limit:
                break
            spoken = self.view.sentences[first].start, self.view.sentences[last].end
            if taken.isdisjoint(range(first, last + 1)) and _trimmed(self.view.folded, *spoken) is not None:
                taken.update(range(first, last + 1))
                chosen.append((first, last))
        return chosen

    def show(self, groups: Sequence[Group]) -> tuple[Passage, ...]:
        """These groups as passages, in the order given; those without anything but blanks are left out."""
        view = self.view
        shown: list[Passage] = []
        for first, last in groups:
            trimmed = _trimmed(view.folded, view.sentences[first].start, view.sentences[last].end)
            if trimmed is None:
                continue
            start, end = view.to_original(*trimmed)
            inside = [view.to_original(*span) for group, spans in self.folded.items() if first <= group[0] and group[1] <= last for span in spans]
            inside += [span for group, spans in self.named.items() if first <= group[0] and group[1] <= last for span in spans]
            sentence = view.sentences[first]
            shown.append(
                Passage(
                    start=start,
                    end=end,
                    matches=_merged(inside),
                    section=sentence.section,
                    modalities=sentence.modalities,
                    score=round(self.scores.get((first, last), 0.0), 6),
                    own=sentence.own,
                    key=sentence.key,
                )
            )
        return tuple(shown)


def find_matches(view: View, query: Query | None, filters: Filters | None = None) -> Matches:
    """All places of a report that answer, without mapping them yet; see ``find_passages``."""
    found_in = Matches(view)
    tree = narrow(query, filters or Filters())
    if tree is None or not view.sentences:
        return found_in
    leaves = list(dict.fromkeys(_iter_leaves(tree, (), ())))
    for leaf in leaves:
        for found, weight in _iter_finds(leaf, view):
            where = found_in.named if isinstance(leaf.query, Keyword) else found_in.folded
            for group, spans in found.items():
                found_in.scores[group] = found_in.scores.get(group, 0.0) + weight * math.log(1 + len(view.sentences) / len(found))
                where.setdefault(group, []).extend(spans)
    found_in.order = sorted(found_in.scores, key=lambda group: (-found_in.scores[group], group))
    if not found_in.order:
        places = [leaf for leaf in leaves if isinstance(leaf.query, Has)]
        found_in.order = [(index, index) for index, sentence in enumerate(view.sentences) if any(leaf.counts_in(sentence) for leaf in places)]
    return found_in


def _iter_leaves(query: Query, sections: tuple[str, ...], modalities: tuple[str, ...]) -> Iterator[_Leaf]:
    match query:
        case And(clauses) | Or(clauses):
            for clause in clauses:
                yield from _iter_leaves(clause, sections, modalities)
        case Loose(must, some, _, more):
            for clause in (*must, *some, *more):
                yield from _iter_leaves(clause, sections, modalities)
        case Within(clause, kinds, moods):
            yield from _iter_leaves(clause, kinds or sections, moods or modalities)
        case In(clause):
            yield from _iter_leaves(clause, sections, modalities)
        case Like():
            yield _Leaf(query)
        case Title(clause):
            yield from _iter_leaves(clause, ("heading",), ())  # the title stands there, where it stands in the text at all
        case Term() | Phrase():
            yield _Leaf(query, sections, modalities)
        case Keyword("program" | "body" | "indicator"):
            yield _Leaf(query)
        case Has(kinds, moods):
            yield _Leaf(query, kinds, moods)
        case Not():
            return


def _iter_finds(leaf: _Leaf, view: View) -> Iterator[tuple[dict[tuple[int, int], list[tuple[int, int]]], float]]:
    """(sentences → spans, weight) for each thing the leaf looks for: spans in the original for a program, else in the folded text."""
    query = leaf.query
    if isinstance(query, Keyword):
        named: dict[tuple[int, int], list[tuple[int, int]]] = {}
        text_starts = [view.to_original(start, start + 1)[0] for start in view.starts]
        for naming in view.namings:
            if naming.field == query.field and query.value in naming.names:
                index = max(bisect_right(text_starts, naming.start) - 1, 0)
                named.setdefault((index, index), []).append((naming.start, naming.end))
        yield named, _EXACT_WEIGHT
        return
    if isinstance(query, Has):
        return
    if isinstance(query, Like):
        weights = dict(query.sentences)
        for index, sentence in enumerate(view.sentences):
            if sentence.key in weights:
                yield {(index, index): [(sentence.start, sentence.end)]}, weights[sentence.key]
        return
    gaps = query.gaps if isinstance(query, Phrase) else ()
    exact = _located(leaf, view, _find(view.squeezed, query.text, gaps))
    yield exact, _EXACT_WEIGHT * len(query.text)
    if isinstance(query, Term) and not exact:
        # a lone character such as 镇 would light up everywhere; it only helps where nothing longer was asked for
        words = [word for word in query.words if len(word) > 1 and word != query.text] or [word for word in query.words if word != query.text]
        for word in words:
            yield _located(leaf, view, _find(view.squeezed, word, (), whole=word.isascii())), float(len(word))


def _located(leaf: _Leaf, view: View, spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    starts = view.starts
    for start, end in spans:
        first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
        if (leaf.sections or leaf.modalities) and (first != last or not leaf.counts_in(view.sentences[first])):
            continue
        found.setdefault((first, last), []).append((start, end))
    return found


def _find(squeezed: Squeezed, wanted: str, gaps: Sequence[int], *, whole: bool = False) -> list[tuple[int, int]]:
    """Spans in the text with its blanks. ``whole``: not inside a longer run of letters or digits."""
    spans = list(islice(_iter_spans(squeezed.text, wanted, gaps, whole), _MAX_MATCHES))
    return [(squeezed.back(start), squeezed.back(end - 1) + 1) for start, end in spans] if squeezed.blanks else spans


def _iter_spans(text: str, wanted: str, gaps: Sequence[int], whole: bool) -> Iterator[tuple[int, int]]:
    if gaps or whole or not wanted:
        pattern = "".join("[^\n]" if index in gaps else re.escape(character) for index, character in enumerate(wanted))
        if whole:
            pattern = rf"(?<![a-z0-9]){pattern}(?![a-z0-9])"
        yield from (found.span() for found in re.finditer(pattern, text))
        return
    start = text.find(wanted)
    while start >= 0:
        yield start, start + len(wanted)
        start = text.find(wanted, start + len(wanted))


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
