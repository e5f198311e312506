"""What routes read through: the workspace, with the reports that were just read kept at hand, and the coverage that every answer carries."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from itertools import chain
from typing import Annotated, Any, NamedTuple, TypeVar

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

import vocabulary
from archive.model import Document, Projectable
from archive.store import Archive
from fazhi.answers import Candidates
from fazhi.combining import Combiner
from fazhi.errors import Invalid, NotFound
from fazhi.sentences import find_sentence
from fazhi.workspace import Workspace
from fulltext.project import place_chain
from fulltext.suggest import Entry, SuggestIndex, iter_vocabulary
from graph.store import GraphStore
from ingest.ids import report_of_fact
from ingest.model import Analysis, Fact
from search_api import models
from search_api.exploring import KeptTies
from vocabulary.overlay import Kind

T = TypeVar("T")

_KEPT = 256  # reports; about 100 kB each when read
_KEPT_COVERAGES = 10_000
_KEPT_DOCUMENTS = 20_000  # about 1 kB each
_KEPT_SAID = 200_000  # sentences
_KEPT_ANSWERS = 256  # at most some 100 kB each
_CANDIDATES = 200
_EVIDENCE = 3  # sentences shown per edge; the fact ids lead to the rest


class Standing(NamedTuple):
    """How one counted report counts in a coverage."""

    place: str
    level: str | None
    year: int | None


class State:
    """What was read while the collection was in one state. A newer state gets a new one: who still fills the old one harms nobody."""

    def __init__(self, snapshot: str, generation: int) -> None:
        self.snapshot = snapshot
        self.generation = generation
        self.reports: OrderedDict[str, Projectable] = OrderedDict()
        self.documents: dict[str, Document] = {}
        self.ties = KeptTies()
        self.answers: OrderedDict[Any, Any] = OrderedDict()
        self.said: dict[str, int] = {}  # key of a sentence → places that say it, as far as it was asked
        self.standings: list[Standing] | None = None
        self.names: dict[str, str] = {}  # of all places that report or lie above one that does
        self.candidates: dict[tuple[str | None, str], Candidates] = {}
        self.coverages: dict[tuple[str | None, str | None, int | None, int | None], models.Coverage] = {}


class Reader:
    """One per application, used from many threads. ``workspace`` looks for newer states whenever it is asked; ``pause`` is how many seconds lie between."""

    def __init__(self, workspace: Workspace, pause: float) -> None:
        self.workspace = workspace
        self.combiner = Combiner(workspace, pause)
        self._pause = pause
        self._looked = 0.0
        self._state = State("", -1)
        self._keeping = threading.Lock()
        self._building = threading.RLock()  # what takes long is built once, however many wait for it
        self._suggestions: tuple[dict[str, str], SuggestIndex] | None = None  # with the places that are in it: it outlives states that change none

    @property
    def archive(self) -> Archive:
        return self.workspace.archive

    @property
    def graph(self) -> GraphStore:
        return self.workspace.graph

    @property
    def snapshot(self) -> str:
        return self._state.snapshot

    @property
    def is_due(self) -> bool:
        """Whether ``refresh`` would look."""
        return time.monotonic() - self._looked >= self._pause

    def refresh(self, *, now: bool = False) -> None:
        """See what has been committed since, and forget what was kept of an older state. Looks at most once a ``pause``, unless it has to be ``now``."""
        if not now and not self.is_due:
            return
        # the generation too: a file that turns out unreadable changes the coverage and not the snapshot. Both are read before the stores are looked at, so that
        # nothing that is kept of these for this state is older than it.
        snapshot, generation = self.archive.snapshot(), self.archive.generation()
        self.workspace.refresh()
        if (snapshot, generation) != (self._state.snapshot, self._state.generation):
            self._state = State(snapshot, generation)
        self._looked = time.monotonic()

    # -- reports -----------------------------------------------------------------------------------------------------------------------------------

    def read(self, report: str) -> Projectable:
        """A report with its text and analysis. Raises NotFound."""
        kept = self._state.reports
        with self._keeping:
            if report in kept:
                kept.move_to_end(report)
                return kept[report]
        item = self.archive.projectable(report)
        with self._keeping:
            kept[report] = item
            while len(kept) > _KEPT:
                kept.popitem(last=False)
        return item

    def find_document(self, report: str) -> Document | None:
        """What is known of a report, without its text."""
        kept = self._state.documents
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

    def remember(self, asked: Hashable, answer: Callable[[], T]) -> T:
        """``answer()``, or what it was the last time in this state of the collection and of people's words: for what takes long and many ask alike."""
        kept, key = self._state.answers, (asked, vocabulary.version())
        with self._keeping:
            if key in kept:
                kept.move_to_end(key)
                found: T = kept[key]
                return found
        found = answer()
        with self._keeping:
            kept[key] = found
            while len(kept) > _KEPT_ANSWERS:
                kept.popitem(last=False)
        return found

    def known_ties(self) -> KeptTies:
        """Ties of nodes that have many, as far as they were read of the present state."""
        return self._state.ties

    def known_said(self) -> dict[str, int]:
        """How many places say a sentence, by its key, as far as it was asked of the present state."""
        said = self._state.said
        if len(said) > _KEPT_SAID:
            said.clear()
        return said

    # -- coverage ----------------------------------------------------------------------------------------------------------------------------------

    def coverage(self, place: str | None = None, level: str | None = None, from_year: int | None = None, to_year: int | None = None) -> models.Coverage:
        """What an answer about this place, level and these years rests on."""
        asked = (place, level, from_year, to_year)
        state = self._state
        if asked in state.coverages:
            return state.coverages[asked]
        chosen = [row for row in self._stand(state) if lies_in(row.place, place) and (level is None or row.level == level)]
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
        if len(state.coverages) < _KEPT_COVERAGES:
            state.coverages[asked] = coverage
        return coverage

    def standings(self, place: str | None = None) -> list[Standing]:
        """How each counted report at or below a place counts."""
        return [row for row in self._stand(self._state) if lies_in(row.place, place)]

    def _stand(self, state: State) -> list[Standing]:
        """How each counted report stands; the places' names come with it."""
        with self._building:
            if state.standings is None:
                standings = []
                for document in self.archive.documents():
                    if len(state.documents) < _KEPT_DOCUMENTS:
                        state.documents[document.report] = document  # nearly every search shows some of them
                    standings.append(Standing(document.place or "", document.level, document.year))
                    state.names.update(zip(place_chain(document.place, document.path, document.level).values(), document.path, strict=False))
                    if document.place and document.place_name:
                        state.names[document.place] = document.place_name
                state.standings = standings
            return state.standings

    def candidates(self, kind: Kind | None) -> Candidates:
        """The first names that no catalogue holds, of one kind or of all; made once for each state of the collection and of people's decisions."""
        from fazhi.candidates import list_candidates
        from fazhi.reviewed import use_overlay

        state = self._state
        with self._building:
            use_overlay(self.workspace.settings)
            asked = (kind, vocabulary.version())
            if asked not in state.candidates:
                state.candidates[asked] = list_candidates(self.workspace, kind, limit=_CANDIDATES)
            return state.candidates[asked]

    def _place_names(self) -> dict[str, str]:
        state = self._state
        self._stand(state)
        return state.names

    def suggestions(self) -> SuggestIndex:
        """Names that may be typed: programs, indicators, and the places that reports come from."""
        names = self._place_names()
        with self._building:
            if self._suggestions is None or self._suggestions[0] != names:
                places = (Entry(name, "place", id) for id, name in sorted(names.items()) if "?" not in id)  # nobody asks for a township without a name
                self._suggestions = names, SuggestIndex(chain(iter_vocabulary(), places))
            return self._suggestions[1]

    def name_place(self, id: str) -> str:
        """The name of a place that reports or lies above one that does; of others the last part of the id."""
        return self._place_names().get(id) or id.rsplit("/", 1)[-1].removeprefix("cn:")

    def name_path(self, id: str) -> list[str]:
        """Names from the province down to a place that reports or lies above one that does."""
        names = self._place_names()
        code, *rest = id.removeprefix("cn:").split("/")
        ids = [f"cn:{code[:length]}" for length in (2, 4, 6) if length <= len(code)]
        above = [names[one] for one in dict.fromkeys(ids) if one != id and one in names]
        above += [names[one] for one in (f"cn:{'/'.join([code, *rest[:length]])}" for length in range(1, len(rest))) if one in names]
        return [*above, self.name_place(id)]

    def resolve_place(self, place: str | None) -> str | None:
        """The graph id of a place given by id or by the name of one that has reports at or below it. Raises NotFound, Ambiguous where several have the name."""
        if place is None or not place.strip():
            return None
        place = place.strip()
        if place.startswith("cn:"):
            return place
        names = sorted(self._place_names().items())
        # 泉州 means 泉州市, but never beside a place that is called 泉州 and no more
        same = [id for id, name in names if name == place] or [id for id, name in names if len(name) == len(place) + 1 and name.startswith(place)]
        if len(same) == 1:
            return same[0]
        if not same:
            raise NotFound(
                f"No place with reports here is called {place}.", cure="Give its full name (泉州市, 参内镇) or its graph id; GET /api/suggest helps."
            )
        raise Ambiguous(place, same)


class Ambiguous(Invalid):
    """A name that several places have: the asker has to choose."""

    def __init__(self, name: str, candidates: list[str]) -> None:
        super().__init__(f"{len(candidates)} places here are called {name}.", cure=f"Give the graph id of one: {', '.join(candidates[:10])}.")


def lies_in(place: str, above: str | None) -> bool:
    """Whether a place is ``above`` or below it, by their ids: cn:35 > cn:3505 > cn:350524 > cn:350524/参内镇 > …/湾美社区."""
    if above is None or place == above:
        return True
    return place.startswith(f"{above}/") if "/" in above or len(above) == len("cn:350524") else place.startswith(above)


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


async def get_reader(request: Request) -> Reader:
    """Goes to a thread only where it has to look: the way there and back takes longer than most of what an answer needs."""
    reader: Reader = request.app.state.reader
    if reader.is_due:
        await run_in_threadpool(reader.refresh)
    return reader


Reading = Annotated[Reader, Depends(get_reader)]
