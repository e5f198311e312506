"""Saved questions: what they may ask, and what has changed since each was last told.

A check compares what graph and index hold now with what a watch knows (``archive.watching``): whatever it does not know is told once. So a check that was
missed, cut off or made twice changes nothing: the next one finds the same. What is there when a watch begins is known from the start and never told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from archive.watches import Alert, Watch, mark_of
from fazhi.errors import Conflict, FazhiError, Invalid, NotFound
from fazhi.sentences import find_sentence

if TYPE_CHECKING:
    from archive.model import Projectable
    from fazhi.measuring.model import Cell
    from fazhi.workspace import Workspace

log = logging.getLogger("fazhi.watches")

Doing = Literal["done", "ongoing", "planned", "exhorted"]
Level = Literal["province", "prefecture", "county", "township"]
_PAGE = 200
_MOST = 500  # alerts that one check of one watch makes; a wider question is told so


class SearchWatch(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="search", omit_defaults=True):
    """A report that matches and did not before. Filters as of a search."""

    q: str | None = None
    place: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    level: str | None = None
    program: str | None = None
    section: str | None = None
    modality: str | None = None


class AdoptionWatch(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="adoption", omit_defaults=True):
    """A place of which a report says that it takes a program up. A plan is told only where ``modality`` names planned, and as a plan."""

    program: str
    place: str | None = None
    modality: tuple[Doing, ...] = ("done", "ongoing")


class NumberWatch(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="number", omit_defaults=True):
    """A number that is lower (or higher) than the one that the same place stated for an earlier year, whatever "over 30" may mean."""

    indicator: str
    direction: Literal["fell", "rose"] = "fell"
    place: str | None = None
    level: Level = "township"


Question: TypeAlias = SearchWatch | AdoptionWatch | NumberWatch


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a watch may not know. ``name`` tells it from all others; ``describe`` reads its evidence, None where that is gone again."""

    name: str
    describe: Callable[[], dict[str, Any] | None]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a check brought."""

    checked: int = 0
    alerts: tuple[Alert, ...] = ()
    problems: dict[int, str] = {}


def read_question(told: Mapping[str, Any]) -> Question:
    """Raises Invalid."""
    try:
        question: Question = msgspec.convert(dict(told), Question)
    except msgspec.ValidationError as error:
        raise Invalid(f"The question can't be understood: {error}.", cure="See POST /api/watches for what each kind takes.") from None
    return question


def save(workspace: Workspace, name: str, question: Question, *, webhook: str | None = None, by: str) -> Watch:
    """Save a question and note what there is already. Raises what the question itself raises, Invalid for a webhook that is not allowed."""
    from fazhi import webhooks

    if webhook is not None:
        webhooks.check_allowed(webhook, workspace.settings)
    question = _resolve(workspace, question)
    next(iter(iter_changes(workspace, question)), None)  # what can't be asked is refused before it is kept
    watch = workspace.archive.add_watch(name, msgspec.to_builtins(question), webhook=webhook, by=by)
    check(workspace, [watch])
    return workspace.archive.watch(watch.id)


def check(workspace: Workspace, watches: list[Watch] | None = None) -> Told:
    """Compare every watch with the present state, where it was not already. Projections that are behind are left for whoever brings them up to date."""
    archive = workspace.archive
    snapshot = archive.snapshot()
    waiting = [watch for watch in (archive.watches() if watches is None else watches) if watch.checked != snapshot]
    if not waiting or any(archive.statistics().pending.values()):
        return Told()
    alerts: list[Alert] = []
    problems: dict[int, str] = {}
    for watch in waiting:
        try:
            alerts += _check_one(workspace, watch, snapshot)
        except Conflict:
            break  # the collection moves; whoever moves it checks when done
        except FazhiError as error:
            problems[watch.id] = str(error)
            archive.fail_check(watch.id, str(error))
    return Told(checked=len(waiting) - len(problems), alerts=tuple(alerts), problems=problems)


def check_quietly(workspace: Workspace) -> Told:
    """The same beside other work, which must not fail for it."""
    try:
        return check(workspace)
    except FazhiError as error:
        log.warning("saved questions were not checked: %s", error)
    except Exception as error:
        log.error("saved questions were not checked", exc_info=error)
    return Told()


def _check_one(workspace: Workspace, watch: Watch, snapshot: str) -> list[Alert]:
    archive = workspace.archive
    changes = {mark_of(change.name): change for change in iter_changes(workspace, read_question(watch.question))}
    if archive.snapshot() != snapshot:
        raise Conflict("Reports were taken in or removed while it was checked.")
    if watch.checked is None:
        archive.begin_watch(watch.id, changes, snapshot)
        return []
    unknown = archive.unknown_marks(watch.id, changes)
    chosen = [mark for mark in changes if mark in unknown][:_MOST]
    found = {mark: content for mark in chosen if (content := changes[mark].describe()) is not None}
    return archive.note_check(watch.id, found, snapshot, complete=len(unknown) <= _MOST)


def iter_changes(workspace: Workspace, question: Question) -> Iterator[Change]:
    """All that a question finds now."""
    match question:
        case SearchWatch():
            return _iter_reports(workspace, question)
        case AdoptionWatch():
            return _iter_adoptions(workspace, question)
        case NumberWatch():
            return _iter_moves(workspace, question)


def _resolve(workspace: Workspace, question: Question) -> Question:
    """A place given by its name as its id. Raises NotFound, Invalid where several have the name."""
    if question.place is None or question.place.startswith("cn:"):
        return question
    ids = sorted({document.place for document in workspace.archive.documents() if document.place_name == question.place and document.place})
    if len(ids) != 1:
        told = f"{len(ids)} places here are called {question.place}." if ids else f"No place with reports here is called {question.place}."
        raise (Invalid if ids else NotFound)(told, cure="Give its graph id, such as cn:350524/参内镇.")
    return msgspec.structs.replace(question, place=ids[0])


# -- a new report matches ------------------------------------------------------------------------------------------------------------------------------------


def _iter_reports(workspace: Workspace, asked: SearchWatch) -> Iterator[Change]:
    from fulltext.highlight import find_passages
    from fulltext.question import read
    from fulltext.sentences import build_view
    from fulltext.store import Filters

    query, _ = read(asked.q, whole=False)
    filters = Filters(**{name: getattr(asked, name) for name in ("place", "from_year", "to_year", "level", "program", "section", "modality")})

    def describe(report: str) -> dict[str, Any] | None:
        item = _find(workspace, report)
        if item is None:
            return None
        passages = find_passages(build_view(item.text, item.analysis), query, filters, limit=1)
        span = (passages[0].start, passages[0].end) if passages else find_sentence(item.analysis, 0, 0, len(item.text))
        document = item.document
        name = document.place_name or document.title or document.key
        year = document.year
        return _content(
            item,
            [("", item, span)],
            zh=f"新收入的一份报告符合检索：{name}（{_year_zh(year)}）。",
            en=f"A report that is new in this collection matches: {name} ({_year_en(year)}).",
        )

    cursor: str | None = None
    while True:
        result = workspace.text.search(query, filters, sort="place", size=_PAGE, cursor=cursor)
        for hit in result.hits:
            yield Change(name=f"report {hit.report}", describe=lambda report=hit.report: describe(report))  # type: ignore[misc]
        if len(result.hits) < _PAGE:
            return
        cursor = result.hits[-1].cursor


# -- a place takes a program up ------------------------------------------------------------------------------------------------------------------------------

_DOES = {
    "done": ("已做", "done"),
    "ongoing": ("正在做", "ongoing"),
    "planned": ("只是计划，不等于已做", "planned, which is not done"),
    "exhorted": ("只是要求，不等于已做", "called for, which is not done"),
}


def _iter_adoptions(workspace: Workspace, asked: AdoptionWatch) -> Iterator[Change]:
    from graph import queries

    def describe(row: queries.Adoption) -> dict[str, Any] | None:
        item = _find(workspace, row.report)
        if item is None:
            return None
        span = _span_of(item, row.facts)
        zh, en = _DOES.get(row.modality, (row.modality, row.modality))
        return _content(
            item,
            [("", item, span)] if span else [],
            zh=f"{row.name}：在本库中首次见到“{row.program_name}”（{_year_zh(row.year)}的报告，{zh}）。首次见到不等于起源。",
            en=f"{row.name}: {row.program_name} first seen in this collection (report of {_year_en(row.year)}, {en}). First seen is not the origin.",
            place=row.place,
            place_name=row.name,
            year=row.year,
            program=row.program,
            modality=row.modality,
        )

    cursor: str | None = None
    seen: set[str] = set()
    while True:
        try:
            page = queries.list_adopters(workspace.graph, asked.program, place=asked.place, cursor=cursor, size=_PAGE)
        except NotFound:  # no report names it yet
            return
        for row in page.rows:
            does = "does" if row.modality in ("done", "ongoing") else row.modality
            name = f"{does} {row.place}"
            if row.modality in asked.modality and name not in seen:
                seen.add(name)
                yield Change(name=name, describe=lambda row=row: describe(row))  # type: ignore[misc]
        cursor = page.cursor
        if cursor is None:
            return


# -- a number fell or rose -----------------------------------------------------------------------------------------------------------------------------------


def _iter_moves(workspace: Workspace, asked: NumberWatch) -> Iterator[Change]:
    from fazhi.measuring.model import Question as Panel
    from fazhi.measuring.panel import iter_cells

    before: Cell | None = None
    try:
        for cell in iter_cells(workspace, Panel(indicators=(asked.indicator,), place=asked.place, level=asked.level), sentences=False):
            if cell.state != "stated" or cell.chosen is None:
                continue  # statements that differ are decided by nobody here
            if before is not None and _same_series(before, cell) and _moved(before, cell, asked.direction):
                name = f"{asked.direction} {cell.place.id} {cell.indicator} {cell.family} {before.year}:{before.value} {cell.year}:{cell.value}"
                yield Change(name=name, describe=lambda former=before, cell=cell: _describe_move(workspace, former, cell, asked.direction))  # type: ignore[misc]
            before = cell
    except NotFound:  # no report states it yet
        return


def _same_series(former: Cell, cell: Cell) -> bool:
    same = (former.place.id, former.indicator, former.family) == (cell.place.id, cell.indicator, cell.family)
    return same and former.year < cell.year


def _moved(former: Cell, cell: Cell, direction: str) -> bool:
    """Whether it did under every reading of "more than 30" and "about 50"."""
    if direction == "fell":
        return cell.high is not None and former.low is not None and cell.high < former.low
    return cell.low is not None and former.high is not None and cell.low > former.high


def _describe_move(workspace: Workspace, former: Cell, cell: Cell, direction: str) -> dict[str, Any] | None:
    if cell.chosen is None or former.chosen is None:
        return None
    item, earlier = _find(workspace, cell.chosen.measure.report), _find(workspace, former.chosen.measure.report)
    if item is None or earlier is None:
        return None
    evidence = [
        (str(which.year), whose, span)
        for which, whose in ((cell, item), (former, earlier))
        if which.chosen is not None and (span := _span_of(whose, (which.chosen.measure.fact,))) is not None
    ]
    unit, before, now = cell.unit or "", _plain(former.value), _plain(cell.value)
    fell = direction == "fell"
    return _content(
        item,
        evidence,
        zh=f"{cell.place.name}：{cell.indicator_name}{'下降' if fell else '上升'}，{former.year}年 {before}{unit}，{cell.year}年 {now}{unit}（按报告所写）。",
        en=f"{cell.place.name}: {cell.indicator_name} {'fell' if fell else 'rose'} from {before}{unit} ({former.year}) to {now}{unit} ({cell.year}), "
        "as reports say.",
        place=cell.place.id,
        place_name=cell.place.name,
        year=cell.year,
        indicator=cell.indicator,
        unit=cell.unit,
        value=cell.value,
        approx=cell.approx,
        former_year=former.year,
        former_value=former.value,
        former_approx=former.approx,
    )


# -- evidence ------------------------------------------------------------------------------------------------------------------------------------------------


def _find(workspace: Workspace, report: str) -> Projectable | None:
    try:
        return workspace.archive.projectable(report)
    except NotFound:
        return None


def _span_of(item: Projectable, facts: tuple[str, ...]) -> tuple[int, int] | None:
    """The sentence in which the first of these facts stands."""
    for fact in item.analysis.facts:
        if fact.id in facts:
            return find_sentence(item.analysis, fact.start, fact.end, len(item.text))
    return None


def _content(item: Projectable, evidence: list[tuple[str, Projectable, tuple[int, int]]], *, zh: str, en: str, **more: Any) -> dict[str, Any]:
    """What an alert keeps. ``evidence``: (which, report, (start, end)); its text is a slice of the report's original."""
    document = item.document
    sentences = [
        {
            "which": which,
            "report": whose.document.report,
            "title": whose.document.title or whose.document.key,
            "text": _keepable(whose.text[start:end]),
            "start": start,
            "end": end,
        }
        for which, whose, (start, end) in evidence
    ]
    about = {"report": document.report, "key": document.key, "place": document.place, "place_name": document.place_name, "year": document.year}
    return {
        **about,
        **{name: value for name, value in more.items() if value is not None},
        "text_zh": _keepable(zh),
        "text_en": _keepable(en),
        "evidence": sentences,
    }


def _keepable(text: str) -> str:
    """Half a surrogate pair, which a damaged original may hold, can't be stored."""
    return text.encode("utf-8", "replace").decode()


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def _year_zh(year: int | None) -> str:
    return f"{year}年" if year else "年份不明"


def _year_en(year: int | None) -> str:
    return str(year) if year else "unknown year"
