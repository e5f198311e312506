"""Reviews in the archive's tables: keep them, apply them to what is stored, tell how they stand. Functions over a transaction of the archive."""

from __future__ import annotations

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, exists, func, insert, or_, select, update

from archive import schema
from archive.applying import apply_reviews
from archive.packing import unpack, unpack_frame
from archive.reviews import Action, Effect, Lost, Review, Standing, State
from archive.slicing import iter_spans
from ingest.model import Analysis, Frame

_reviews, _effects, _documents, _versions = schema.reviews, schema.review_effects, schema.documents, schema.versions
_REPORTS = 200  # in memory at a time


class Decided(NamedTuple):
    """What reviews make of one report: a digest of those that apply ("" where none does), its frame, and what came of each."""

    reviewed: str
    frame: Frame
    effects: tuple[Effect, ...]


def mark(fingerprint: str, reviewed: str) -> str:
    """A document's fingerprint as projections know it: it changes when its reviews do. The fingerprint itself where none applies."""
    if not reviewed:
        return fingerprint
    return hashlib.blake2b(f"{fingerprint}\x1f{reviewed}".encode(), digest_size=16).hexdigest()


def frame_columns(frame: Frame) -> dict[str, Any]:
    """Columns of a document that reviews can change."""
    return {"place": frame.place, "place_name": frame.place_name, "level": frame.level, "path": list(frame.path)}


class Desk:
    """The reviews that hold, at hand for one transaction; those of reports are read as they are asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.on_nodes = _load(connection, _reviews.c.report.is_(None), _reviews.c.undone.is_(None))
        self._needles = [(review, _needle(review.node or "")) for review in self.on_nodes]

    def on_facts(self, reports: Collection[str]) -> dict[str, list[Review]]:
        found: defaultdict[str, list[Review]] = defaultdict(list)
        for chosen in iter_spans(reports):
            for review in _load(self._connection, _reviews.c.report.in_(chosen), _reviews.c.undone.is_(None)):
                found[review.report or ""].append(review)
        return found

    def decide(self, report: str, packed: bytes, on_facts: Sequence[Review], text: bytes | str) -> Decided:
        """``packed``: the analysis as the rules made it; ``text``: the decoded original, or as it is stored."""
        if not on_facts and not self._concern(report, packed):
            return Decided("", unpack_frame(packed).frame, ())
        reviews = sorted([*self.on_nodes, *on_facts], key=lambda review: review.id)
        applied = apply_reviews(unpack(packed), reviews, open_text(text) if on_facts else "")
        return Decided(_digest(reviews, applied.effects), applied.analysis.frame, applied.effects)

    def _concern(self, report: str, packed: bytes) -> bool:
        """Whether a review of nodes may be about the report: what the rules made must name one of them, for nothing else brings a node in."""
        if not self._needles:
            return False
        raw = zlib.decompress(packed)
        return any(needle in raw or any(part.report == report for part in review.reports) for review, needle in self._needles)


def open_text(text: bytes | str) -> str:
    return text if isinstance(text, str) else zlib.decompress(text).decode("utf-8", "surrogatepass")


def _needle(node: str) -> bytes:
    """A node's id as it stands inside a stored analysis."""
    return msgspec.json.encode(node)[1:-1]


def _digest(reviews: Iterable[Review], effects: Iterable[Effect]) -> str:
    """By what the reviews do, not by who made them when: the same decisions made anew give the same state."""
    facts = {effect.review: effect.fact for effect in effects if effect.applied}
    told = [(review.action, facts[review.id], review.node, review.target, review.name, review.end, review.nodes) for review in reviews if review.id in facts]
    return hashlib.blake2b(msgspec.json.encode(told, order="deterministic"), digest_size=16).hexdigest() if told else ""


# -- reading ---------------------------------------------------------------------------------------------------------------------------------------


def _load(connection: Connection, *conditions: Any) -> list[Review]:
    return [_review(row) for row in connection.execute(select(_reviews).where(*conditions).order_by(_reviews.c.id))]


def _review(row: Row[Any]) -> Review:
    told = row._mapping
    return msgspec.convert(
        {
            **{name: told[name] for name in ("id", "action", "created", "note", "report", "key", "anchor", "node", "target", "name", "undone", "undone_by")},
            "user": told["author"],
            "end": told["side"],
            "reports": told["reports"],
            "nodes": told["nodes"],
        },
        Review,
    )


def find(connection: Connection, id: int) -> Review | None:
    found = _load(connection, _reviews.c.id == id)
    return found[0] if found else None


def active(connection: Connection) -> list[Review]:
    return _load(connection, _reviews.c.undone.is_(None))


def applied_to(connection: Connection, reports: Collection[str]) -> dict[str, list[Review]]:
    """The reviews that apply to each of these reports, in their order."""
    found: defaultdict[str, list[Review]] = defaultdict(list)
    for chosen in iter_spans(reports):
        pairs = connection.execute(select(_effects.c.report, _effects.c.review).where(_effects.c.report.in_(chosen), _effects.c.applied)).all()
        known = {review.id: review for ids in iter_spans({pair.review for pair in pairs}) for review in _load(connection, _reviews.c.id.in_(ids))}
        for pair in sorted(pairs, key=lambda pair: pair.review):
            found[pair.report].append(known[pair.review])
    return found


def at_run(connection: Connection, report: str, run: int) -> list[Review]:
    """The reviews of this report and of nodes that held at the end of a run."""
    held = (_reviews.c.run <= run, or_(_reviews.c.undone_run.is_(None), _reviews.c.undone_run > run))
    found = _load(connection, *held, or_(_reviews.c.report.is_(None), _reviews.c.report == report))
    return [msgspec.structs.replace(review, undone=None) for review in found]


def reconsider(analysis: Analysis, reviews: Sequence[Review], text: bytes | str) -> Analysis:
    """The analysis as these reviews leave it."""
    return apply_reviews(analysis, reviews, open_text(text) if any(review.anchor for review in reviews) else "").analysis


def iter_held(connection: Connection, *, reports: Collection[str] | None = None, speaking_of: str | None = None) -> Iterator[list[Row[Any]]]:
    """Pages of documents with ``analysis`` and ``text`` of their current version, duplicates among them: these reports, or those that may speak of a node."""
    query = (
        select(_documents, _versions.c.analysis, _versions.c.text)
        .join(_versions, (_documents.c.report == _versions.c.report) & (_documents.c.version == _versions.c.version))
        .order_by(_documents.c.report)
    )
    if reports is not None:
        for chosen in iter_spans(reports, _REPORTS):
            yield list(connection.execute(query.where(_documents.c.report.in_(chosen))))
        return
    needle, after = _needle(speaking_of or ""), ""
    while page := connection.execute(query.where(_documents.c.report > after).limit(_REPORTS)).all():
        yield [row for row in page if row.reviewed or needle in zlib.decompress(row.analysis)]
        after = page[-1].report


def concerned(connection: Connection, review: int) -> list[str]:
    """Reports that a review is about."""
    return list(connection.scalars(select(_effects.c.report).where(_effects.c.review == review)))


# -- writing ---------------------------------------------------------------------------------------------------------------------------------------


def add(connection: Connection, review: Review) -> int:
    """Keep a review; returns its number, for ``review.id`` is not it yet. It is put down to a run by ``put_down``."""
    built = msgspec.to_builtins(review)
    values = {name: built[name] for name in ("action", "created", "note", "report", "key", "anchor", "node", "target", "name", "reports", "nodes")}
    id = int(connection.scalar(select(func.max(_reviews.c.id))) or 0) + 1  # not the database's own counting, which skips what was rolled back
    connection.execute(insert(_reviews).values(id=id, author=review.user, side=review.end, run=0, **values))
    return id


def put_down(connection: Connection, ids: Collection[int], run: int) -> None:
    connection.execute(update(_reviews).where(_reviews.c.id.in_(ids)).values(run=run))


def undo(connection: Connection, id: int, *, user: str, moment: str) -> None:
    connection.execute(update(_reviews).where(_reviews.c.id == id).values(undone=moment, undone_by=user, undone_run=latest_run(connection)))
    connection.execute(delete(_effects).where(_effects.c.review == id))


def undone_in(connection: Connection, ids: Collection[int], run: int) -> None:
    connection.execute(update(_reviews).where(_reviews.c.id.in_(ids)).values(undone_run=run))


def latest_run(connection: Connection) -> int:
    return int(connection.scalar(select(func.max(schema.runs.c.id))) or 0)


def keep_effects(connection: Connection, effects: Mapping[str, Sequence[Effect]]) -> None:
    """Put these effects in the place of all that the reports had."""
    forget_effects(connection, effects.keys())
    rows = [
        {"review": effect.review, "report": report, "applied": effect.applied, "fact": effect.fact, "reason": effect.reason}
        for report, found in effects.items()
        for effect in found
    ]
    if rows:
        connection.execute(insert(_effects), rows)


def forget_effects(connection: Connection, reports: Collection[str]) -> None:
    for chosen in iter_spans(reports):
        connection.execute(delete(_effects).where(_effects.c.report.in_(chosen)))


# -- how they stand --------------------------------------------------------------------------------------------------------------------------------


def list_standings(
    connection: Connection,
    *,
    ids: Collection[int] | None = None,
    action: Action | None = None,
    report: str | None = None,
    state: State | None = None,
    undone: bool = True,
    before: int | None = None,
    limit: int | None = None,
) -> list[Standing]:
    """Newest first; ``before`` a number goes on where a page ended. ``report``: those about this report. ``undone`` False leaves undone ones out."""
    query = select(_reviews).order_by(_reviews.c.id.desc())
    if ids is not None:
        query = query.where(_reviews.c.id.in_(list(ids)))
    if action is not None:
        query = query.where(_reviews.c.action == action)
    if report is not None:
        about = exists().where(_effects.c.review == _reviews.c.id, _effects.c.report == report)
        query = query.where(or_(_reviews.c.report == report, about))
    if state is not None:
        query = query.where(_is(state))
    elif not undone:
        query = query.where(_reviews.c.undone.is_(None))
    if before is not None:
        query = query.where(_reviews.c.id < before)
    found = [_review(row) for row in connection.execute(query if limit is None else query.limit(limit))]
    return _stand(connection, found)


def lost(connection: Connection) -> set[int]:
    """Numbers of the reviews that hold and apply nowhere."""
    return set(connection.scalars(select(_reviews.c.id).where(_is("lost"))))


def _is(state: State) -> Any:
    if state == "undone":
        return _reviews.c.undone.is_not(None)
    applied = exists().where(_effects.c.review == _reviews.c.id, _effects.c.applied)
    holds = _reviews.c.undone.is_(None)
    return holds & applied if state == "applies" else holds & ~applied


def _stand(connection: Connection, reviews: Sequence[Review]) -> list[Standing]:
    counts: defaultdict[int, int] = defaultdict(int)
    facts: dict[int, str | None] = {}
    missed: defaultdict[int, list[Lost]] = defaultdict(list)
    present: defaultdict[int, set[str]] = defaultdict(set)
    exact = {review.id for review in reviews if review.anchor is not None or review.action == "split"}
    for chosen in iter_spans([review.id for review in reviews]):
        counted = select(_effects.c.review, func.count().label("reports")).where(_effects.c.review.in_(chosen), _effects.c.applied).group_by(_effects.c.review)
        counts.update({row.review: int(row.reports) for row in connection.execute(counted)})
        told = select(_effects, _documents.c.key).join(_documents, _documents.c.report == _effects.c.report)
        for row in connection.execute(told.where(_effects.c.review.in_([id for id in chosen if id in exact])).order_by(_documents.c.key)):
            present[row.review].add(row.report)
            if row.applied:
                facts[row.review] = row.fact
            else:
                missed[row.review].append(Lost(reason=row.reason, report=row.report, key=row.key))
    standings = []
    for review in reviews:
        gone = tuple(_gone(review, present[review.id], counts[review.id])) if review.undone is None else ()
        state: State = "undone" if review.undone is not None else "applies" if counts[review.id] else "lost"
        standings.append(
            Standing(
                review=review, state=state, reports=counts[review.id], fact=facts.get(review.id), lost=(*missed[review.id], *gone) if not review.undone else ()
            )
        )
    return standings


def _gone(review: Review, present: Collection[str], count: int) -> Iterator[Lost]:
    """Reports that the review names and that are not here, or that none speaks of its node."""
    if review.report is not None:
        if review.report not in present:
            yield Lost(reason="the document is not here any more", report=review.report, key=review.key)
    elif review.action == "split":
        for part in review.reports:
            if part.report not in present:
                yield Lost(reason="the document is not here any more", report=part.report, key=part.key)
    elif not count:
        yield Lost(reason=f"no report speaks of {review.node}")
