"""The graph in a Neo4j server: 5.26 or newer, the community edition is enough. Nothing outside this module knows the driver. See docs/engines.md.

A batch of changes is one managed transaction: it is there as a whole or not at all, and is tried again after a deadlock or a change of leader. It finds out in
itself what has to be written. Reading asks for READ access, which the server enforces.
"""

from __future__ import annotations

import itertools
import logging
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, TypeVar

import neo4j
from neo4j import exceptions as failures
from neo4j.graph import Node, Path, Relationship

import cypher
from archive.model import Change, Link
from fazhi.errors import Conflict, FazhiError, Invalid, TimedOut, TooLarge, Unavailable
from graph import packing, schema, values
from graph.address import Access, Address, read_address
from graph.store import Row
from graph.write import Run, execute, execute_links, plan, plan_links, wipe

OLDEST = (5, 26)
EXECUTION_FAILED = "Neo.DatabaseError.Statement.ExecutionFailed"  # substring('a', 2^40): of a user's statement the statement's fault
BATCH = 256  # reports in one transaction, which is what an ingest hands over at once: some 25,000 edges, which the server holds in memory until it commits
WHOLE = 1_000  # reports that a rebuild writes in one transaction: some 300 kB of the server's memory each
REMOVED = 20_000  # edges, then nodes, taken out in one transaction where the graph is filled anew in batches: some nodes have an edge from every report
REMOVING = ("neo4j/remove_edges", "neo4j/remove_nodes")
GATE_SECONDS = 1.0  # how long a reader may go without looking whether the graph is being filled anew
GATE_PATIENCE = 5.0  # seconds that a reader waits for a rebuild to commit
COMMIT_SECONDS = 30.0  # after which readers go on with the old graph where the process that rebuilds has died before it could commit
ATTEMPTS = 3  # of a reader that meets one rebuild after the other
GENERATION = "fazhi_graph_"  # begins the name of the index that tells the graphs of two rebuilds apart, as in cypher/neo4j/generation.cypher
FETCH = 1_000  # rows that come in one message
CONNECT_SECONDS = 5.0
RETRY_SECONDS = 3.0  # the driver's own: after a deadlock, a lost connection; then a writer begins to wait
READ_RETRY_SECONDS = 0.5  # then a reader hears that the server is away
ANSWER_SECONDS = 5.0  # past the time limit of a user's statement: the server looks at its clock every two seconds
READ_PAUSE = 0.1  # seconds between a reader's attempts
PAUSES = (1.0, 2.0, 4.0, 8.0)  # seconds between a waiting writer's attempts; the last one again and again
INDEX_SECONDS = 600
PLANNED = 500  # kinds of users' statements of which it is known that planning them is quick; the server keeps 1,000 plans
UNTRUSTED_VALUES = 500_000  # values in all rows of a user's statement that this process takes in
REBUILD = "fazhi rebuild graph"
CREDENTIALS = "Set FAZHI_GRAPH_USER and FAZHI_GRAPH_PASSWORD."

T = TypeVar("T")
AnyTransaction = neo4j.Transaction | neo4j.ManagedTransaction

log = logging.getLogger(__name__)
logging.getLogger("neo4j").setLevel(logging.CRITICAL)  # it tells of every attempt; what counts of it comes in our own words


class Away(Unavailable):
    """The server is away or too busy: the same may go through later."""


class _Seen(NamedTuple):
    """What a look at the graph showed: when, since when it is being filled anew (None: it is not), and which rebuild it comes from."""

    at: float
    since: str | None
    generation: tuple[str, ...]


class Neo4jGraph:
    """A GraphStore over one database of a server. Safe to use from many threads. Nothing is asked of the server before the first question or write.

    ``url`` is bolt://host:7687 or neo4j://… (+s: encrypted, +ssc: encrypted with any certificate), without credentials; a path names the database:
    neo4j://host/reports. Raises Invalid for a URL or a file of certificates that can't be used.
    """

    def __init__(self, url: str, access: Access, *, writable: bool) -> None:
        self._writable = writable
        self._writing = threading.Lock()
        self._preparing = threading.Lock()
        self._supported = False
        self._planned: dict[Hashable, None] = {}  # kinds of users' statements that the server has planned within their time
        self._indexed = False
        self._seen: _Seen | None = None
        self._address, self._access = read_address(url), access
        self._driver = _open_driver(self._address, access)

    def __repr__(self) -> str:
        return f"Neo4jGraph({self._address})"

    def apply(self, changes: Sequence[Change]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing:
            self._prepare_writing()
            for start in range(0, len(changes), BATCH):
                batch = changes[start : start + BATCH]
                self._write(lambda transaction, batch=batch: _apply(transaction, batch))  # type: ignore[misc]

    def link(self, links: Mapping[str, Sequence[Link]]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing:
            self._prepare_writing()
            self._write(lambda transaction: _link(transaction, links))

    def read(
        self, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 10.0, max_rows: int = 10_000, untrusted: bool = False
    ) -> list[Row]:
        """See GraphStore. How much a statement may hold in between is the server's own setting, db.memory.transaction.max; what comes back is bounded here."""
        packed = packing.pack(statement)
        asked = packed.statement if packed else statement
        given = {**(parameters or {}), **({packing.MOST: max_rows} if packed else {})}
        budget = UNTRUSTED_VALUES if untrusted else None

        def take(result: neo4j.Result) -> list[Row]:
            rows = _take(_rows_of(result, packed.columns if packed else None), max_rows, budget)
            result.consume()  # the server stops here, however many rows there would be
            return rows

        def ask() -> list[Row]:
            with self._session("READ", fetch=min(FETCH, max_rows + 1)) as session:
                query = neo4j.Query(asked, timeout=timeout)
                if not untrusted:
                    return take(session.run(query, given))
                kind = _kind(statement, given)
                if kind in self._planned:  # one trip to the server instead of two
                    with _answered_within(_connect(session), timeout):
                        return take(session.run(query, given))
                # planning, too, counts against the time limit only in a transaction that was begun before
                with _in_one_message(session), session.begin_transaction(timeout=timeout) as transaction, _answered_within(transaction, timeout):
                    rows = take(transaction.run(asked, given))
                self._note_planned(kind)
                return rows

        self._check_server()
        for _ in range(ATTEMPTS):
            before = self._await_gate()
            try:
                with self._translating(f"{timeout:g} seconds"):
                    rows = _read_again(ask)
            except Away as error:
                if untrusted and getattr(error.__cause__, "code", None) == EXECUTION_FAILED:
                    raise Invalid(f"The graph refuses the statement: {_first_line(error.__cause__)}") from error
                raise
            if self._is_still(before):
                return rows
        raise _filled_anew("now")

    def _note_planned(self, kind: Hashable | None) -> None:
        if kind is not None:
            if len(self._planned) >= PLANNED:
                self._planned.clear()
            self._planned[kind] = None

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """See GraphStore. Rows come from the server as they are asked for."""
        self._check_server()
        before = self._await_gate()
        with self._translating(), self._session("READ") as session, session.begin_transaction() as transaction:
            for record in transaction.run(cypher.load("read/fingerprints")):
                yield record["report"], record["fingerprint"]
        if not self._is_still(before):
            raise _filled_anew("now")

    def rebuild(self, changes: Iterable[Change]) -> None:
        """See GraphStore. Readers see the old graph or the new one, each as a whole.

        Up to ``WHOLE`` reports are one transaction: the old graph can be read meanwhile, readers wait some two seconds while it commits, and a failure leaves
        the old one. More are filled in batches: meanwhile, and after a failure until a rebuild has come to its end, reading and writing raise Unavailable.
        """
        with self._writing:
            self._prepare_writing(gated=True)
            stream = iter(changes)
            first = list(itertools.islice(stream, WHOLE + 1))
            if len(first) <= WHOLE:
                try:
                    self._rebuild_at_once(first)
                    return
                except TooLarge:
                    log.warning("the Neo4j server has too little memory for %d reports in one transaction; filling them in batches", len(first))
            self._rebuild_gated(itertools.chain(first, stream))

    def wipe(self, reports: Sequence[str], nodes: Sequence[str]) -> None:
        """See GraphStore. Raises Conflict on a store that was opened for reading."""
        with self._writing:
            self._prepare_writing()
            self._write(lambda transaction: wipe(_runner(transaction), reports, nodes))

    def refresh(self) -> None:
        """See GraphStore. Nothing to do: a server shows every commit at once."""

    def moment(self) -> None:
        """See GraphStore. A server shows every commit at once."""

    def close(self) -> None:
        """Let the connections go."""
        self._driver.close()

    # -- writing -----------------------------------------------------------------------------------------------------------------------------------

    def _write(self, work: Callable[[neo4j.ManagedTransaction], T]) -> T:
        """One transaction, tried again after a deadlock, and for as long as ``patience`` lasts where the server is away. What it does must be idempotent."""

        def write() -> T:
            with self._translating(), self._session("WRITE") as session:
                return session.execute_write(work)

        try:
            return self._patiently(write)
        except TooLarge as error:  # a reader's advice would be to ask for less
            raise Unavailable(
                f"The Neo4j server {self._address} gives a transaction too little memory for what is written.",
                cure="Let db.memory.transaction.max be at least 256m, or give the server a larger heap; then run it again.",
            ) from error

    def _patiently(self, ask: Callable[[], T]) -> T:
        until = time.monotonic() + self._access.patience
        for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            try:
                return ask()
            except Away as away:
                left = until - time.monotonic()
                if left <= 0:
                    raise
                log.warning("%s Trying again in %.0f s, for %.0f s more.", away.detail, pause, left)
                time.sleep(min(pause, left))
        raise AssertionError("never reached")

    def _rebuild_at_once(self, changes: Sequence[Change]) -> None:
        def fill() -> None:
            with self._translating(), self._session("WRITE") as session, session.begin_transaction() as transaction:
                _run(transaction, "neo4j/remove_nodes", limit=2**62)
                for start in range(0, len(changes), BATCH):
                    _apply(transaction, changes[start : start + BATCH])
                _check(transaction, {change.report for change in changes if change.item is not None})
                self._close_gate(COMMIT_SECONDS)  # a statement that runs while a transaction commits would see some of both
                transaction.commit()
            self._open_gate()

        self._patiently(fill)

    def _rebuild_gated(self, changes: Iterator[Change]) -> None:
        self._close_gate(None)
        for statement in REMOVING:
            while self._write(lambda transaction, statement=statement: _run(transaction, statement, limit=REMOVED))[0]["removed"]:  # type: ignore[misc]
                pass
        reports: set[str] = set()
        while batch := list(itertools.islice(changes, BATCH)):
            for change in batch:
                (reports.discard if change.item is None else reports.add)(change.report)
            self._write(lambda transaction, batch=batch: _apply(transaction, batch))  # type: ignore[misc]
        self._write(lambda transaction: _check(transaction, reports))
        self._open_gate()

    def _close_gate(self, seconds: float | None) -> None:
        """Keep readers out, for so many seconds at most (None: until it is opened), and wait until all have noticed: see ``_await_gate``."""
        told = {"since": datetime.now(UTC).isoformat(timespec="seconds"), "milliseconds": seconds and int(seconds * 1000)}
        self._write(lambda transaction: _run(transaction, "neo4j/close_gate", **told))
        time.sleep(2 * GATE_SECONDS)

    def _open_gate(self) -> None:
        """Let readers in, and those who began before the gate was closed know that it is another graph."""

        def rename() -> None:
            with self._translating(), self._session("WRITE") as session:
                for row in session.execute_read(lambda transaction: _run(transaction, "neo4j/generation")):
                    session.run(cypher.load("neo4j/drop_generation"), name=row["name"]).consume()
                session.run(cypher.load("neo4j/create_generation"), name=f"{GENERATION}{uuid.uuid4().hex}").consume()

        self._patiently(rename)
        self._write(lambda transaction: _run(transaction, "neo4j/open_gate"))
        self._seen = None

    def _prepare_writing(self, *, gated: bool = False) -> None:
        if not self._writable:
            raise Conflict("This graph is open for reading only.", cure="Open it with writable=True.")
        self._patiently(self._check_server)
        with self._preparing:
            if not self._indexed:
                self._patiently(self._create_indexes)
                self._write(lambda transaction: _run(transaction, "neo4j/remove_expired_gate"))
                self._indexed = True
        self._seen = None
        if not gated:
            self._patiently(self._await_gate)

    def _create_indexes(self) -> None:
        """Those that are missing, each in a transaction of its own as the server wants it."""
        with self._translating(), self._session("WRITE") as session:
            known = {row["name"] for row in session.execute_read(lambda transaction: _run(transaction, "neo4j/index_names"))}
            missing = [name for name in cypher.names("schema") if not known & set(cypher.load(name).split())]
            for name in missing:
                session.run(cypher.load(name)).consume()
            if missing:
                session.run(cypher.load("neo4j/await_indexes"), seconds=INDEX_SECONDS).consume()

    # -- what every question begins with -----------------------------------------------------------------------------------------------------------

    def _check_server(self) -> None:
        """Raises Unavailable for a server that is too old. Asked once."""
        if self._supported:
            return
        with self._preparing:
            with self._translating(), self._session("READ") as session:
                version = session.execute_read(lambda transaction: _run(transaction, "neo4j/server"))[0]["version"]
            if tuple(int(part) for part in version.split("-")[0].split(".")[:2]) < OLDEST:
                raise Unavailable(f"The server {self._address} is Neo4j {version}.", cure=f"Neo4j {OLDEST[0]}.{OLDEST[1]} or newer is needed.")
            self._supported = True

    def _await_gate(self) -> _Seen:
        """The graph that can be read now. Waits a little where it is being filled anew, then raises Unavailable.

        Looks at most once in ``GATE_SECONDS``. That is enough: who closes the gate waits twice as long before the graph changes, so what was read within that
        time after a look is older than the change; what took longer is held against a second look (``_is_still``).
        """
        seen = self._seen
        if seen is not None and time.monotonic() - seen.at < GATE_SECONDS:
            return seen
        until = time.monotonic() + GATE_PATIENCE
        while (seen := self._look()).since is not None:
            if time.monotonic() > until:
                raise _filled_anew(f"since {seen.since}")
            time.sleep(0.1)
        self._seen = seen
        return seen

    def _is_still(self, before: _Seen) -> bool:
        """Whether all that was read since ``before`` is of one graph."""
        if time.monotonic() - before.at < GATE_SECONDS:
            return True
        now = self._look()
        self._seen = now if now.since is None else None
        return now.since is None and now.generation == before.generation

    def _look(self) -> _Seen:
        at = time.monotonic()
        with self._translating(), self._session("READ") as session:
            gate = session.execute_read(lambda transaction: _run(transaction, "neo4j/gate"))
            names = session.execute_read(lambda transaction: _run(transaction, "neo4j/generation"))
        return _Seen(at, gate[0]["since"] if gate else None, tuple(row["name"] for row in names))

    def _session(self, access: Literal["READ", "WRITE"], *, fetch: int = FETCH) -> neo4j.Session:
        patience = RETRY_SECONDS if access == "WRITE" else READ_RETRY_SECONDS
        return self._driver.session(database=self._address.database, default_access_mode=access, fetch_size=fetch, max_transaction_retry_time=patience)

    @contextmanager
    def _translating(self, timeout: str = "the server allows") -> Iterator[None]:
        """The driver's failures as ours. Never a word of the password."""
        try:
            yield
        except FazhiError:
            raise
        except failures.Neo4jError as error:
            raise self._translate(error, timeout) from error
        except (failures.DriverError, OSError) as error:
            raise Away(f"The Neo4j server {self._address} does not answer: {_first_line(error)}.", cure="Start it, or correct FAZHI_GRAPH.") from error
        except (ValueError, TypeError, OverflowError, UnicodeError) as error:  # what the protocol has no form for
            raise Invalid(f"A parameter can't be sent: {_first_line(error)}.") from error

    def _translate(self, error: failures.Neo4jError, timeout: str) -> FazhiError:
        return _translate(error, self._address, self._access.user, timeout)


def _filled_anew(when: str) -> Unavailable:
    return Unavailable(f"The graph is being filled anew {when}.", cure=f"Try again later; where nobody is at it any more, run `{REBUILD}`.")


def _open_driver(address: Address, access: Access) -> neo4j.Driver:
    scheme = address.scheme
    trust: dict[str, Any] = {}
    if access.ca:
        if scheme.endswith("+ssc"):
            raise Invalid(f"{scheme}: takes any certificate, so FAZHI_GRAPH_CA has no use.", cure="Write +s instead of +ssc.")
        scheme = scheme.removesuffix("+s")  # the driver takes certificates of one's own only where the scheme does not say what to trust
        trust = {"encrypted": True, "trusted_certificates": neo4j.TrustCustomCAs(str(access.ca))}
    try:
        if access.ca:
            ssl.create_default_context(cafile=str(access.ca))  # the driver would only read it when it connects
        return neo4j.GraphDatabase.driver(
            f"{scheme}://{address.host}",
            auth=(access.user, access.password.get_secret_value() if access.password else "") if access.user else None,
            connection_timeout=CONNECT_SECONDS,
            connection_acquisition_timeout=2 * CONNECT_SECONDS,
            notifications_min_severity="OFF",  # advice on statements, which users of a service can't follow
            user_agent="fazhi-graph",
            **trust,
        )
    except OSError as error:
        raise Invalid(f"The certificates in {access.ca} can't be read: {error.strerror or _first_line(error)}.", cure="Correct FAZHI_GRAPH_CA.") from None
    except (failures.DriverError, ValueError) as error:
        raise Invalid(f"FAZHI_GRAPH can't be used: {_first_line(error)}.", cure="Write it as bolt://host:7687 or neo4j://host:7687.") from None


def _in_one_message(session: neo4j.Session) -> AbstractContextManager[Any]:
    """Inside it a transaction's beginning travels with its first statement, as the driver's own ``execute_query`` does it: one trip less. The server begins it
    first all the same. A driver without it takes the longer way."""
    pipelined: AbstractContextManager[Any] = getattr(session, "_pipelined_begin", nullcontext())
    return pipelined


def _connect(session: neo4j.Session) -> neo4j.Session:
    """The session with a connection, which it would else take when it asks: by then it is too late to set a deadline."""
    getattr(session, "_connect", lambda access: None)("READ")
    return session


@contextmanager
def _answered_within(asking: neo4j.Transaction | neo4j.Session, timeout: float) -> Iterator[None]:
    """Inside it the server has to answer within ``timeout`` and ``ANSWER_SECONDS``, else TimedOut: a statement whose planning is ended
    gets no answer at all now and then from Neo4j 5.26, and the driver would wait for two minutes. A driver without such a deadline waits all the same."""
    limit = timeout + ANSWER_SECONDS
    until = time.monotonic() + limit
    set_deadline = getattr(getattr(getattr(asking, "_connection", None), "socket", None), "set_deadline", lambda _: None)
    set_deadline(limit)
    try:
        yield
    except failures.DriverError as error:
        if time.monotonic() < until:
            raise
        raise _timed_out(f"{timeout:g} seconds") from error
    finally:
        set_deadline(None)


def _timed_out(timeout: str) -> TimedOut:
    return TimedOut(f"The statement took longer than {timeout}.", cure="Ask for less: name a place, a year or a LIMIT.")


def _read_again(ask: Callable[[], T]) -> T:
    """``ask()``, tried again for ``READ_RETRY_SECONDS`` after what passes. A statement alone is one trip to the server; as a transaction, which the driver
    would try again itself, it is three, so only what users write is sent as one."""
    until = time.monotonic() + READ_RETRY_SECONDS
    while True:
        try:
            return ask()
        except (failures.Neo4jError, failures.DriverError) as error:
            # the driver takes a lack of memory for something that passes; asked again, a statement would only fill the memory again
            lasting = isinstance(error, failures.Neo4jError) and "OutOfMemory" in (error.code or "")
            if lasting or not error.is_retryable() or time.monotonic() > until:
                raise
            time.sleep(READ_PAUSE)


def _run(transaction: AnyTransaction, name: str, **parameters: Any) -> list[Row]:
    return [dict(record) for record in transaction.run(cypher.load(name), parameters)]


def _apply(transaction: AnyTransaction, changes: Sequence[Change]) -> None:
    """What has to be written is found out in the same transaction that writes it. Nothing to do writes nothing."""
    run = _runner(transaction)
    if todo := plan(run, changes):
        execute(run, todo)


def _link(transaction: AnyTransaction, links: Mapping[str, Sequence[Link]]) -> None:
    run = _runner(transaction)
    if todo := plan_links(run, links):
        execute_links(run, todo)


def _runner(transaction: AnyTransaction) -> Run:
    return lambda statement, parameters: [dict(record) for record in transaction.run(statement, dict(parameters))]


def _check(transaction: AnyTransaction, reports: set[str]) -> None:
    """Raises Unavailable unless the graph holds exactly these reports."""
    found = {row["report"] for row in _run(transaction, "read/fingerprints")}
    if found != reports:
        raise Unavailable(f"The new graph holds {len(found)} reports instead of {len(reports)}.", cure=f"Run `{REBUILD}` again.")


def _kind(statement: str, parameters: Mapping[str, Any]) -> Hashable | None:
    """What the server plans alike: a statement with parameters of these types. None where lists or maps are among them, whose plans depend on more."""
    types = {name: type(value) for name, value in parameters.items()}
    return (statement, frozenset(types.items())) if _PLAIN.issuperset(types.values()) else None


def _rows_of(result: neo4j.Result, packed: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    """``packed``: the columns of rows that come many in a message."""
    for record in result:
        if packed is None:
            yield dict(zip(record.keys(), record, strict=True))  # dict(record) looks each name up
        else:
            for row in record[0]:
                yield dict(zip(packed, row, strict=True))


def _take(found: Iterator[dict[str, Any]], max_rows: int, budget: int | None) -> list[Row]:
    """Up to ``max_rows`` rows in plain values. Raises TooLarge where they hold more than ``budget`` values."""
    rows: list[Row] = []
    left = budget
    for raw in itertools.islice(found, max_rows):
        row = {name: _neutral(value) for name, value in raw.items()}
        if left is not None:
            left -= _count(row)
            if left < 0:
                raise TooLarge("The statement gives back too much.", cure="Ask for less: name a place, a year or a LIMIT.")
        rows.append(values.plain_row(row))
    return rows


def _neutral(value: Any) -> Any:
    """Nodes, edges and paths in the form that ``graph.values`` reads."""
    if value is None or isinstance(value, _SCALARS):  # nearly all of a row, so it is asked first
        return value
    if isinstance(value, Node):
        return {"id": value.element_id, "labels": sorted(value.labels, key=_generality), "properties": dict(value)}
    if isinstance(value, Relationship):
        ends = {"start": value.start_node and value.start_node.element_id, "end": value.end_node and value.end_node.element_id}
        return {"id": value.element_id, **ends, "type": value.type, "properties": dict(value)}
    if isinstance(value, Path):
        return {"nodes": [_neutral(node) for node in value.nodes], "relationships": [_neutral(edge) for edge in value.relationships]}
    if isinstance(value, Mapping):
        return {name: _neutral(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_neutral(part) for part in value]
    return value.iso_format() if hasattr(value, "iso_format") else value


_SCALARS = (str, int, float)
_PLAIN = frozenset((*_SCALARS, bool, type(None)))


def _generality(label: str) -> tuple[bool, str]:
    return label not in schema.nodes(), label


def _count(value: Any) -> int:
    """How many values this holds; a long text counts as many."""
    if isinstance(value, Mapping):
        return 1 + sum(map(_count, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(_count, value))
    return 1 + len(value) // 100 if isinstance(value, str) else 1


def _translate(error: failures.Neo4jError, address: Address, user: str | None, timeout: str) -> FazhiError:
    """What the server refuses, by its code (Neo.ClientError.Statement.SyntaxError …)."""
    code, message = error.code or "", _first_line(error.message or error)
    kind = code.rpartition(".")[2]
    if ".Security." in code:
        return _translate_refusal(kind, address, user)
    if kind.startswith("TransactionTimedOut") or kind in ("LockAcquisitionTimeout", "Terminated", "TransactionTerminated"):
        return _timed_out(timeout)
    if "OutOfMemory" in kind:
        return TooLarge("The statement would hold too much in between.", cure="Ask for less: name a place, a year or a program.")
    if kind == "DatabaseNotFound":
        return Unavailable(f"The server {address} has no database {address.database}.", cure="Correct the path in FAZHI_GRAPH, or leave it out.")
    if kind == "ConstraintValidationFailed":
        return Conflict(f"Somebody else writes into the graph on {address}: {message}", cure="Let one writer at a time; then run `fazhi repair`.")
    if code.startswith("Neo.ClientError.Statement"):
        return Invalid(f"The graph refuses the statement: {message}")
    said = message.rstrip(" .")
    return Away(f"The Neo4j server {address} can't do it now ({code}): {said}.", cure="Look at the server's log and its disk; nothing is lost meanwhile.")


def _translate_refusal(kind: str, address: Address, user: str | None) -> FazhiError:
    if kind == "CredentialsExpired":
        return Unavailable(f"The server {address} wants the first password of {user} changed.", cure="Change it, then set FAZHI_GRAPH_PASSWORD to the new one.")
    if kind == "AuthenticationRateLimit":
        return Unavailable(f"The server {address} has refused {user} too often.", cure=f"Wait some seconds. {CREDENTIALS}")
    if kind == "Forbidden":
        return Unavailable(f"The server {address} does not allow this to {user}.", cure="Give the user the right to read and write data and indexes.")
    who = f"the password of {user}" if user else "to answer without a password"
    return Unavailable(f"The server {address} refuses {who}.", cure=CREDENTIALS)


def _first_line(error: object) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(" :.")
