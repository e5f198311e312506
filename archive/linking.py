"""Who has words of whom, as a comparison of all texts found it: the part of ``archive.store.Archive`` that keeps it for the graph.

A link holds as long as both its reports are there, are counted and stand as they were compared. So nothing has to be taken back where one of them is replaced,
is reviewed or becomes a duplicate: the graph is told of that report anyway, and where the report comes to stand as before, the link holds again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, insert, or_, select

from archive import reviewing, schema
from archive.model import KeptLinks, Link
from archive.slicing import iter_spans

QUEUE = "links"
"""In the outbox beside the projections' names: reports whose links to earlier ones the graph has to be given anew."""

FORGOTTEN = "forgotten"
"""In place of the snapshot that was compared: some of what was found then is gone, and would not be back if the collection became the same again."""

_links, _documents, _outbox = schema.links, schema.documents, schema.outbox
_SPAN = 400  # reports in a statement that names them at either end


class Linking:
    """Needs the rest of ``Archive``: its transactions and its state."""

    _engine: Engine

    def _write(self, *, guarded: bool = True) -> Any:
        raise NotImplementedError

    def _step(self, connection: Connection) -> None:
        raise NotImplementedError

    @staticmethod
    def _get(connection: Connection, name: str, default: str) -> str:
        raise NotImplementedError

    @staticmethod
    def _set(connection: Connection, **values: str) -> None:
        raise NotImplementedError

    def keep_links(self, links: Iterable[Link], *, snapshot: str) -> int:
        """Put these in the place of all that are kept, in one transaction with what the graph has to take over; ``snapshot`` names what was compared.

        Returns how many reports have other links than before. Where none has, and it was the same state that was compared, nothing is written.
        """
        found = {(link.report, link.source): link for link in links}
        with self._write() as connection:
            known = _read_all(connection)
            gone = known.keys() - found.keys()
            come = [link for ends, link in found.items() if known.get(ends) != link]
            if not gone and not come and self._get(connection, "links", "") == snapshot:
                connection.rollback()
                return 0
            changed = {report for report, _ in gone} | {link.report for link in come}
            replaced = [ends for ends in found.keys() & known.keys() if known[ends] != found[ends]]
            if lost := [{"one": report, "other": source} for report, source in sorted([*gone, *replaced])]:
                connection.execute(delete(_links).where(_links.c.report == bindparam("one"), _links.c.source == bindparam("other")), lost)
            if come:
                connection.execute(insert(_links), [msgspec.structs.asdict(link) for link in come])
            self._queue(connection, changed)
            self._set(connection, links=snapshot)
            self._step(connection)
        return len(changed)

    def has_links(self, links: Iterable[Link], *, snapshot: str) -> bool:
        """Whether these, of this state of the collection, are what is kept, and the graph has taken all of it over."""
        with self._engine.connect() as connection:
            if self._get(connection, "links", "") != snapshot or connection.execute(select(_outbox).where(_outbox.c.projection == QUEUE).limit(1)).first():
                return False
            return _read_all(connection) == {(link.report, link.source): link for link in links}

    def links_about(self, reports: Collection[str]) -> dict[str, tuple[Link, ...]]:
        """The links that hold now and have one of these reports at either end, by that report."""
        with self._engine.connect() as connection:
            return read_links(connection, reports)

    def pending_links(self, limit: int) -> dict[str, tuple[int, tuple[Link, ...]]]:
        """Reports whose links the graph has to be given anew, longest waiting first: their place in the queue, and the links from them that hold now."""
        query = select(_outbox.c.report, _outbox.c.sequence).where(_outbox.c.projection == QUEUE).order_by(_outbox.c.sequence).limit(limit)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
            links = read_links(connection, [row.report for row in rows])
        return {row.report: (row.sequence, tuple(link for link in links.get(row.report, ()) if link.report == row.report)) for row in rows}

    def count_links(self) -> KeptLinks:
        """How many links are kept, and of which state of the collection."""
        with self._engine.connect() as connection:
            return count_links(connection, self._get(connection, "links", ""))

    def _queue(self, connection: Connection, reports: Collection[str]) -> None:
        sequence = int(self._get(connection, "sequence", "0"))
        for chosen in iter_spans(reports):
            connection.execute(delete(_outbox).where(_outbox.c.projection == QUEUE, _outbox.c.report.in_(chosen)))
        rows = [{"projection": QUEUE, "report": report, "sequence": sequence + step} for step, report in enumerate(sorted(reports), 1)]
        if rows:
            connection.execute(insert(_outbox), rows)
            self._set(connection, sequence=str(sequence + len(rows)))


def count_links(connection: Connection, snapshot: str) -> KeptLinks:
    return KeptLinks(links=int(connection.scalar(select(func.count()).select_from(_links)) or 0), snapshot=snapshot or None)


def forget_links(connection: Connection, report: str) -> bool:
    """All that a report has an end of: it is deleted. Its edges go with its node. Returns whether there were any."""
    return bool(connection.execute(delete(_links).where(or_(_links.c.report == report, _links.c.source == report))).rowcount)


def read_links(connection: Connection, reports: Collection[str]) -> dict[str, tuple[Link, ...]]:
    """See ``Linking.links_about``."""
    found: dict[tuple[str, str], Link] = {}
    for chosen in iter_spans(reports, _SPAN):
        for row in connection.execute(select(_links).where(or_(_links.c.report.in_(chosen), _links.c.source.in_(chosen)))):
            found[row.report, row.source] = _link(row)
    marks = _read_marks(connection, {end for ends in found for end in ends})
    asked = set(reports)
    held: dict[str, list[Link]] = {}
    for (report, source), link in sorted(found.items()):
        if (marks.get(report), marks.get(source)) == (link.report_mark, link.source_mark):
            for end in {report, source} & asked:
                held.setdefault(end, []).append(link)
    return {report: tuple(links) for report, links in held.items()}


def _read_marks(connection: Connection, reports: Collection[str]) -> dict[str, str]:
    """Fingerprints of those that are counted, as projections know them."""
    columns = select(_documents.c.report, _documents.c.fingerprint, _documents.c.reviewed).where(_documents.c.duplicate_of.is_(None))
    rows = (row for chosen in iter_spans(reports) for row in connection.execute(columns.where(_documents.c.report.in_(chosen))))
    return {row.report: reviewing.mark(row.fingerprint, row.reviewed) for row in rows}


def _read_all(connection: Connection) -> Mapping[tuple[str, str], Link]:
    return {(row.report, row.source): _link(row) for row in connection.execute(select(_links))}


def _link(row: Row[Any]) -> Link:
    return Link(**row._mapping)
