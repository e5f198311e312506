"""Answers combined questions over a workspace: scope, plan, rows, and for each row of a page the sentences that every condition rests on."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from fazhi.combining.answers import Combined, Finding, Held, Passage, Row, Says, Span, Statement, Step, Undecided
from fazhi.combining.evaluating import Evaluation, Leaf, Verdict, iter_leaves, plan
from fazhi.combining.holdings import Holdings, Units, lies_in
from fazhi.combining.model import Question
from fazhi.combining.probes import Kept, Probe, Scope, Shown
from fazhi.errors import Invalid
from fazhi.quoting import QUOTED, Quoted, quote
from fazhi.sentences import find_sentence
from fulltext import kept
from fulltext.highlight import find_passages

if TYPE_CHECKING:
    from fazhi.workspace import Workspace

_UNDECIDED = 50  # places listed; their number is always told
_REPORTS = 50  # listed for a row
_PASSAGES = 3  # sentences of one statement
_KEPT = 32  # questions whose rows are kept for their next pages

Key = tuple[str, int, str]


class Combiner:
    """One per workspace, used from many threads. What graph and index were asked is kept for as long as these tell that they are the same; where they do not
    tell, for ``pause`` seconds; 0: not beyond the question.

    ``look`` gives snapshot and generation of the collection, where somebody else has just looked; else every question looks for itself.
    """

    def __init__(self, workspace: Workspace, pause: float = 0.0, look: Callable[[], tuple[str, int]] | None = None) -> None:
        self._workspace = workspace
        self._pause = pause
        self._look = look or self._read_state
        self._renewed = -math.inf
        self._building = threading.Lock()
        self._state: tuple[str, int] | None = None
        self._moment: tuple[Hashable | None, Hashable | None] | None = None
        self._holdings = Holdings(())
        self._found = Kept()
        self._quoted: kept.Kept[str, Quoted] = kept.Kept(QUOTED)
        self._kept: OrderedDict[tuple[Any, str], tuple[list[Key], frozenset[str]]] = OrderedDict()

    def answer(self, question: Question) -> Combined:
        """A page of rows. Raises Invalid, NotFound, TimedOut, TooLarge. ``coverage`` is left to whoever asks."""
        state, holdings, found = self._hold()
        place = None if question.place is None else holdings.resolve(question.place)
        units = self._find_units(found, holdings, question.rows_level or "") if question.find == "places" else None
        scope = Scope(
            graph=self._workspace.graph,
            text=self._workspace.text,
            holdings=holdings,
            level=question.rows_level,
            units=units,
            place=place,
            first=question.from_year,
            last=question.to_year,
            until=time.monotonic() + self._workspace.settings.cypher_timeout,
            kept=found,
        )
        digest = _digest(question)
        after = _read_cursor(question.cursor, digest)
        planned = plan(question.where, scope)
        steps: list[Step] = []
        rows, unknown = self._rows(scope, planned, (state, digest), steps, anew=after is None or question.explain)
        start = 0 if after is None else bisect_right(rows, after)
        page = rows[start : start + question.size]
        began = time.perf_counter()
        shown = self._show(scope, iter_leaves(planned), [_id(key, scope) for key in page], question.evidence)
        steps.append(
            Step(
                condition="where",
                kind="evidence",
                way="evidence",
                estimate=None,
                candidates=len(page),
                found=sum(len(finding.statements) for row in shown for finding in row.findings),
                milliseconds=round((time.perf_counter() - began) * 1000, 3),
            )
        )
        undecided = sorted(unknown)
        return Combined(
            find=question.find,
            level=question.rows_level,
            place=place,
            rows=tuple(shown),
            total=len(rows),
            next=_write_cursor(page[-1], digest) if start + question.size < len(rows) else None,
            undecided=tuple(
                Undecided(place=id, name=units.names[id], years=tuple(sorted(units.years.get(id, ())))) for id in undecided[:_UNDECIDED] if units is not None
            ),
            undecided_total=len(undecided),
            plan=tuple(steps) if question.explain else (),
            snapshot=state[0],
        )

    def _hold(self) -> tuple[tuple[str, int], Holdings, Kept]:
        """What there is now, read once for each state of the collection."""
        archive = self._workspace.archive
        with self._building:
            state = self._look()
            if state != self._state:
                self._holdings = Holdings(archive.documents())
                self._state = state
                self._quoted = kept.Kept(QUOTED)
                self._renewed, self._moment = -math.inf, None
            now, moment = time.monotonic(), (self._workspace.graph.moment(), self._workspace.text.moment())
            if moment != self._moment or (None in moment and now - self._renewed >= self._pause):
                self._found, self._renewed, self._moment = Kept(), now, moment
                self._kept.clear()
            return state, self._holdings, self._found

    def _read_state(self) -> tuple[str, int]:
        archive = self._workspace.archive
        return archive.snapshot(), archive.generation()

    def _find_units(self, kept: Kept, holdings: Holdings, level: str) -> Units:
        return kept.units(level, lambda: holdings.find_units(level, self._workspace.graph))

    def _rows(self, scope: Scope, planned: Any, name: tuple[Any, str], steps: list[Step], *, anew: bool) -> tuple[list[Key], frozenset[str]]:
        """All rows in order, and the undecided places; those of a page before where they are kept."""
        if not anew:
            with self._building:
                if name in self._kept:
                    self._kept.move_to_end(name)
                    return self._kept[name]
        asked = scope.units is None, scope.level, scope.place, *((scope.first, scope.last) if scope.units is None else ())
        evaluation = Evaluation(scope, scope.kept.domain(asked, lambda: frozenset(_domain(scope))))
        verdict: Verdict = evaluation.decide(planned)
        found = sorted(_key(id, scope) for id in verdict.met), verdict.unknown
        steps.extend(evaluation.steps)
        with self._building:
            self._kept[name] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    # -- evidence ----------------------------------------------------------------------------------------------------------------------------------

    def _show(self, scope: Scope, leaves: Sequence[Leaf], ids: Sequence[str], most: int) -> list[Row]:
        if not ids:
            return []
        told = {leaf.path: leaf.probe.show(ids, most) for leaf in leaves}
        said = [statement for shown in told.values() for found in shown.values() for statement in found.statements]
        quoted = quote(self._workspace.archive, {statement.report for statement in said if statement.facts}, self._quoted)
        passages = self._find_words(scope, leaves, told)
        standings = scope.holdings.standings

        def complete(path: str, statement: Statement) -> Statement:
            standing = standings.get(statement.report)
            found = passages.get((path, statement.report)) if not statement.facts else _cut_facts(quoted.get(statement.report), statement.facts)
            return msgspec.structs.replace(statement, title=standing.title if standing else None, passages=found or ())

        rows = []
        for id in ids:
            findings = []
            for leaf in leaves:
                shown = told[leaf.path].get(id)
                statements = () if shown is None else tuple(complete(leaf.path, statement) for statement in shown.statements)
                findings.append(
                    Finding(
                        condition=leaf.path,
                        kind=leaf.probe.kind,
                        says=_says(leaf.probe, shown, id, scope),
                        total=0 if shown is None else shown.total,
                        statements=statements,
                    )
                )
            rows.append(self._row(scope, id, tuple(findings)))
        return rows

    def _row(self, scope: Scope, id: str, findings: tuple[Finding, ...]) -> Row:
        holdings = scope.holdings
        if scope.units is None:
            standing = holdings.standings[id]
            return Row(
                place=standing.place,
                name=standing.name,
                path=standing.path,
                report=id,
                title=standing.title,
                year=standing.year,
                reports=(Held(report=id, year=standing.year),),
                reports_total=1,
                findings=findings,
            )
        held = [Held(report=report, year=holdings.standings[report].year) for report in scope.units.reports.get(id, ())]
        held = [one for one in held if _within(one.year, scope.first, scope.last)]
        held.sort(key=lambda one: (9999 if one.year is None else one.year, one.report))
        return Row(
            place=id,
            name=scope.units.names[id],
            path=holdings.paths.get(id, ()),
            reports=tuple(held[:_REPORTS]),
            reports_total=len(held),
            findings=findings,
        )

    def _find_words(self, scope: Scope, leaves: Sequence[Leaf], told: Mapping[str, Mapping[str, Shown]]) -> dict[tuple[str, str], tuple[Passage, ...]]:
        """Path and report → the sentences with the words of a text condition."""
        wanted = {
            leaf.path: (leaf.probe.query, {statement.report for shown in told[leaf.path].values() for statement in shown.statements})
            for leaf in leaves
            if leaf.probe.kind == "text" and hasattr(leaf.probe, "query")
        }
        reports = sorted({report for _, some in wanted.values() for report in some})
        views = scope.text.views(reports) if reports else {}
        found: dict[tuple[str, str], tuple[Passage, ...]] = {}
        for path, (query, some) in wanted.items():
            for report in some:
                view = views.get(report)
                found[path, report] = (
                    ()
                    if view is None
                    else tuple(
                        Passage(
                            text=view.original[passage.start : passage.end],
                            start=passage.start,
                            end=passage.end,
                            section=passage.section,
                            highlights=tuple(Span(*span) for span in passage.matches),
                        )
                        for passage in find_passages(view, query, limit=_PASSAGES)
                    )
                )
        return found


def _domain(scope: Scope) -> set[str]:
    """The rows that may be found at all."""
    if scope.units is not None:
        return {id for id in scope.units.names if scope.place is None or lies_in(id, scope.place)}
    return {
        report
        for report, standing in scope.holdings.standings.items()
        if (scope.place is None or lies_in(standing.place, scope.place))
        and (scope.level is None or standing.level == scope.level)
        and _within(standing.year, scope.first, scope.last)
    }


def _within(year: int | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    return year is not None and (first or 0) <= year <= (last or 9999)


def _key(id: str, scope: Scope) -> Key:
    """What rows are ordered by: the place; of reports the place, the year and the id, those without a place or year last."""
    if scope.units is not None:
        return id, 0, ""
    standing = scope.holdings.standings[id]
    return standing.place or "\uffff", 9999 if standing.year is None else standing.year, id


def _id(key: Key, scope: Scope) -> str:
    return key[0] if scope.units is not None else key[2]


def _says(probe: Probe, shown: Shown | None, id: str, scope: Scope) -> Says:
    if shown is not None:
        return "stated" if shown.certain else "unknown"
    if scope.units is None or probe.kind == "place":
        return "unstated"
    return "unstated" if scope.units.covers(id, *probe.years) else "unknown"


def _cut_facts(quoted: Quoted | None, facts: Iterable[str]) -> tuple[Passage, ...]:
    """The sentences in which these facts stand, each once, with the facts' surfaces highlighted."""
    if quoted is None:
        return ()
    text = quoted.text
    spans: dict[tuple[int, int], list[tuple[int, int]]] = {}
    sections: dict[tuple[int, int], str] = {}
    standing = [fact for id in set(facts) if (fact := quoted.facts.get(id)) is not None]
    for fact in sorted(standing, key=lambda fact: (fact.start, fact.end, fact.id)):
        bounds = find_sentence(quoted.said, fact.start, fact.end, len(text))
        spans.setdefault(bounds, []).append((fact.start, fact.end))
        sections.setdefault(bounds, fact.section)
    return tuple(
        Passage(
            text=text[start:end], start=start, end=end, section=sections[start, end], highlights=tuple(Span(*span) for span in sorted(set(spans[start, end])))
        )
        for start, end in sorted(spans)[:_PASSAGES]
    )


def _digest(question: Question) -> str:
    """Names what is asked, whatever the page and what is shown of it."""
    told = question.model_dump_json(exclude={"cursor", "size", "explain", "evidence"})
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _write_cursor(key: Key, digest: str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode((digest, key))).decode("ascii").rstrip("=")


def _read_cursor(cursor: str | None, digest: str) -> Key | None:
    if not cursor:
        return None
    try:
        name, key = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=tuple[str, Key])
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        name, key = "", ("", 0, "")
    if name != digest:
        raise Invalid("This cursor does not belong to this question.", cure="Give back the cursor of the page before with the same question, or none to start.")
    return key
