"""The file that `fazhi backup` writes: a gzipped tar that any tar unpacks.

    backup.json                 format, version of the program, revision of the tables, {table: columns}, when, snapshot
    rows/TABLE/00001.jsonl      rows, one JSON array a line, bytes in base64
    vocabulary/NAME.yaml        reviewed names
    originals/SHA256            the original files, named by the hash of their bytes
    manifest.json               last: sha256 of every other file but the originals, rows of each table, number and digest of the originals

What is cut off has no manifest; what is damaged does not agree with it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from fazhi.errors import Invalid, NotFound

_Form = TypeVar("_Form")
FORMAT = 1
_NAMES = re.compile(r"backup\.json|manifest\.json|rows/[a-z_]{1,60}/[0-9]{5,9}\.jsonl|vocabulary/[\w-][\w.-]{0,200}\.yaml|originals/[0-9a-f]{64}", re.ASCII)
_DAMAGED = "The backup {} is damaged or cut off: {}."
_CURE = "Use another backup; nothing was changed."


class Head(msgspec.Struct, frozen=True, kw_only=True):
    format: int
    program: str  # version of fazhi-graph
    revision: str  # of the tables
    created: str  # ISO time
    snapshot: str
    tables: dict[str, list[str]]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """``missing`` are originals that were gone or damaged when the backup was made."""

    members: dict[str, str]
    rows: dict[str, int]
    originals: int
    originals_digest: str
    missing: list[str]
    checksum: str = ""  # of the rest of it; backups made before there was one have none

    def sealed(self) -> Manifest:
        rest = msgspec.structs.replace(self, checksum="")
        return msgspec.structs.replace(self, checksum=hashlib.sha256(msgspec.json.encode(rest)).hexdigest())


class Writer:
    """Use ``writing``. Members may be added in any order; the manifest comes by itself."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._members: dict[str, str] = {}
        self._rows: dict[str, int] = {}
        self._originals = 0
        self._digest = hashlib.sha256()
        self._missing: list[str] = []

    def add(self, name: str, content: bytes) -> None:
        self._members[name] = hashlib.sha256(content).hexdigest()
        self._put(name, content)

    def add_rows(self, table: str, count: int, lines: bytes) -> None:
        parts = sum(name.startswith(f"rows/{table}/") for name in self._members)
        self.add(f"rows/{table}/{parts + 1:05}.jsonl", lines)
        self._rows[table] = self._rows.get(table, 0) + count

    def add_original(self, version: str, content: bytes) -> None:
        """In the order of their names."""
        self._originals += 1
        self._digest.update(version.encode())
        self._put(f"originals/{version}", content)

    def add_missing(self, version: str) -> None:
        self._missing.append(version)

    @property
    def manifest(self) -> Manifest:
        digest = self._digest.hexdigest()
        return Manifest(members=self._members, rows=self._rows, originals=self._originals, originals_digest=digest, missing=self._missing).sealed()

    def finish(self) -> None:
        self._put("manifest.json", msgspec.json.encode(self.manifest))

    def _put(self, name: str, content: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self._archive.addfile(entry, io.BytesIO(content))


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """The file appears under its name once the block has ended and every byte is on disk; an error leaves nothing. Only its owner may read it."""
    sweep(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - it is a descriptor
            with (
                gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
            ):
                writer = Writer(archive)
                yield writer
                writer.finish()
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep(path: Path) -> None:
    """Take away what killed backups to this file have left."""
    for left in path.parent.glob(f".{path.name}.*.part"):
        pid = left.name.split(".")[-2]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            left.unlink(missing_ok=True)
        except (ValueError, OSError):
            continue


def read(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every file in it, to the very end. Raises NotFound, Invalid for what is damaged or no backup."""
    try:
        file = path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound(f"There is no backup {path}.", cure="Name the file that `fazhi backup` wrote.") from None
    began = False
    with file:
        try:
            with gzip.GzipFile(fileobj=file, mode="rb") as packed:
                with tarfile.open(fileobj=packed, mode="r|") as archive:
                    for entry in archive:
                        if not entry.isreg() or not _NAMES.fullmatch(entry.name):
                            raise Invalid(f"{path} is not a backup of fazhi-graph: it holds {entry.name!r}.", cure="Name a file that `fazhi backup` wrote.")
                        began = True
                        content = archive.extractfile(entry)
                        assert content is not None
                        yield entry.name, _read_whole(content, entry.size)
                while rest := packed.read(1 << 20):  # the checksum stands at the end
                    if rest.strip(b"\0"):
                        raise EOFError("there is more after its end")
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, UnicodeDecodeError) as error:
            if not began:
                raise Invalid(f"{path} is not a backup of fazhi-graph, or damaged: {error}.", cure="Name a file that `fazhi backup` wrote.") from None
            raise Invalid(_DAMAGED.format(path, error), cure=_CURE) from None


def verify(path: Path) -> tuple[Head, Manifest, str]:
    """Read all of it and compare it with its manifest. Returns what it says of itself, and its mark (64 hex digits). Raises NotFound, Invalid."""
    head: Head | None = None
    manifest: Manifest | None = None
    mark = ""
    found: dict[str, str] = {}
    originals, digest = 0, hashlib.sha256()
    for name, content in read(path):
        if manifest is not None:
            raise Invalid(_DAMAGED.format(path, "there is more after its end"), cure=_CURE)
        if name == "manifest.json":
            manifest, mark = _decode(path, content, Manifest), hashlib.sha256(content).hexdigest()
            continue
        version = name.removeprefix("originals/") if name.startswith("originals/") else None
        checksum = hashlib.sha256(content).hexdigest()
        if version is None:
            found[name] = checksum
        elif checksum != version:
            raise Invalid(_DAMAGED.format(path, f"{name} has other bytes"), cure=_CURE)
        else:
            originals += 1
            digest.update(version.encode())
        if name == "backup.json":
            head = _decode(path, content, Head)
            if head.format != FORMAT:
                raise Invalid(f"The backup {path} has the format {head.format}, which this version does not know.", cure="Use the version that wrote it.")
    if head is None or manifest is None:
        raise Invalid(_DAMAGED.format(path, "its end is missing"), cure=_CURE)
    if manifest.checksum and manifest != manifest.sealed():
        raise Invalid(_DAMAGED.format(path, "its manifest has other bytes"), cure=_CURE)
    wrong = sorted(name for name in found.keys() | manifest.members.keys() if found.get(name) != manifest.members.get(name))
    if wrong or (originals, digest.hexdigest()) != (manifest.originals, manifest.originals_digest):
        raise Invalid(_DAMAGED.format(path, f"{wrong[0] if wrong else 'the list of originals'} does not agree with its manifest"), cure=_CURE)
    return head, manifest, mark


def _decode(path: Path, content: bytes, form: type[_Form]) -> _Form:
    try:
        return msgspec.json.decode(content, type=form)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(_DAMAGED.format(path, error), cure=_CURE) from None


def _read_whole(content: IO[bytes], size: int) -> bytes:
    raw = content.read()
    if len(raw) != size:
        raise EOFError("a file in it is cut off")
    return raw
