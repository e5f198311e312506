"""What routes read through: the workspace, with the reports that were just read kept at hand, and the coverage that every answer carries."""

from __future__ import annotations

import logging
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
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
from fazhi.quoting import QUOTED, Quotable, Quoted, quote
from fazhi.sentences import find_sentence
from fazhi.workspace import Workspace
from fulltext.choosing import Said
from fulltext.kept import Kept, KeptCounts
from fulltext.project import place_chain
from fulltext.query import Query
from fulltext.store import Filters
from fulltext.suggest import Entry, SuggestIndex, iter_vocabulary
from graph.store import GraphStore
from ingest.ids import report_of_fact
from ingest.model import Analysis, Fact
from search_api import models
from search_api.exploring import KeptTies, new_kept_ties
from vocabulary.overlay import Kind

T = TypeVar("T")

log = logging.getLogger("fazhi.http")

_KEPT = 256  # reports; about 100 kB each when read
_KEPT_COVERAGES = 10_000
_KEPT_DOCUMENTS = 20_000  # about 1 kB each
_KEPT_COUNTS = 20_000
_KEPT_FREQUENCIES = 100_000  # words
_ASKED_SAID = 5  # times that a state of the collection is asked how many say some sentences before all are counted for it
_REST = 10.0  # times as long as counting them took, the index is left alone with that: while reports come in, each second brings another state
_KEPT_ANSWERS = 256  # of each sort; some 20 kB each as bytes, at most 150
_DEAR = 0.01  # seconds of CPU time: what took so long is kept by itself, or a thousand townships would drive out the provinces
_CANDIDATES = 200
_EVIDENCE = 3  # sentences shown per edge; the fact ids lead to the rest


class Standing(NamedTuple):
    """How one counted report counts in a coverage."""

    place: str
    level: str | None
    year: int | None


class State:
    """What was read while the collection was in one state. A newer state gets a new one: who still fills the old one harms nobody."""

    def __init__(self, snapshot: str, generation: int, moment: Hashable = None) -> None:
        self.snapshot = snapshot
        self.generation = generation
        self.moment = moment  # of graph and index: a writer's checkpoint may come after its last word to the archive
        self.reports: Kept[str, Projectable] = Kept(_KEPT)
        self.quoted: Kept[str, Quoted] = Kept(QUOTED)
        self.documents: dict[str, Document] = {}
        self.ties = new_kept_ties()
        self.answers: Kept[Any, Any] = Kept(_KEPT_ANSWERS)
        self.dear: Kept[Any, Any] = Kept(_KEPT_ANSWERS)
        self.said = Said()
        self.frequencies: KeptCounts[str] = KeptCounts(_KEPT_FREQUENCIES)
        self.counts: KeptCounts[Query] = KeptCounts(_KEPT_COUNTS)  # reports that match what was part of a question
        self.standings: list[Standing] | None = None
        self.names: dict[str, str] = {}  # of all places that report or lie above one that does
        self.candidates: dict[tuple[str | None, str], Candidates] = {}
        self.coverages: dict[tuple[str | None, str | None, int | None, int | None], models.Coverage] = {}


class Reader:
    """One per application, used from many threads. ``workspace`` looks for newer states whenever it is asked; ``pause`` is how many seconds lie between."""

    def __init__(self, workspace: Workspace, pause: float) -> None:
        self.workspace = workspace
        self.combiner = Combiner(workspace, pause, self._known_state)
        self._pause = pause
        self._looked = 0.0
        self._state = State("", -1)
        self._building = threading.RLock()  # what takes long is built once, however many wait for it
        self._counting = threading.Lock()
        self._next_count = 0.0
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
        moment, state = self.workspace.moment(), self._state
        if (snapshot, generation, moment) != (state.snapshot, state.generation, state.moment):
            self._state = State(snapshot, generation, moment)
        self._looked = time.monotonic()

    def _known_state(self) -> tuple[str, int]:
        if self._looked == 0.0:
            self.refresh(now=True)
        return self._state.snapshot, self._state.generation

    # -- reports -----------------------------------------------------------------------------------------------------------------------------------

    def read(self, report: str) -> Projectable:
        """A report with its text and analysis. Raises NotFound."""
        return self._state.reports.get(report, lambda: self.archive.projectable(report))

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

    def quote(self, facts: Sequence[Sequence[str]], limit: int = _EVIDENCE) -> list[tuple[models.Passage, ...]]:
        """Of each row of facts the sentences in which they stand, each once, with the facts' surfaces highlighted. A fact that is gone since is left out."""
        wanted = {report_of_fact(id) for some in facts for id in some}
        quoted = quote(self.archive, wanted, self._state.quoted) if wanted else {}
        return [_quote_facts(quoted, some, limit) for some in facts]

    def remember(self, asked: Hashable, answer: Callable[[], T]) -> T:
        """``answer()``, or what it was the last time in this state of the collection and of people's words: for what takes long and many ask alike."""
        state, key = self._state, (asked, vocabulary.version())
        found: T | None = state.dear.find(key)
        if found is None:
            found = state.answers.find(key)
        if found is None:
            began = time.thread_time()
            found = answer()
            (state.dear if time.thread_time() - began >= _DEAR else state.answers).keep(key, found)
        return found

    def known_ties(self) -> KeptTies:
        """Ties of nodes that have many, as far as they were read of the present state."""
        return self._state.ties

    def known_said(self) -> Said:
        """How many places say a sentence in the present state. Where that is asked again and again, all sentences are counted, beside the answers."""
        said = self._state.said
        if said.asked >= _ASKED_SAID and not said.is_settled and not self._counting.locked() and time.monotonic() >= self._next_count:
            threading.Thread(target=self.count_said, name="fazhi-counting", daemon=True).start()
        return said

    def known_frequencies(self) -> KeptCounts[str]:
        """In how many reports words stand, as far as it was asked of the present state."""
        return self._state.frequencies

    def count_said(self) -> None:
        """Count of all sentences of the present state how many places say them, so that answers need not ask; not while somebody else does."""
        if not self._counting.acquire(blocking=False):
            return
        began = time.monotonic()
        try:
            self._state.said.count_all(self.workspace.text)
        except Exception as error:  # an engine that is away, say: whoever asks for an answer will hear of it
            log.info("sentences are counted as they are asked for: %s", error)
        finally:
            ended = time.monotonic()
            self._next_count = ended + max(_REST * (ended - began), 1.0)
            self._counting.release()

    def count(self, queries: Sequence[Query]) -> list[int]:
        """How many reports match each of these in the present state."""

        def ask(missing: Sequence[Query]) -> Mapping[Query, int]:
            return dict(zip(missing, self.workspace.text.count(missing, Filters()), strict=True))

        found = self._state.counts.get(queries, ask)
        return [found[query] for query in queries]

    # -- coverage ----------------------------------------------------------------------------------------------------------------------------------

    def coverage(self, place: str | None = None, level: str | None = None, from_year: int | None = None, to_year: int | None = None) -> models.Coverage:
        """What an answer about this place, level and these years rests on."""
        asked = (place, level, from_year, to_year)
        state = self._state
        if asked in state.coverages:
            return state.coverages[asked]
        chosen = [row for row in _find_below(self._stand(state), place) if level is None or row.level == level]
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

    def basis(self) -> dict[str, Any]:
        """What a page rests on that shows more than one answer."""
        return {"coverage": self.coverage(), "snapshot": self.snapshot}

    def standings(self, place: str | None = None) -> list[Standing]:
        """How each counted report at or below a place counts, by the places' ids."""
        return _find_below(self._stand(self._state), place)

    def _stand(self, state: State) -> list[Standing]:
        """How each counted report stands, by the places' ids; the places' names come with it."""
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
                state.standings = sorted(standings, key=_place)
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

    def places_near(self, name: str, limit: int = 5) -> tuple[str, ...]:
        """Names of places with reports at or below them that somebody may have meant: the name with its kind (安溪县 for 安溪), then names read or written
        alike."""
        whole = sorted({one for one in self._place_names().values() if len(name) > 1 and len(one) == len(name) + 1 and one.startswith(name)})
        return tuple(dict.fromkeys((*whole, *self.suggestions().near(name, "place"))))[:limit]

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
            near = self.places_near(place)
            like = f"Names like it here: {', '.join(near)}." if near else ""
            cure = "Give its full name (泉州市, 参内镇) or its graph id; GET /api/suggest helps."
            raise NotFound(f"No place with reports here is called {place}.", cure=f"{like} {cure}".strip())
        raise Ambiguous(place, same)


class Ambiguous(Invalid):
    """A name that several places have: the asker has to choose."""

    def __init__(self, name: str, candidates: list[str]) -> None:
        super().__init__(f"{len(candidates)} places here are called {name}.", cure=f"Give the graph id of one: {', '.join(candidates[:10])}.")


def _place(row: Standing) -> str:
    return row.place


def _find_below(rows: list[Standing], above: str | None) -> list[Standing]:
    """Those at or below a place, of rows by place: their ids begin with its own, so they stand together."""
    if above is None:
        return rows
    first = bisect_left(rows, above, key=_place)
    last = bisect_left(rows, f"{above}\U0010ffff", lo=first, key=_place)
    return [row for row in rows[first:last] if lies_in(row.place, above)]


def lies_in(place: str, above: str | None) -> bool:
    """Whether a place is ``above`` or below it, by their ids: cn:35 > cn:3505 > cn:350524 > cn:350524/参内镇 > …/湾美社区."""
    if above is None or place == above:
        return True
    return place.startswith(f"{above}/") if "/" in above or len(above) == len("cn:350524") else place.startswith(above)


def section_at(analysis: Analysis | Quotable, position: int) -> str:
    """Kind of the innermost section at a position; nested sections follow their parent."""
    kind = "other"
    for section in analysis.sections:
        if section.start <= position < section.end:
            kind = section.kind
    return kind


def _quote_facts(quoted: Mapping[str, Quoted], facts: Iterable[str], limit: int) -> tuple[models.Passage, ...]:
    found: dict[tuple[str, int], models.Passage] = {}
    for id in facts:
        report = report_of_fact(id)
        item = quoted.get(report)
        fact = item.facts.get(id) if item else None
        if item is None or fact is None:
            continue
        start, end = find_sentence(item.said, fact.start, fact.end, len(item.text))
        highlights, section = [(fact.start, fact.end)], fact.section
        before = found.get((report, start))
        if before is not None:
            highlights = sorted({(span.start, span.end) for span in before.highlights} | set(highlights))
            end, section = max(before.end, end), ""
        elif len(found) == limit:
            break
        found[report, start] = _show_passage(item.text, start, end, highlights, section or section_at(item.said, start))
    return tuple(found.values())


def cut_passage(item: Projectable, start: int, end: int, highlights: Iterable[tuple[int, int]], section: str | None = None) -> models.Passage:
    """A stretch of the original as evidence."""
    return _show_passage(item.text, start, end, highlights, section or section_at(item.analysis, start))


def _show_passage(text: str, start: int, end: int, highlights: Iterable[tuple[int, int]], section: str) -> models.Passage:
    return models.Passage(
        text=text[start:end], start=start, end=end, section=section, highlights=tuple(models.Span(start=left, end=right) for left, right in highlights)
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
