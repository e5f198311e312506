"""`fazhi backup` and `fazhi restore`: archive, originals and reviewed names in one file. Graph and text index are made anew from them.

The rows in it are plain values, so that what was SQLite can become PostgreSQL and the other way round.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import fazhi
from archive import rows, schema
from archive.store import Archive, now
from fazhi import backup_file
from fazhi.backup_file import Head
from fazhi.errors import Conflict, FazhiError, NotFound, Unavailable
from fazhi.reviewed import use_overlay
from fazhi.workspace import RESTORING, Workspace

if TYPE_CHECKING:
    from fazhi.settings import Settings

log = logging.getLogger(__name__)

_TRIES = 3  # each with a new state of the archive, where documents are deleted under the backup
_AT_ONCE = 64  # originals that are written together
_ELSEWHERE = "Name a new data folder with --home (and a new database in FAZHI_ARCHIVE, if that is set)."


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the file. ``missing``: originals that were gone or damaged, so that they are not."""

    file: str
    documents: int
    originals: int
    missing: tuple[str, ...]
    bytes: int
    snapshot: str
    seconds: float


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """``revision``: of the tables in the backup; ``missing`` as in ``Backup``."""

    home: str
    documents: int
    originals: int
    missing: tuple[str, ...]
    revision: str
    created: str
    snapshot: str
    seconds: float


class _Marker(msgspec.Struct, frozen=True):
    file: str
    mark: str
    since: str


class _Deleted(Exception):
    """A document that the backup speaks of was deleted before its original was read."""


# -- writing ---------------------------------------------------------------------------------------------------------------------------------------------


def write(workspace: Workspace, path: Path, *, replace: bool = False) -> Backup:
    """Copy the state of this moment into a file, while others may go on writing.

    Raises Conflict where the file is there already, unless ``replace``; Unavailable where it can't be written.
    """
    began = time.monotonic()
    path = path.absolute()
    if path.exists() and not (replace and path.is_file()):
        raise Conflict(f"{path} is there already.", cure="Choose another name, or --force to replace the file.")
    for _ in range(_TRIES):
        try:
            with backup_file.writing(path) as writer:
                snapshot = _write_state(workspace, writer)
        except _Deleted:
            log.info("a document was deleted under the backup, which begins again")
            continue
        except OSError as error:
            raise Unavailable(f"The backup {path} can't be written: {error.strerror or error}.", cure="See that its folder is there and has room.") from None
        manifest = writer.manifest
        return Backup(
            file=str(path),
            documents=manifest.rows.get("documents", 0),
            originals=manifest.originals,
            missing=tuple(manifest.missing),
            bytes=path.stat().st_size,
            snapshot=snapshot,
            seconds=round(time.monotonic() - began, 3),
        )
    raise Conflict("Documents were being deleted under the backup.", cure="Run it again once that is done.")


def _write_state(workspace: Workspace, writer: backup_file.Writer) -> str:
    archive = workspace.archive
    with rows.one_state(archive) as connection:
        snapshot = archive.snapshot_of(connection)
        tables = rows.describe_tables()
        head = Head(format=backup_file.FORMAT, program=fazhi.__version__, revision=schema.HEAD, created=now(), snapshot=snapshot, tables=tables)
        writer.add("backup.json", msgspec.json.encode(head))
        for path in _overlay_files(workspace.settings.vocabulary_folder):
            writer.add(f"vocabulary/{path.name}", path.read_bytes())
        for table in tables:
            for count, lines in rows.dump(connection, table):
                writer.add_rows(table, count, lines)
        for version in rows.list_versions(connection):
            try:
                writer.add_original(version, archive.originals.get(version))
            except NotFound:
                if not rows.names_version(archive, version):
                    raise _Deleted from None
                writer.add_missing(version)
    return snapshot


def _overlay_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith(".")) if folder.is_dir() else []


# -- restoring -------------------------------------------------------------------------------------------------------------------------------------------


def restore(settings: Settings, path: Path) -> Restored:
    """Fill an empty data folder (and archive) from a backup, then graph and index from that.

    The backup is read and checked whole before anything is written. Until archive and originals are complete nobody can open the folder; a restore that was cut
    off is run again. Raises NotFound, Invalid for a damaged file, Conflict for a folder that is not empty.
    """
    began = time.monotonic()
    head, manifest, mark = backup_file.verify(path)
    if head.revision > schema.HEAD:
        raise Conflict(f"The backup was written by a newer version of fazhi-graph ({head.program}).", cure="Use that version, or a newer one.")
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"The data folder {settings.home} can't be made: {error.strerror}.", cure=_ELSEWHERE) from None
    with Workspace(settings) as workspace, workspace.writing("restore"):
        marker = settings.home / RESTORING
        cut_off = _read_marker(marker)
        if rows.find_content(workspace.archive) is None:
            if cut_off is None:
                _refuse_files(workspace)
            _put_marker(marker, _Marker(str(path.absolute()), mark, now()))
            _put_files(workspace, path)
            rows.fill(workspace.archive, head.revision, head.tables, lambda: _rows_of(path), mark)
        elif cut_off is None or rows.mark_of(workspace.archive) != mark or cut_off.mark != mark:
            raise _not_empty(workspace.archive, settings, mark)
        if cut_off is not None:
            workspace.archive.sweep_originals()  # of another backup that was tried before
        marker.unlink(missing_ok=True)
        use_overlay(settings)
        try:
            _rebuild(workspace)
        except FazhiError as error:
            raise Unavailable(
                f"Archive and originals are restored, but not graph and index: {error.detail}", cure=f"{error.cure} Then run `fazhi rebuild`.".strip()
            ) from error
        snapshot = workspace.archive.snapshot()
    return Restored(
        home=str(settings.home),
        documents=manifest.rows.get("documents", 0),
        originals=manifest.originals,
        missing=tuple(manifest.missing),
        revision=head.revision,
        created=head.created,
        snapshot=snapshot,
        seconds=round(time.monotonic() - began, 3),
    )


def _rebuild(workspace: Workspace) -> None:
    from fazhi import projection

    projection.rebuild(workspace, None)


def _not_empty(archive: Archive, settings: Settings, mark: str) -> Conflict:
    if rows.mark_of(archive) == mark:
        return Conflict(f"This backup has been restored into {settings.home} already.", cure="If graph or index are not complete, run `fazhi rebuild`.")
    return Conflict(f"The archive of {settings.home} is not empty: it has {rows.find_content(archive)}.", cure=_ELSEWHERE)


def _refuse_files(workspace: Workspace) -> None:
    settings = workspace.settings
    if next(workspace.archive.originals.iter_versions(), None) is not None:
        raise Conflict(f"There are original files in {settings.originals or settings.home / 'originals'}.", cure=_ELSEWHERE)
    if _overlay_files(settings.vocabulary_folder):
        raise Conflict(f"There are reviewed names in {settings.vocabulary_folder}.", cure=_ELSEWHERE)


def _read_marker(marker: Path) -> _Marker | None:
    try:
        return msgspec.json.decode(marker.read_bytes(), type=_Marker)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Marker("", "", "")


def _put_marker(marker: Path, content: _Marker) -> None:
    temporary = marker.with_name(f".{marker.name}.new")
    temporary.write_bytes(msgspec.json.encode(content))
    temporary.replace(marker)


def _put_files(workspace: Workspace, path: Path) -> None:
    folder = workspace.settings.vocabulary_folder
    for left in _overlay_files(folder):  # of a restore that was cut off
        left.unlink()
    waiting: dict[str, bytes] = {}
    for name, content in backup_file.read(path):
        kind, _, rest = name.partition("/")
        if kind == "vocabulary":
            folder.mkdir(parents=True, exist_ok=True)
            (folder / rest).write_bytes(content)
        elif kind == "originals":
            waiting[rest] = content
            if len(waiting) >= _AT_ONCE:
                workspace.archive.originals.put(waiting)
                waiting = {}
    workspace.archive.originals.put(waiting)


def _rows_of(path: Path) -> rows.Rows:
    for name, content in backup_file.read(path):
        kind, _, rest = name.partition("/")
        if kind == "rows":
            yield rest.partition("/")[0], rows.read_lines(content)
