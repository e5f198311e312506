"""What routes read through: the workspace, with the reports that were just read kept at hand, and the coverage that every answer carries."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable
from itertools import chain
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from archive.model import Document, Projectable
from archive.store import Archive
from fazhi.errors import NotFound
from fazhi.workspace import Workspace
from fulltext.project import place_chain
from fulltext.suggest import Entry, SuggestIndex, iter_vocabulary
from graph import queries
from graph.store import GraphStore
from ingest.ids import report_of_fact
from ingest.model import Analysis, Fact
from search_api import models

_KEPT = 256  # reports; about 100 kB each when read
_KEPT_DOCUMENTS = 20_000  # about 1 kB each
_EVIDENCE = 3  # sentences shown per edge; the fact ids lead to the rest


class Standing(NamedTuple):
    """How one counted report counts in a coverage."""

    place: str
    level: str | None
    year: int | None


class Reader:
    """One per application, used from many threads. ``workspace`` looks for newer states whenever it is asked; ``pause`` is how many seconds lie between."""

    def __init__(self, workspace: Workspace, pause: float) -> None:
        self.workspace = workspace
        self._pause = pause
        self._lock = threading.Lock()
        self._snapshot = ""
        self._looked = 0.0
        self._forget()

    @property
    def archive(self) -> Archive:
        return self.workspace.archive

    @property
    def graph(self) -> GraphStore:
        return self.workspace.graph

    def refresh(self, *, now: bool = False) -> None:
        """See what has been committed since, and forget what was kept of an older state. Looks at most once a ``pause``, unless it has to be ``now``."""
        if not now and time.monotonic() - self._looked < self._pause:
            return
        self.workspace.refresh()
        snapshot = self.archive.snapshot()
        with self._lock:
            self._looked = time.monotonic()
            if snapshot != self._snapshot:
                self._snapshot = snapshot
                self._forget()

    def _forget(self) -> None:
        """New containers in place of the old: who is still filling an old one harms nobody."""
        self._reports: OrderedDict[str, Projectable] = OrderedDict()
        self._documents: dict[str, Document] = {}
        self._standings: list[Standing] | None = None
        self._names: dict[str, str] = {}
        self._suggestions: SuggestIndex | None = None
        self._coverages: dict[tuple[str | None, str | None, int | None, int | None], models.Coverage] = {}

    @property
    def snapshot(self) -> str:
        return self._snapshot

    # -- reports -----------------------------------------------------------------------------------------------------------------------------------

    def read(self, report: str) -> Projectable:
        """A report with its text and analysis. Raises NotFound."""
        kept = self._reports
        with self._lock:
            if report in kept:
                kept.move_to_end(report)
                return kept[report]
        item = self.archive.projectable(report)
        with self._lock:
            kept[report] = item  # the dictionary of the state it was read in: a newer state has another
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return item

    def find_document(self, report: str) -> Document | None:
        """What is known of a report, without its text."""
        kept = self._documents
        document = kept.get(report)
        if document is None:
            document = self.archive.find(report)
            if document is not None and len(kept) < _KEPT_DOCUMENTS:
                kept[report] = document
        return document

    def find_fact(self, id: str) -> tuple[Projectable, Fact]:
        """Raises NotFound."""
        try:
            item = self.read(report_of_fact(id))
        except NotFound:
            item = None
        for fact in item.analysis.facts if item else ():
            if fact.id == id and item:
                return item, fact
        raise NotFound(f"There is no fact {id}.", cure="GET /api/reports/{id}/facts lists those of a report's present version.")

    def passages(self, facts: Iterable[str], limit: int = _EVIDENCE) -> tuple[models.Passage, ...]:
        """The sentences in which these facts stand, each once, with the facts' surfaces highlighted. A fact that is gone since is left out."""
        found: OrderedDict[tuple[str, int], models.Passage] = OrderedDict()
        for id in facts:
            try:
                item, fact = self.find_fact(id)
            except NotFound:
                continue
            passage = sentence_of(item, fact)
            before = found.get((item.document.report, passage.start))
            if before is not None:
                spans = {(span.start, span.end) for span in (*before.highlights, *passage.highlights)}
                end = max(before.end, passage.end)
                passage = cut_passage(item, passage.start, end, sorted(spans))
            elif len(found) == limit:
                break
            found[item.document.report, passage.start] = passage
        return tuple(found.values())

    # -- coverage ----------------------------------------------------------------------------------------------------------------------------------

    def coverage(self, place: str | None = None, level: str | None = None, from_year: int | None = None, to_year: int | None = None) -> models.Coverage:
        """What an answer about this place, level and these years rests on."""
        asked = (place, level, from_year, to_year)
        with self._lock:
            coverages, standings = self._coverages, self._standings
        if asked in coverages:
            return coverages[asked]
        if standings is None:
            standings = self._stand()
        chosen = [row for row in standings if lies_in(row.place, place) and (level is None or row.level == level)]
        undated = sum(row.year is None for row in chosen)
        if from_year is not None or to_year is not None:
            chosen = [row for row in chosen if row.year is not None and (from_year or 0) <= row.year <= (to_year or 9999)]
        coverage = models.Coverage(
            reports=len(chosen),
            townships=len({row.place for row in chosen if row.level == "township" and row.place}),
            years=tuple(sorted({row.year for row in chosen if row.year is not None})),
            undated=undated,
            unreadable=len(self.archive.failures()),
        )
        with self._lock:
            if len(coverages) > 10_000:
                coverages.clear()
            coverages[asked] = coverage
        return coverage

    def _stand(self) -> list[Standing]:
        """How each counted report stands, read once for each state of the collection, and the names of all places that report or lie above one that does."""
        with self._lock:
            snapshot = self._snapshot
        standings = []
        names: dict[str, str] = {}
        for document in self.archive.documents():
            standings.append(Standing(document.place or "", document.level, document.year))
            names.update(zip(place_chain(document.place, document.path, document.level).values(), document.path, strict=False))
        with self._lock:
            if snapshot == self._snapshot:
                self._standings, self._names = standings, names
        return standings

    def suggestions(self) -> SuggestIndex:
        """Names that may be typed: programs, indicators, and the places that reports come from."""
        index = self._suggestions
        if index is None:
            if self._standings is None:
                self._stand()
            places = (Entry(name, "place", id) for id, name in sorted(self._names.items()))
            index = self._suggestions = SuggestIndex(chain(iter_vocabulary(), places))
        return index

    def name_place(self, id: str) -> str:
        """The name of a place that reports or lies above one that does; of others the last part of the id."""
        if self._standings is None:
            self._stand()
        return self._names.get(id) or id.rsplit("/", 1)[-1].removeprefix("cn:")

    def resolve_place(self, place: str | None) -> str | None:
        """The graph id of a place given by id or name. Raises NotFound for a name that nothing has, Ambiguous for one that several have."""
        if place is None or not place.strip():
            return None
        place = place.strip()
        if place.startswith("cn:"):
            return place
        same = [entity for entity in queries.list_entities(self.graph, type="Place", q=place, size=200).rows if entity.name == place]
        if len(same) == 1:
            return same[0].id
        if not same:
            raise NotFound(
                f"No place here is called {place}.",
                cure="Give its full name (泉州市, 参内镇) or its graph id; GET /api/suggest helps.",
            )
        raise Ambiguous(place, [entity.id for entity in same])


class Ambiguous(NotFound):
    """A name that several places have: the asker has to choose."""

    status = 400
    slug = "invalid"

    def __init__(self, name: str, candidates: list[str]) -> None:
        super().__init__(f"{len(candidates)} places here are called {name}.", cure=f"Give the graph id of one: {', '.join(candidates[:10])}.")


def lies_in(place: str, above: str | None) -> bool:
    """Whether a place is ``above`` or below it, by their ids: cn:35 > cn:3505 > cn:350524 > cn:350524/参内镇 > …/湾美社区."""
    if above is None or place == above:
        return True
    return place.startswith(f"{above}/") if "/" in above or len(above) == len("cn:350524") else place.startswith(above)


def find_sentence(analysis: Analysis, start: int, end: int, length: int) -> tuple[int, int]:
    """From the start of the sentence that holds ``start`` to the end of the one that holds ``end``; the span itself where no sentence holds it."""
    sentences = analysis.sentences
    first = bisect_right(sentences, (start, length)) - 1
    last = bisect_right(sentences, (max(start, end - 1), length)) - 1
    left = sentences[first][0] if first >= 0 and sentences[first][1] > start else start
    right = sentences[last][1] if last >= 0 and sentences[last][1] >= end else end
    return min(left, start), max(right, end)


def section_at(analysis: Analysis, position: int) -> str:
    """Kind of the innermost section at a position; nested sections follow their parent."""
    kind = "other"
    for section in analysis.sections:
        if section.start <= position < section.end:
            kind = section.kind
    return kind


def cut_passage(item: Projectable, start: int, end: int, highlights: Iterable[tuple[int, int]], section: str | None = None) -> models.Passage:
    """A stretch of the original as evidence."""
    return models.Passage(
        text=item.text[start:end],
        start=start,
        end=end,
        section=section or section_at(item.analysis, start),
        highlights=tuple(models.Span(start=left, end=right) for left, right in highlights),
    )


def sentence_of(item: Projectable, fact: Fact) -> models.Passage:
    """The sentence in which a fact stands, with its surface highlighted."""
    start, end = find_sentence(item.analysis, fact.start, fact.end, len(item.text))
    return cut_passage(item, start, end, [(fact.start, fact.end)], fact.section)


def get_reader(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    reader.refresh()
    return reader


Reading = Annotated[Reader, Depends(get_reader)]
