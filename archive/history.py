"""What each run changed, and the analyses that newer ones replaced. Functions over a transaction of the archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from archive import schema
from archive.model import Run, Trace

_runs, _traces, _past, _versions = schema.runs, schema.run_reports, schema.past_analyses, schema.versions


class Running:
    """One run while it works. It has an ``id`` from the first commit on that changes something; one that changes nothing leaves no trace."""

    def __init__(self, kind: str, started: str, *, pipeline: str = "", vocabulary: str = "") -> None:
        self.kind = kind
        self.started = started
        self.pipeline = pipeline
        self.vocabulary = vocabulary
        self.id: int | None = None
        self.counts: Counter[str] = Counter()


def note(connection: Connection, running: Running, traces: Sequence[Trace], moment: str) -> tuple[int, Counter[str]]:
    """Put changes down to a run, in their own transaction. Returns the run's id and counts: ``running`` takes them over once that is committed."""
    counts = running.counts + Counter(trace.outcome for trace in traces)
    if running.id is None:
        values = {"started": running.started, "finished": moment, "counts": dict(counts), "kind": running.kind, "complete": False}
        values |= {"pipeline": running.pipeline, "vocabulary": running.vocabulary}
        id = connection.execute(insert(_runs).values(**values)).inserted_primary_key[0]  # type: ignore[index]
    else:
        id = running.id
        connection.execute(update(_runs).where(_runs.c.id == id).values(finished=moment, counts=dict(counts)))
    statement = _insert(connection)(_traces)
    replaced = {name: statement.excluded[name] for name in ("outcome", "version", "fingerprint", "reviewed")}
    rows = [{"run": id, **{name: getattr(trace, name) for name in Trace.__struct_fields__}} for trace in traces]
    connection.execute(statement.on_conflict_do_update(index_elements=["run", "report"], set_=replaced), rows)
    return int(id), counts


def keep_past(connection: Connection, replaced: Iterable[tuple[str, str]]) -> None:
    """Set aside the analyses of these (report, version) pairs, which are about to be replaced."""
    for report, version in replaced:
        former = select(_versions.c.report, _versions.c.fingerprint, _versions.c.version, _versions.c.analysis).where(
            _versions.c.report == report, _versions.c.version == version
        )
        statement = _insert(connection)(_past).from_select(["report", "fingerprint", "version", "analysis"], former)
        connection.execute(statement.on_conflict_do_nothing())


def read_packed(connection: Connection, report: str, fingerprint: str) -> bytes | None:
    """The packed analysis of a report in one of its states, however old; None where it was forgotten."""
    for table in (_versions, _past):
        found = connection.scalar(select(table.c.analysis).where(table.c.report == report, table.c.fingerprint == fingerprint))
        if found is not None:
            return bytes(found)
    return None


def list_runs(connection: Connection, limit: int) -> list[Run]:
    return [Run(**row._mapping) for row in connection.execute(select(_runs).order_by(_runs.c.id.desc()).limit(limit))]


def find_run(connection: Connection, id: int) -> Run | None:
    row = connection.execute(select(_runs).where(_runs.c.id == id)).first()
    return Run(**row._mapping) if row else None


def list_touched(connection: Connection, after: int, upto: int) -> list[tuple[str, str]]:
    """(key, report) of everything that runs after one and up to another changed, by key."""
    rows = connection.execute(
        select(_traces.c.key, _traces.c.report).where(_traces.c.run > after, _traces.c.run <= upto).distinct().order_by(_traces.c.key, _traces.c.report)
    )
    return [(row.key, row.report) for row in rows]


def read_traces(connection: Connection, reports: Sequence[str], run: int) -> Mapping[str, Trace]:
    """What the latest run up to ``run`` left of each of these reports."""
    latest = (
        select(_traces.c.report, func.max(_traces.c.run).label("run")).where(_traces.c.run <= run, _traces.c.report.in_(reports)).group_by(_traces.c.report)
    ).subquery()
    query = select(_traces).join(latest, and_(_traces.c.report == latest.c.report, _traces.c.run == latest.c.run))
    return {
        row.report: Trace(report=row.report, key=row.key, outcome=row.outcome, version=row.version, fingerprint=row.fingerprint, reviewed=row.reviewed)
        for row in connection.execute(query)
    }


def is_stale(pipeline: str, vocabulary: str) -> Any:
    """Condition: the document was read with other rules or words than these."""
    return or_(schema.documents.c.pipeline != pipeline, schema.documents.c.vocabulary != vocabulary)


def _insert(connection: Connection) -> Any:
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert
