"""Keep graph and index like the archive: take over what waits, compare, mend, fill anew."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import msgspec

from archive.history import Running
from archive.model import Change, Projection
from archive.store import PROJECTIONS, now
from fazhi.answers import Check, Deletion, Difference, Rebuild, Repair
from fazhi.errors import NotFound, Unavailable

LINKED = 1_000
"""Reports whose links are written in one transaction: some thousands of edges."""

if TYPE_CHECKING:
    from archive.store import Archive
    from fazhi.workspace import Workspace


class Store(Protocol):
    """What graph and index have in common."""

    def apply(self, changes: Sequence[Change]) -> None: ...

    def fingerprints(self) -> Iterator[tuple[str, str]]: ...


def store_of(workspace: Workspace, projection: Projection) -> Store:
    return workspace.graph if projection == "graph" else workspace.text


def drain(workspace: Workspace, *, full: bool = False) -> dict[Projection, int]:
    """Bring the projections up to date; returns how many reports each took over. What was applied but not marked when a process died is applied again.

    ``full`` leaves the rest that does not fill a batch for later.
    """
    size = workspace.settings.projection_batch
    taken: dict[Projection, int] = dict.fromkeys(PROJECTIONS, 0)
    waiting = list(PROJECTIONS)
    while waiting:  # in turns, so that the archive reads reports once for all of them
        for projection in tuple(waiting):
            changes = workspace.archive.pending(projection, size)
            if not changes or (full and len(changes) < size):
                waiting.remove(projection)
                continue
            workspace.archive.ensure_lease()
            store_of(workspace, projection).apply(changes)
            workspace.archive.mark_done(projection, [change.sequence for change in changes])
            taken[projection] += len(changes)
    if not full:
        _drain_links(workspace)
    return taken


def _drain_links(workspace: Workspace) -> None:
    """Give the graph the links that a comparison brought or took, as many reports at a time as are worth a transaction: what a report says is left alone."""
    while waiting := workspace.archive.pending_links(LINKED):
        workspace.archive.ensure_lease()
        workspace.graph.link({report: links for report, (_, links) in waiting.items()})
        workspace.archive.mark_done("links", [sequence for sequence, _ in waiting.values()])


def compare(projection: Projection, truth: Iterator[tuple[str, str]], shown: Iterator[tuple[str, str]], pending: int = 0) -> Difference:
    """Walk two lists of (report, fingerprint), both ordered by report, side by side."""
    missing: list[str] = []
    surplus: list[str] = []
    stale: list[str] = []
    left, right = next(truth, None), next(shown, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            missing.append(left[0])
            left = next(truth, None)
        elif left is None or right[0] < left[0]:
            surplus.append(right[0])
            right = next(shown, None)
        else:
            if left[1] != right[1]:
                stale.append(left[0])
            left, right = next(truth, None), next(shown, None)
    return Difference(projection=projection, missing=tuple(missing), surplus=tuple(surplus), stale=tuple(stale), pending=pending)


def check(workspace: Workspace, *, deep: bool = False) -> Check:
    archive = workspace.archive
    statistics = archive.statistics()
    differences = tuple(
        compare(projection, archive.fingerprints(), iter(store_of(workspace, projection).fingerprints()), statistics.pending[projection])
        for projection in PROJECTIONS
    )
    if deep:
        differences = tuple(_join(shallow, counted) for shallow, counted in zip(differences, compare_deeply(workspace), strict=True))
    missing = tuple(document.key for document in archive.missing_originals())
    fine = not missing and all(difference.fine for difference in differences)
    return Check(fine=fine, deep=deep, reports=statistics.reports, differences=differences, missing_originals=missing, snapshot=statistics.snapshot)


def compare_deeply(workspace: Workspace) -> tuple[Difference, Difference]:
    """Of graph and index, in the order of PROJECTIONS; see ``fazhi.deep``."""
    from fazhi import deep

    return deep.compare(workspace)


def _join(shallow: Difference, counted: Difference) -> Difference:
    """A report that is missing, of an older state or too many is said to be so once; what differs only in its counts is ``miscounted``."""
    told = {*shallow.missing, *shallow.surplus, *shallow.stale}
    miscounted = sorted({*counted.miscounted, *counted.missing, *counted.surplus} - told)
    return msgspec.structs.replace(shallow, miscounted=tuple(miscounted), strays=counted.strays, lost=counted.lost, terms=counted.terms)


def repair(workspace: Workspace, *, deep: bool = False) -> Repair:
    archive = workspace.archive
    mended = drain(workspace)
    for projection in PROJECTIONS:
        found = compare(projection, archive.fingerprints(), iter(store_of(workspace, projection).fingerprints()))
        archive.mark_stale(projection, (*found.missing, *found.surplus, *found.stale))
    _add(mended, drain(workspace))
    strays, rebuilt = _repair_deeply(workspace, mended) if deep else (0, ())
    workspace.text.tidy()
    swept = archive.sweep_originals()
    missing = tuple(document.key for document in archive.missing_originals())
    return Repair(graph=mended["graph"], text=mended["text"], swept=swept, missing_originals=missing, strays=strays, rebuilt=rebuilt)


def _repair_deeply(workspace: Workspace, mended: dict[Projection, int]) -> tuple[int, tuple[Projection, ...]]:
    """Write those reports anew of which there is more or less than they say. Killed at any point, the outbox still knows what is to be done."""
    from fazhi import deep

    archive = workspace.archive
    in_graph, in_text = deep.compare(workspace)
    wrong = {*in_graph.missing, *in_graph.surplus, *in_graph.miscounted}
    wrong |= set(deep.contributors(archive.changes(), in_graph.lost) if in_graph.lost else ())
    archive.mark_stale("graph", wrong)
    archive.mark_stale("text", (*in_text.missing, *in_text.surplus, *in_text.miscounted))
    if wrong or in_graph.strays:
        workspace.graph.wipe(sorted(wrong), in_graph.strays)
        archive.settle("graph", 0)  # no change is settled by it, but who keeps answers sees that the graph shows something else
    _add(mended, drain(workspace))
    if in_text.terms:
        return len(in_graph.strays), ()
    rebuild(workspace, "text")  # terms that no report accounts for can't be taken away one by one
    return len(in_graph.strays), ("text",)


def _add(counts: dict[Projection, int], more: Mapping[Projection, int]) -> None:
    for projection, count in more.items():
        counts[projection] += count


def rebuild(workspace: Workspace, which: Projection | None) -> Rebuild:
    """Raises Unavailable where the new one, once filled, differs from the archive."""
    began = time.monotonic()
    chosen = PROJECTIONS if which is None else (which,)
    archive = workspace.archive
    for projection in chosen:
        store = workspace.graph if projection == "graph" else workspace.text
        sequence = archive.sequence()
        store.rebuild(_guarded(archive))
        found = compare(projection, archive.fingerprints(), iter(store.fingerprints()))
        if found.missing or found.surplus or found.stale:
            raise Unavailable(
                f"The rebuilt {projection} differs from the archive in {len(found.missing) + len(found.surplus) + len(found.stale)} reports.",
                cure="Run `fazhi repair`.",
            )
        archive.settle(projection, sequence)
    return Rebuild(reports=archive.statistics().reports, rebuilt=tuple(chosen), seconds=round(time.monotonic() - began, 3))


def _guarded(archive: Archive) -> Iterator[Change]:
    """All changes, as long as this process is the one that writes: a rebuild that has lost the lease must not be switched to."""
    yield from archive.changes()
    archive.ensure_lease()


def delete(workspace: Workspace, keys: Sequence[str]) -> Deletion:
    deleted: list[str] = []
    unknown: list[str] = []
    run = Running("delete", now())
    lost = workspace.archive.lost_reviews()
    for key in dict.fromkeys(keys):
        try:
            workspace.archive.delete(key, run=run)
            deleted.append(key)
        except NotFound:
            (deleted if workspace.archive.forget_failure(key) else unknown).append(key)
    workspace.archive.settle_run(run)
    drain(workspace)
    return Deletion(deleted=tuple(deleted), unknown=tuple(unknown), lost_reviews=tuple(sorted(workspace.archive.lost_reviews() - lost)))
