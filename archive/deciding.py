"""What people decide, as the archive takes it in: the part of ``archive.store.Archive`` that keeps reviews and applies them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, update

from archive import history, reviewing, schema
from archive.history import Running
from archive.model import Trace
from archive.reviews import Action, Effect, Order, Standing, State
from fazhi.errors import NotFound

_documents = schema.documents


class Deciding:
    """Needs the rest of ``Archive``: its transactions, its outbox and its snapshot."""

    _engine: Engine

    def _write(self, *, guarded: bool = True) -> Any:
        raise NotImplementedError

    def _announce(self, connection: Connection, reports: Collection[str]) -> None:
        raise NotImplementedError

    def _move_snapshot(self, connection: Connection, *, gone: Iterable[Row[Any]], come: Iterable[Mapping[str, Any]]) -> None:
        raise NotImplementedError

    def _step(self, connection: Connection) -> None:
        raise NotImplementedError

    def review(self, orders: Sequence[Order]) -> list[Standing]:
        """Take decisions of people, all or none: they are kept, applied, and announced to the projections in one transaction.

        Raises NotFound for a fact, node or report that is not here, Invalid for what makes no sense, Contradiction for what goes against an earlier decision.
        """
        from archive import ordering  # it brings the register of places along, which nobody else who opens an archive needs

        moment = datetime.now(UTC).isoformat(timespec="seconds")
        run = Running("review", moment)
        with self._write() as connection:
            traces: dict[str, Trace] = {}
            ids = []
            for order in orders:
                review = ordering.make_review(connection, order, moment)
                ids.append(reviewing.add(connection, review))
                named = [review.report] if review.report else [part.report for part in review.reports]
                traces.update(self._redecide(connection, reviewing.iter_held(connection, reports=named or None, speaking_of=review.node)))
                (standing,) = reviewing.list_standings(connection, ids=ids[-1:])
                if standing.lost or not standing.reports:
                    reason = standing.lost[0].reason if standing.lost else "it changes nothing"
                    raise NotFound(f"This can't be decided: {reason}.", cure="`fazhi review list` shows what was decided before; look at the present state.")
            number = self._note_decisions(connection, run, traces, moment)
            reviewing.put_down(connection, ids, number)
            standings = reviewing.list_standings(connection, ids=ids)
        return sorted(standings, key=lambda standing: standing.review.id)

    def undo_reviews(self, ids: Sequence[int], *, user: str) -> list[Standing]:
        """Take decisions back, all or none; they stay listed. Raises NotFound, Contradiction for one that is undone already."""
        from archive import ordering

        moment = datetime.now(UTC).isoformat(timespec="seconds")
        run = Running("undo", moment)
        with self._write() as connection:
            traces: dict[str, Trace] = {}
            for id in ids:
                ordering.check_undo(reviewing.find(connection, id), id, user)
                reports = reviewing.concerned(connection, id)
                reviewing.undo(connection, id, user=user.strip(), moment=moment)
                traces.update(self._redecide(connection, reviewing.iter_held(connection, reports=reports)))
            reviewing.undone_in(connection, ids, self._note_decisions(connection, run, traces, moment))
            standings = reviewing.list_standings(connection, ids=ids)
        return sorted(standings, key=lambda standing: standing.review.id)

    def reviews(
        self,
        *,
        ids: Sequence[int] | None = None,
        action: Action | None = None,
        report: str | None = None,
        state: State | None = None,
        undone: bool = True,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Standing]:
        """What people decided and how it stands, newest first; ``before`` a number goes on where a page ended. ``undone`` False leaves undone ones out."""
        with self._engine.connect() as connection:
            return reviewing.list_standings(connection, ids=ids, action=action, report=report, state=state, undone=undone, before=before, limit=limit)

    def standing(self, review: int) -> Standing:
        """Raises NotFound."""
        found = self.reviews(ids=[review])
        if not found:
            raise NotFound(f"There is no review {review}.", cure="`fazhi review list --all` shows them, GET /api/reviews too.")
        return found[0]

    def lost_reviews(self) -> set[int]:
        """Numbers of the reviews that hold and apply nowhere now."""
        with self._engine.connect() as connection:
            return reviewing.lost(connection)

    def _apply_reviews(self, connection: Connection, rows: Mapping[str, dict[str, Any]], kept: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        """Let the rows of documents that are about to be written say what reviews make of them."""
        desk = reviewing.Desk(connection)
        on_facts = desk.on_facts(rows.keys())
        if not desk.on_nodes and not on_facts:
            return
        effects: dict[str, tuple[Effect, ...]] = {}
        for report, row in rows.items():
            version = kept[report, row["version"]]
            decided = desk.decide(report, version["analysis"], on_facts.get(report, ()), version["text"])
            row.update(reviewed=decided.reviewed, **reviewing.frame_columns(decided.frame))
            effects[report] = decided.effects
        reviewing.keep_effects(connection, effects)

    def _redecide(self, connection: Connection, pages: Iterable[Sequence[Row[Any]]]) -> dict[str, Trace]:
        """Apply the reviews that hold now to stored documents; returns what changed."""
        desk = reviewing.Desk(connection)
        traces: dict[str, Trace] = {}
        for page in pages:
            on_facts = desk.on_facts([row.report for row in page])
            decided = {row.report: desk.decide(row.report, bytes(row.analysis), on_facts.get(row.report, ()), bytes(row.text)) for row in page}
            reviewing.keep_effects(connection, {report: found.effects for report, found in decided.items()})
            changed = [row for row in page if decided[row.report].reviewed != row.reviewed]
            for row in changed:
                found = decided[row.report]
                values = {"reviewed": found.reviewed, **reviewing.frame_columns(found.frame)}
                connection.execute(update(_documents).where(_documents.c.report == row.report).values(**values))
                traces[row.report] = Trace(
                    report=row.report, key=row.key, outcome="reviewed", version=row.version, fingerprint=row.fingerprint, reviewed=found.reviewed
                )
            if changed:
                come = [{**row._mapping, "reviewed": decided[row.report].reviewed} for row in changed]
                self._move_snapshot(connection, gone=changed, come=come)
                self._announce(connection, [row.report for row in changed if row.duplicate_of is None])
        return traces

    def _note_decisions(self, connection: Connection, run: Running, traces: Mapping[str, Trace], moment: str) -> int:
        """The number of the run that they are put down to: the latest one where no report changed."""
        if not traces:
            self._step(connection)
            return reviewing.latest_run(connection)
        run.id, run.counts = history.note(connection, run, list(traces.values()), moment)
        connection.execute(update(schema.runs).where(schema.runs.c.id == run.id).values(complete=True))
        return run.id
