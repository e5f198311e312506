"""Text reuse of a data folder: its reports compared with each other, kept below ``reuse`` in the folder and brought up to date when the collection has changed.

Where few reports came, went or were replaced since all were compared, these alone are compared with what is kept (``diffusion.reuse.updating``); what has to be
the same for the same collection, however it came about, asks for a whole comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from filelock import FileLock

from archive.model import Document, Link
from archive.store import Archive
from diffusion.reuse import Index, Item, Pair, bring_in, build
from diffusion.reuse.corpus import About
from diffusion.reuse.model import Options
from fazhi.errors import Invalid, NotFound
from fazhi.projection import drain
from fazhi.reviewed import use_overlay
from fazhi.workspace import Workspace
from ingest.ids import report_id
from ingest.model import Frame

FOLDER = "reuse"
MOST_CHANGED = 0.02  # of the reports of the last whole comparison: where more came or went since, all are compared again
_ORDER = re.compile(r"(?:通知|意见|方案|办法|规划|要点|决定|通告)(?:》)?(?:的?通知)?$")
_REPORT = re.compile(r"(?:报告|总结|汇报|述法|情况)(?:（.{1,14}）)?$")


class Framed(msgspec.Struct):
    frame: Frame


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison and whether the collection is still what it was made from."""

    snapshot: str
    current: bool
    reports: int
    characters: int
    without_year: int
    without_place: int
    pairs: dict[str, int]
    templates: int
    since_whole: int  # reports that came, went or were replaced since all were compared with each other


Report = Callable[[str, int, int], None]
Side = Literal["earlier", "later", "unknown"]


def gather(archive: Archive) -> list[Item]:
    """Every counted report as reuse compares it: whose, of which year, and whether it is an order of a superior."""
    return [_item_of(archive, document, form.frame) for document, form in archive.scan(Framed)]


def gather_some(archive: Archive, reports: Collection[str]) -> list[Item]:
    """The same for some reports by id; those that are gone are left out."""
    return [_item_of(archive, item.document, item.analysis.frame) for item in archive.projectables(sorted(reports)).values()]


def _item_of(archive: Archive, document: Document, frame: Frame) -> Item:
    title = frame.title or document.title or ""
    order = bool(_ORDER.search(title)) and not _REPORT.search(title)
    place = document.place
    county, _, town = (place or "").partition("/")
    superior = bool(place) and not town
    names = () if superior else tuple(name for name in (document.place_name,) if name)
    return Item(
        key=document.key, text=archive.text(document.report), unit=place or document.key, county=county if len(county) == len("cn:350524") else "",
        year=document.year, issued=frame.signed or document.published, superior=superior, order=order and superior, names=names,
        above=tuple(name for name in document.path if name not in names), mark=document.fingerprint,
    )  # fmt: skip


def build_reuse(workspace: Workspace, *, report: Report | None = None, again: bool = False) -> Index:
    """A whole comparison of the collection as it is: the same reports give the same bytes, however they came. Made only where the last one isn't that.

    ``again`` makes it in any case.
    """
    index = None if again else _find_current(workspace)
    if index is not None and not index.meta.since_whole:
        return index
    with _alone(workspace):
        index = None if again else _find_current(workspace)  # somebody else may have made it while this one waited
        return index if index is not None and not index.meta.since_whole else _compare_all(workspace, report)


def update_reuse(workspace: Workspace, *, report: Report | None = None) -> Index:
    """A comparison of the collection as it is; where few reports have changed since all were compared, these alone are brought in (``since_whole``)."""
    index = _find_current(workspace)
    if index is not None:
        return index
    with _alone(workspace):
        return _find_current(workspace) or _bring_up_to_date(workspace) or _compare_all(workspace, report)


def _alone(workspace: Workspace) -> FileLock:
    """One comparison of a folder at a time: whoever wants another waits and finds it made."""
    folder = workspace.settings.home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / "lock")


def _find_current(workspace: Workspace) -> Index | None:
    index = Index.open(workspace.settings.home / FOLDER)
    return index if index is not None and (index.meta.snapshot, index.meta.options) == (workspace.archive.snapshot(), Options()) else None


def _compare_all(workspace: Workspace, report: Report | None) -> Index:
    snapshot, options = workspace.archive.snapshot(), Options()
    reuse = build(gather(workspace.archive), options, threads=workspace.settings.workers, report=report)
    return Index.save(workspace.settings.home / FOLDER, reuse, snapshot, options)


def _bring_up_to_date(workspace: Workspace) -> Index | None:
    """None where there is nothing to bring up to date, or too much has changed since all were compared."""
    archive = workspace.archive
    index = Index.open(workspace.settings.home / FOLDER)
    if index is None or index.meta.options != Options():
        return None
    snapshot = archive.snapshot()
    known = {report_id(text.key): text for text in index.texts}
    now = dict(archive.fingerprints())
    new = {report for report, mark in now.items() if report not in known or known[report].mark != mark}
    gone = {text.key for report, text in known.items() if report not in now}
    since = {report_id(key) for key in index.since_whole()} | new | set(map(report_id, gone))
    if len(since) > MOST_CHANGED * index.reports_compared:
        return None
    return bring_in(index, gone, gather_some(archive, new), lambda key: archive.text(report_id(key)), snapshot)


def keep_links(workspace: Workspace, index: Index) -> int:
    """Write down in the archive who has words of whom and let the graph show it (REUSES); returns how many reports have other links than before.

    Nothing is written, and the writer's lease is not asked for, where archive and graph have all of it. What is kept is of the collection as it is: where that
    has changed since it was compared, it is compared again first. Raises Conflict where another process writes.
    """
    if index.meta.snapshot == workspace.archive.snapshot() and workspace.archive.has_links(list_links(index), snapshot=index.meta.snapshot):
        return 0
    use_overlay(workspace.settings)
    with workspace.writing("reuse build"):
        index = update_reuse(workspace)
        changed = workspace.archive.keep_links(list_links(index), snapshot=index.meta.snapshot)
        drain(workspace)
    return changed


def list_links(index: Index) -> list[Link]:
    """Each two reports of which the later has passages that the earlier one has as well, templates and a place's own earlier words aside.

    Only where something tells which was first, and of the sources of a passage only the one that agrees best.
    """
    about = {text.key: text for text in index.texts}
    found: dict[tuple[str, str], list[Pair]] = {}
    for line in index.lines():
        if b'"kind":"copy"' not in line or b'"best":true' not in line:  # most are places of templates
            continue
        pair = msgspec.json.decode(line, type=Pair)
        if pair.kind == "copy" and pair.best and pair.direction != "none":
            found.setdefault((pair.b, pair.a), []).append(pair)
    return [_link(about[later], about[earlier], pairs) for (later, earlier), pairs in sorted(found.items())]


def _link(later: About, earlier: About, pairs: Sequence[Pair]) -> Link:
    aligned = sum(pair.aligned for pair in pairs)
    longest = max(pairs, key=lambda pair: (pair.aligned, -pair.b_start, -pair.a_start))
    return Link(
        report=report_id(later.key), source=report_id(earlier.key), report_mark=later.mark, source_mark=earlier.mark, year=later.year, characters=aligned,
        passages=len(pairs), identity=round(aligned / sum(pair.aligned / pair.identity for pair in pairs), 3),
        boilerplate=round(sum(pair.aligned * pair.boilerplate for pair in pairs) / aligned, 3), evidence=longest.evidence,
        text_start=longest.b_start, text_end=longest.b_end, source_start=longest.a_start, source_end=longest.a_end,
    )  # fmt: skip


def open_reuse(workspace: Workspace) -> Index:
    """The last comparison, however old. Raises NotFound."""
    index = Index.open(workspace.settings.home / FOLDER)
    if index is None:
        raise NotFound("The reports have not been compared with each other yet.", cure="Run `fazhi reuse build`.")
    return index


def stand(workspace: Workspace, index: Index) -> Standing:
    meta = index.meta
    return Standing(
        snapshot=meta.snapshot, current=meta.snapshot == workspace.archive.snapshot(), reports=meta.reports, characters=meta.characters,
        without_year=meta.without_year, without_place=meta.without_place, pairs=meta.pairs, templates=meta.templates,
        since_whole=meta.since_whole,
    )  # fmt: skip


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """What two reports have in common. ``side``: whether the other one is ``earlier`` or ``later``, or ``unknown`` where nothing tells which was first."""

    other: Document
    side: Side
    kind: Literal["copy", "self"]
    characters: int  # that are the same, in all passages
    pairs: tuple[Pair, ...]


def list_ties(workspace: Workspace, index: Index, key: str, *, every: bool = False) -> list[Tie]:
    """Reports that share words with this one, templates aside, most words first; ``every``: also where another source of the passage agrees better.

    Ties to reports that have gone or changed since they were compared are left out, for their offsets count in another text; so are all of a report that has.
    """
    archive = workspace.archive
    marks = {text.key: text.mark for text in index.texts}
    by_other: dict[str, list[Pair]] = {}
    for pair in index.pairs_about(key):
        if every or pair.best:
            by_other.setdefault(pair.a if pair.b == key else pair.b, []).append(pair)
    documents = {each: archive.lookup(each) for each in (key, *by_other)}
    now = {each: document for each, document in documents.items() if document is not None and document.fingerprint == marks.get(each)}
    if key not in now:
        return []
    ties = [
        Tie(
            other=now[other], side="unknown" if pairs[0].direction == "none" else "earlier" if pairs[0].b == key else "later",
            kind="self" if pairs[0].kind == "self" else "copy", characters=sum(pair.aligned for pair in pairs), pairs=tuple(pairs),
        )
        for other, pairs in by_other.items() if other in now
    ]  # fmt: skip
    return sorted(ties, key=lambda tie: (-tie.characters, tie.other.key))


def is_compared(workspace: Workspace, index: Index, key: str) -> bool:
    """Whether the report is in the comparison as it is now."""
    document = workspace.archive.lookup(key)
    return document is not None and any(text.key == key and text.mark == document.fingerprint for text in index.texts)


class Passages(msgspec.Struct, frozen=True, kw_only=True):
    """What ``reuse query`` answers. ``current`` is False where reports came or went since the comparison was made; ``since_whole``: see ``Standing``."""

    file: str
    snapshot: str
    current: bool
    since_whole: int
    coverage: dict[str, int]
    passages: tuple[Pair, ...]


def query_file(workspace: Workspace, file: Path, *, year: int | None = None, every: bool = False) -> Passages:
    """The best source of each passage of a file that is not in the collection; ``every``: all its possible sources. Raises NotFound, Invalid."""
    from fazhi.batch import limits_of
    from ingest.readers import Unreadable, iter_sources

    if not file.is_file():
        raise NotFound(f"There is no file {file}.", cure="Name one report, in any format that can be read.")
    sources = list(iter_sources([file], limits=limits_of(workspace.settings)))
    if len(sources) != 1 or isinstance(sources[0], Unreadable):
        raise Invalid(str(sources[0]) if sources else f"There is no text in {file}.", cure="Name a file that holds one report.")
    index = open_reuse(workspace)
    standing = stand(workspace, index)
    pairs = index.query(sources[0].text, name=sources[0].key, year=year)
    return Passages(
        file=str(file), snapshot=standing.snapshot, current=standing.current, since_whole=standing.since_whole,
        coverage={"reports": standing.reports, "without_year": standing.without_year, "without_place": standing.without_place},
        passages=tuple(pair for pair in pairs if every or pair.best),
    )  # fmt: skip
