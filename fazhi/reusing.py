"""Text reuse of a data folder: its reports compared with each other, kept below ``reuse`` in the folder and made anew when the collection has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from archive.model import Document
from archive.store import Archive
from diffusion.reuse import Index, Item, Pair, build
from diffusion.reuse.model import Options
from fazhi.errors import Invalid, NotFound
from fazhi.workspace import Workspace
from ingest.model import Frame

FOLDER = "reuse"
_ORDER = re.compile(r"(?:通知|意见|方案|办法|规划|要点|决定|通告)(?:》)?(?:的?通知)?$")
_REPORT = re.compile(r"(?:报告|总结|汇报|述法|情况)(?:（.{1,14}）)?$")


class Framed(msgspec.Struct):
    frame: Frame


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A built comparison and whether the collection is still what it was made from. ``coverage``: what there was to compare."""

    snapshot: str
    current: bool
    reports: int
    characters: int
    without_year: int
    without_place: int
    pairs: dict[str, int]
    templates: int


def gather(archive: Archive) -> list[Item]:
    """Every counted report as reuse compares it: whose, of which year, and whether it is an order of a superior."""
    return [_item_of(archive, document, form.frame) for document, form in archive.scan(Framed)]


def _item_of(archive: Archive, document: Document, frame: Frame) -> Item:
    title = frame.title or document.title or ""
    order = bool(_ORDER.search(title)) and not _REPORT.search(title)
    place = document.place
    county, _, town = (place or "").partition("/")
    superior = bool(place) and not town
    names = (document.place_name,) if document.place_name and not superior else tuple(document.path[-1:])
    return Item(
        key=document.key, text=archive.text(document.report), unit=place or document.key, county=county if len(county) == len("cn:350524") else "",
        year=document.year, issued=frame.signed or document.published, superior=superior, order=order and superior, names=tuple(name for name in names if name),
    )  # fmt: skip


def build_reuse(workspace: Workspace, *, report: Callable[[str, int, int], None] | None = None, again: bool = False) -> Index:
    """Compare all reports with each other and keep the result; what was made from the same collection with the same options is not made again."""
    snapshot, options, folder = workspace.archive.snapshot(), Options(), workspace.settings.home / FOLDER
    index = Index.open(folder)
    if index is not None and not again and (index.meta.snapshot, index.meta.options) == (snapshot, options):
        return index
    return Index.save(folder, build(gather(workspace.archive), options, threads=workspace.settings.workers, report=report), snapshot, options)


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
    )  # fmt: skip


class Passages(msgspec.Struct, frozen=True, kw_only=True):
    """What ``reuse query`` answers. ``current`` is False where reports came or went since the comparison was made."""

    file: str
    snapshot: str
    current: bool
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
        file=str(file), snapshot=standing.snapshot, current=standing.current,
        coverage={"reports": standing.reports, "without_year": standing.without_year, "without_place": standing.without_place},
        passages=tuple(pair for pair in pairs if every or pair.best),
    )  # fmt: skip
