"""The seam to graph engines. Nothing outside this package knows which one runs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from archive.model import Change, Link

Row = dict[str, Any]


class GraphStore(Protocol):
    """A graph of what reports say. Every method may raise ``fazhi.errors.Unavailable``; writes are idempotent."""

    def apply(self, changes: Sequence[Change]) -> None:
        """Bring each report to the given state, durably: what it supported before and nothing else supports goes, what it says now is there.

        Of ``Change.links`` those are made whose other end is there, or comes with it; the others wait for theirs.
        """

    def link(self, links: Mapping[str, Sequence[Link]]) -> None:
        """Let each of these reports have exactly these links to earlier ones, as far as both are there, durably; what is the same already is left alone."""

    def read(
        self, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 10.0, max_rows: int = 10_000, untrusted: bool = False
    ) -> list[Row]:
        """Rows of a reading Cypher statement.

        Raises Invalid for a statement that is wrong or writes, TimedOut past ``timeout`` seconds, TooLarge where it would hold too much in between; an
        ``untrusted`` one may hold much less. At most ``max_rows`` rows come back; ask for one more to see whether there were more.
        """

    def fingerprints(self) -> Iterator[tuple[str, str]]:
        """(report id, fingerprint) of every report in the graph, ordered by report id."""

    def wipe(self, reports: Sequence[str], nodes: Sequence[str]) -> None:
        """Take away all that carries these reports' ids, also what no report node accounts for, and those of these nodes that nothing else speaks for.

        In one transaction (``graph.write.wipe``). For ``repair --deep``, which applies the reports again afterwards.
        """

    def rebuild(self, changes: Iterable[Change]) -> None:
        """Fill a new graph from all changes, check it, then switch: readers see the old or the new one, never half."""

    def refresh(self) -> None:
        """Let a reading process see what another one has committed since."""

    def moment(self) -> Hashable | None:
        """Names what is read now, until ``refresh`` finds something newer: equal moments, equal answers. None where it may change at any time."""

    def close(self) -> None: ...
