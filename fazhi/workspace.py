"""The composition root: one data folder with its archive, graph and text index, for the command line, the server and notebooks.

>>> import fazhi
>>> with fazhi.open("data") as workspace:      # doctest: +SKIP
...     workspace.ingest(["reports/"])
...     for hit in workspace.search("法律八进").hits:
...         print(hit.place, hit.year, hit.passages[0].text)
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from archive.model import Projection
from archive.store import Archive
from fazhi import lease
from fazhi.answers import Answer, Check, CypherAnswer, Deletion, Progress, Rebuild, Repair, Status, Summary
from fazhi.errors import Conflict, NotFound, Unavailable
from fazhi.reviewed import use_overlay
from fazhi.settings import Settings, load_settings

if TYPE_CHECKING:
    from archive.reviews import Order, Standing
    from fulltext.store import Filters, Sort, TextStore
    from graph.store import GraphStore

Mode = Literal["write", "read"]
RESTORING = "restoring.json"  # in a data folder that is being filled from a backup: until it is complete, nobody must take it for whole


def open(home: Path | str | None = None, *, settings: Settings | None = None, mode: Mode = "write", create: bool | None = None) -> Workspace:
    """Open a data folder. ``home`` wins over ``settings``, which win over FAZHI_HOME and the platform's data folder.

    A workspace in mode ``read`` refuses to change anything. The writer's lease is taken by each changing method for as long as it works, so a writing workspace
    may stay open beside others. ``create`` (by default: when writing) makes a folder that is not there yet; otherwise raises NotFound.
    """
    settings = settings or load_settings(home=home)
    if home is not None:
        settings = settings.model_copy(update={"home": load_settings(home=home).home})
    if create is None:
        create = mode == "write"
    if not create and not settings.archive and not (settings.home / "archive.db").exists():
        raise NotFound(f"There is no data in {settings.home}.", cure="Take reports in with `fazhi ingest PATH`, or name the data folder with --home.")
    if (settings.home / RESTORING).exists():
        raise Unavailable(
            f"A restore into {settings.home} is not finished.",
            cure="Wait until it is; where it was cut off, run `fazhi restore` with the same file again.",
        )
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {settings.home} can't be made: {error.strerror}.", cure="Choose another folder with --home.") from None
    return Workspace(settings, mode)


class Workspace:
    """Attributes: ``settings``, ``archive``, and ``graph`` and ``text``, which open when first used. Use it in a ``with`` block."""

    def __init__(self, settings: Settings, mode: Mode = "write") -> None:
        self.settings = settings
        self.mode = mode
        self.archive = Archive.open(settings.archive_url, settings.originals_url, settings.archive_password)
        self._graph: GraphStore | None = None
        self._text: TextStore | None = None
        self._writing = False  # stores are opened for writing only while the lease is held
        self._opening = threading.RLock()
        self._looked = time.monotonic()
        self._closings = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.close_stores()
        self.archive.close()

    @property
    def graph(self) -> GraphStore:
        with self._opening:
            if self._graph is None:
                from graph import open_store

                self._graph = open_store(self.settings.graph, self.settings.graph_folder, writable=self._writing, access=self.settings.graph_access)
            return self._graph

    @property
    def text(self) -> TextStore:
        with self._opening:
            if self._text is None:
                from fulltext import open_store

                self._text = open_store(self.settings.text, self.settings.text_folder, writable=self._writing, access=self.settings.text_access)
            return self._text

    def refresh(self) -> None:
        """See what another process has committed. Cheap: looks at most once in ``settings.refresh_seconds``; call it at the start of each request."""
        if time.monotonic() - self._looked < self.settings.refresh_seconds:
            return
        with self._opening:
            # each store asks its own files, for a writer's checkpoint may come after its last word to the archive; unchanged, it costs a tenth of a millisecond
            for store in (self._graph, self._text):
                if store is not None:
                    with suppress(Unavailable):  # a damaged store says so itself when it is asked; the others go on
                        store.refresh()
            self._looked = time.monotonic()

    def moment(self) -> Hashable:
        """Names what graph and index show, as far as they are open and tell; opens none. Another one where this workspace has let them go since."""
        graph, text = self._graph, self._text
        return self._closings, None if graph is None else graph.moment(), None if text is None else text.moment()

    # -- changing ----------------------------------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self, command: str) -> Iterator[None]:
        """Hold the writer's lease inside the block; ``graph`` and ``text`` are open for writing there and for reading again afterwards. Raises Conflict."""
        if self.mode == "read":
            raise Conflict("This workspace was opened for reading.", cure='Open it with mode="write".')
        settings = self.settings
        with lease.hold(settings.home, command, wait=settings.writer_wait, archive=self.archive, seconds=settings.lease_seconds):
            self.close_stores()
            self._writing = True
            try:
                yield
            finally:
                self._writing = False
                self.close_stores()

    def ingest(
        self,
        paths: Iterable[Path | str],
        *,
        workers: int | None = None,
        report: Callable[[Progress], None] | None = None,
        inline: bool = True,
        stop: Callable[[], bool] | None = None,
    ) -> Summary:
        """Take in files, folders, zip and jsonl; see ``fazhi.batch.ingest``. ``report`` hears of the progress. Raises Conflict where another process writes."""
        from fazhi import batch

        with self.writing("ingest"):
            summary = batch.ingest(self, [Path(path) for path in paths], workers=workers or self.settings.workers, report=report, inline=inline, stop=stop)
        self.check_watches()
        return summary

    def ingest_stale(
        self, *, workers: int | None = None, report: Callable[[Progress], None] | None = None, inline: bool = True, stop: Callable[[], bool] | None = None
    ) -> Summary:
        """Read again what was read with older rules or words, from the stored originals. Raises Conflict where another process writes."""
        from fazhi import batch

        with self.writing("ingest --stale"):
            summary = batch.ingest_stale(self, workers=workers or self.settings.workers, report=report, inline=inline, stop=stop)
        self.check_watches()
        return summary

    def check_watches(self) -> None:
        """Tell saved questions what has changed; see ``fazhi.watches``. A server does so by itself, also after what was cut off here."""
        if self.archive.watches():
            from fazhi import watches

            watches.check_quietly(self)

    def delete(self, keys: Sequence[str]) -> Deletion:
        """Forget documents with all they alone support, what was recognised of their scans among it. Unknown keys are listed in ``unknown``; the others go."""
        from fazhi import projection
        from ingest.readers import kept

        use_overlay(self.settings)  # graph and index name things as the vocabulary does
        with self.writing("delete"):
            deletion = projection.delete(self, keys)
            folder = Path(self.settings.kept_folder)
            if folder.is_dir():
                kept.forget(folder, self.archive.originals.exists)
            return deletion

    def review(self, orders: Sequence[Order]) -> list[Standing]:
        """Take decisions about facts and nodes, all or none; graph and index show them when it returns. Raises Invalid, NotFound, Contradiction, Conflict."""
        from fazhi import projection

        use_overlay(self.settings)
        with self.writing("review"):
            standings = self.archive.review(orders)
            projection.drain(self)
            return standings

    def undo_reviews(self, ids: Sequence[int], *, user: str) -> list[Standing]:
        """Take decisions back, all or none. Raises NotFound, Contradiction, Conflict."""
        from fazhi import projection

        use_overlay(self.settings)
        with self.writing("review undo"):
            standings = self.archive.undo_reviews(ids, user=user)
            projection.drain(self)
            return standings

    def repair(self, *, deep: bool = False) -> Repair:
        """Mend graph and index where they differ from the archive, and nothing else; ``deep`` counts edges, nodes and terms of every report to find it."""
        from fazhi import projection

        use_overlay(self.settings)
        with self.writing("repair"):
            return projection.repair(self, deep=deep)

    def rebuild(self, which: Projection | None = None) -> Rebuild:
        """Fill a new graph or index (both, if ``which`` is None) from the archive, check it, and switch."""
        from fazhi import projection

        use_overlay(self.settings)
        with self.writing("rebuild"):
            return projection.rebuild(self, which)

    # -- asking ------------------------------------------------------------------------------------------------------------------------------------

    def search(
        self,
        question: str | None,
        filters: Filters | None = None,
        *,
        sort: Sort = "score",
        size: int = 10,
        cursor: str | None = None,
        passages: int = 3,
        synonyms: bool = False,
        whole: bool = True,
        **conditions: Any,
    ) -> Answer:
        """Reports that match, each with the sentences that say so and their offsets in the original.

        ``question`` in Lucene syntax, None for all. Conditions may be given as ``filters`` or by name (``place="cn:3505", from_year=2020``).
        ``synonyms``: names of the vocabulary count in all their writings. A question in a whole sentence is read as such, and
        ``understood`` tells how; with ``whole`` False every word is demanded. Raises Invalid.
        """
        from fazhi import asking

        self.refresh()
        return asking.search(self, question, filters, sort=sort, size=size, cursor=cursor, passages=passages, synonyms=synonyms, whole=whole, **conditions)

    def cypher(self, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float | None = None, max_rows: int | None = None) -> CypherAnswer:
        """Rows of a reading Cypher statement, at most ``max_rows``; ``truncated`` says whether there were more. Raises Invalid, TimedOut."""
        from fazhi import asking

        self.refresh()
        return asking.cypher(self, statement, parameters or {}, timeout=timeout or self.settings.cypher_timeout, max_rows=max_rows or self.settings.cypher_rows)

    def status(self) -> Status:
        """How much there is, what waits, what failed, who writes."""
        from fazhi import asking

        self.refresh()
        return asking.status(self)

    def check(self, *, deep: bool = False) -> Check:
        """Compare archive, graph and index by (report, fingerprint), both ways; ``deep`` counts edges, nodes and terms of every report, too."""
        from fazhi import projection

        self.refresh()
        use_overlay(self.settings)
        return projection.check(self, deep=deep)

    def close_stores(self) -> None:
        """Let graph and index go; they open again when next used."""
        with self._opening:
            for store in (self._graph, self._text):
                if store is not None:
                    store.close()
            self._graph = self._text = None
            self._closings += 1
