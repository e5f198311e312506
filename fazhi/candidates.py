"""Names that reports use and the catalogues do not hold, for people to accept or reject: those of most townships first."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

import msgspec

import vocabulary
from archive.model import Document
from fazhi.answers import Candidate, Candidates, Example, Nearest
from fazhi.errors import Invalid, NotFound
from fazhi.reviewed import use_overlay
from ingest.gazetteer import gazetteer
from ingest.model import FactType, Frame
from ingest.reviewed import own_name
from ingest.rules.indicators import find_indicator
from vocabulary.merging import SHAPES, entries_of, spellings_of
from vocabulary.names import fold_name
from vocabulary.overlay import FILES, KINDS, Kind

if TYPE_CHECKING:
    from archive.store import Archive
    from fazhi.workspace import Workspace

_EXAMPLES = 3
_NEAR = 0.5  # similarity from which another name may be the same thing
_COMPARED = 40  # spellings with most characters in common, which are compared in full
_SHORTEST, _LONGEST = 2, 24  # characters of a name


class Named(msgspec.Struct, gc=False):
    """Those fields of a fact that tell of a name; the others need not be read."""

    type: FactType
    surface: str
    start: int
    end: int
    canonical: str | None = None
    node: str | None = None
    indicator: str | None = None
    indicator_id: str | None = None
    value: float | int | None = None
    unit: str | None = None


class Told(msgspec.Struct, gc=False):
    """What a report's analysis tells of the names in it."""

    frame: Frame
    sentences: tuple[tuple[int, int], ...] = ()
    facts: tuple[Named, ...] = ()


class _Sentence(NamedTuple):
    """An example before its text is fetched; the earliest sorts first."""

    year: int
    key: str
    report: str
    start: int
    end: int
    place: str | None


class _Seen:
    """One name while reports are gone through. ``examples`` are the earliest sentences, of different places."""

    __slots__ = ("examples", "mentions", "reports", "spellings", "townships", "units", "years")

    def __init__(self) -> None:
        self.spellings: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.townships: set[str] = set()
        self.reports = 0
        self.mentions = 0
        self.years: set[int] = set()
        self.examples: list[_Sentence] = []


def list_candidates(workspace: Workspace, kind: Kind | None = None, *, limit: int = 20) -> Candidates:
    """Names of one kind, or of all, that stand in the archive's facts and in no catalogue, and that nobody has decided on.

    Ranked by the townships that use them, then by reports, then by name. Reads every analysis: some seconds for ten thousand reports. Raises Invalid for an
    unknown kind and for an overlay that can't be read.
    """
    from fazhi import asking

    if kind is not None and kind not in KINDS:
        raise Invalid(f"There is no kind {kind}.", cure=f"Use one of {', '.join(KINDS)}.")
    use_overlay(workspace.settings)
    archive, snapshot = workspace.archive, workspace.archive.snapshot()
    seen = _collect(archive.scan(Told), KINDS if kind is None else (kind,))
    ranked = sorted(seen, key=lambda key: (-len(seen[key].townships), -seen[key].reports, key))
    chosen = ranked[:limit]
    neighbours = {wanted: _Neighbours(wanted) for wanted in {of for of, _ in chosen}}
    return Candidates(
        candidates=tuple(_candidate(archive, of, seen[of, name], neighbours[of]) for of, name in chosen),
        total=len(ranked),
        snapshot=snapshot,
        coverage=asking.coverage(workspace),
    )


def find_kinds(workspace: Workspace, name: str) -> list[Kind]:
    """Of which kinds the archive's facts have this name, whether or not a catalogue has it."""
    folded = fold_name(name)
    found: set[Kind] = set()
    for document, told in workspace.archive.scan(Told):
        found.update(kind for kind, fact in _iter_named(told) if kind not in found and fold_name(_name_of(kind, fact, document)) == folded)
    return [kind for kind in KINDS if kind in found]


# -- collecting ------------------------------------------------------------------------------------------------------------------------------------


def _collect(told: Iterable[tuple[Document, Told]], kinds: Iterable[Kind]) -> dict[tuple[Kind, str], _Seen]:
    known = {kind: _Known(kind) for kind in kinds}
    seen: dict[tuple[Kind, str], _Seen] = {}
    for document, analysis in told:
        here: set[tuple[Kind, str]] = set()
        resolved = document.place if document.level == "township" and analysis.frame.status == "resolved" else None
        for kind, fact in _iter_named(analysis):
            if kind not in known:
                continue
            name = _name_of(kind, fact, document)
            key = (kind, fold_name(name))
            if not _SHORTEST <= len(key[1]) <= _LONGEST or known[kind].has(name, key[1], fact.unit):
                continue
            entry = seen.get(key)
            if entry is None:
                entry = seen[key] = _Seen()
            entry.mentions += 1
            entry.spellings[name] += 1
            if fact.unit:
                entry.units[fact.unit] += 1
            if key not in here:
                here.add(key)
                _note_report(entry, document, resolved, _sentence_of(analysis.sentences, fact))
    return seen


def _iter_named(told: Told) -> Iterator[tuple[Kind, Named]]:
    """Facts that a catalogue could know, with the kind of catalogue."""
    for fact in told.facts:
        if fact.type == "metric":
            if fact.indicator_id is None and fact.indicator and fact.value is not None:
                yield "indicator", fact
        elif fact.type == "program" or fact.type == "platform" or fact.type == "body":
            yield fact.type, fact


def _name_of(kind: Kind, fact: Named, document: Document) -> str:
    """The name without the place that it is of, so that it is the same name everywhere."""
    if kind == "indicator":
        return fact.indicator or ""
    canonical = fact.canonical or fact.surface
    if kind == "program":
        return canonical
    if kind == "body":
        home = (fact.node or "").removeprefix("body:").rpartition("/")[0]
        place = gazetteer().places.get(home)
        canonical = own_name(canonical, place.name if place is not None else home.rpartition("/")[2])
    for place_name in (*document.path, document.place_name):  # 德化县政府网站 is a 政府网站, as 官田乡政府微信群 is a 政府微信群
        canonical = own_name(canonical, place_name or "")
    return canonical


def _note_report(entry: _Seen, document: Document, township: str | None, sentence: tuple[int, int]) -> None:
    entry.reports += 1
    if township is not None:
        entry.townships.add(township)
    if document.year is not None:
        entry.years.add(document.year)
    if document.place is None or all(example.place != document.place for example in entry.examples):
        insort(entry.examples, _Sentence(document.year or 9999, document.key, document.report, *sentence, document.place))
        del entry.examples[_EXAMPLES:]


def _sentence_of(sentences: tuple[tuple[int, int], ...], fact: Named) -> tuple[int, int]:
    index = bisect_right(sentences, (fact.start, 1 << 40)) - 1
    if index < 0 or sentences[index][1] < fact.end:
        return fact.start, fact.end
    return sentences[index]


class _Known:
    """Names of one kind that need no decision: the catalogue has them, or somebody has rejected them."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._counted: dict[tuple[str, str | None], bool] = {}
        data = vocabulary.load(FILES[kind])
        self._names = set(spellings_of(kind, entries_of(kind, data))) | vocabulary.rejected(kind)
        if kind == "body":
            self._names.update(fold_name(row["suffix"]) for row in data["organisations"])
            self._names.update(map(fold_name, data["national"].values()))
        elif kind == "program":
            self._names.update(fold_name(word) for words in vocabulary.load("slogans").values() for word in words)

    def has(self, name: str, folded: str, unit: str | None) -> bool:
        if folded in self._names:
            return True
        if self._kind == "body":
            return name.startswith(("中共", "中国共产党"))
        if self._kind != "indicator":
            return False
        counted = self._counted.get((name, unit))
        if counted is None:
            counted = self._counted[name, unit] = find_indicator(name, unit or "") is not None
        return counted


# -- showing ---------------------------------------------------------------------------------------------------------------------------------------


def _candidate(archive: Archive, kind: Kind, seen: _Seen, neighbours: _Neighbours) -> Candidate:
    spellings = [name for name, _ in sorted(seen.spellings.items(), key=lambda item: (-item[1], item[0]))]
    units = sorted(seen.units.items(), key=lambda item: (-item[1], item[0]))
    return Candidate(
        kind=kind,
        name=spellings[0],
        spellings=tuple(spellings[1:]),
        townships=len(seen.townships),
        reports=seen.reports,
        mentions=seen.mentions,
        first_year=min(seen.years, default=None),
        last_year=max(seen.years, default=None),
        unit=units[0][0] if units and kind == "indicator" else None,
        nearest=neighbours.find(spellings[0]),
        examples=tuple(_iter_examples(archive, seen.examples)),
    )


def _iter_examples(archive: Archive, sentences: Iterable[_Sentence]) -> Iterator[Example]:
    for sentence in sentences:
        try:
            document, text = archive.document(sentence.report), archive.text(sentence.report)
        except NotFound:
            continue  # deleted since it was read
        yield Example(
            report=sentence.report,
            key=sentence.key,
            place_name=document.place_name,
            year=document.year,
            text=text[sentence.start : sentence.end],
            start=sentence.start,
            end=sentence.end,
        )


class _Neighbours:
    """The catalogue's entry that is written most like a name: likely another spelling of it."""

    def __init__(self, kind: Kind) -> None:
        entries = entries_of(kind, vocabulary.load(FILES[kind]))
        field = "id" if kind == "indicator" else SHAPES[kind].name
        self._spellings = [(spelling, set(spelling), str(entry[field])) for spelling, entry in spellings_of(kind, entries).items() if len(spelling) > 1]

    def find(self, name: str) -> Nearest | None:
        folded = fold_name(name)
        characters = set(folded)
        shared = sorted(self._spellings, key=lambda known: (-len(characters & known[1]) / max(len(characters), len(known[1])), known[0]))
        best: tuple[float, str, str] | None = None
        for spelling, _, entry in shared[:_COMPARED]:
            similarity = SequenceMatcher(None, folded, spelling, autojunk=False).ratio()
            if best is None or similarity > best[0]:
                best = (similarity, spelling, entry)
        if best is None or best[0] < _NEAR:
            return None
        return Nearest(entry=best[2], spelling=best[1], similarity=round(best[0], 2))
