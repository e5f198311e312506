"""zip: the files inside, under keys such as ``2023.zip!/安溪县/参内镇.txt``.

Nothing is ever written to disk under a name from the archive, so a name such as ../../etc/passwd can do no harm; its key is etc/passwd. Sizes are checked
from the archive's own list before anything is unpacked, summed over archives inside the archive. zipfile unpacks no more of an entry than the list says as
long as it is read block by block.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from ingest.readers.encoding import decode_name
from ingest.readers.files import SIDE_ENDING, File, is_ignored
from ingest.readers.limits import MEGABYTE, CannotRead, Limits, Unreadable

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, IndexError, OverflowError)
_INSIDE = "!/"
_PASSWORD_FLAG = 0x1
_UTF8_FLAG = 0x800
_UNICODE_PATH = b"\x75\x70"  # extra field in which Info-ZIP and WinRAR put the UTF-8 name
_RATIO_FLOOR = MEGABYTE  # below this a high ratio is a repetitive little file, not a bomb
_AGAIN = "Download or pack it again."
_EXPORT = "Save the report as .docx, .pdf with a text layer, or .txt and ingest that."
_OTHER_OFFICE = (
    ("xl/workbook.xml", "It is an Excel file (.xlsx)."),
    ("ppt/presentation.xml", "It is a PowerPoint file (.pptx)."),
    ("OFD.xml", "It is an OFD file (.ofd)."),
    ("META-INF/container.xml", "It is an e-book (.epub)."),
    ("META-INF/manifest.xml", "It is an OpenDocument file (.odt)."),
)


class Budget:
    """What may still be unpacked of one archive, with all archives inside it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = limits.max_unpacked_bytes
        self.entries = limits.max_entries

    def take(self, entries: list[zipfile.ZipInfo]) -> None:
        """Raises CannotRead where the list of an archive shows more than may be unpacked."""
        unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
        self.entries -= len(entries)
        self.bytes -= unpacked
        if self.entries < 0:
            raise CannotRead("bomb", f"The archive has more than {self.limits.max_entries:,} entries.", "Split it, or unpack it and ingest the folder.")
        if _is_bomb(unpacked, packed, self.limits):
            raise CannotRead("bomb", f"It is a zip bomb: it unpacks to {unpacked // max(packed, 1):,} times its size.", "Leave it out.")
        if self.bytes < 0:
            raise CannotRead(
                "bomb",
                f"The archive unpacks to {unpacked / MEGABYTE:,.1f} MB, over the limit of {self.limits.max_unpacked_bytes / MEGABYTE:,.1f} MB in all.",
                "Unpack it and ingest the folder, or raise max_unpacked_bytes.",
            )


def _is_bomb(unpacked: int, packed: int, limits: Limits) -> bool:
    return unpacked > _RATIO_FLOOR and unpacked > limits.max_ratio * max(packed, 1)


def open_archive(stream: IO[bytes]) -> zipfile.ZipFile:
    """Raises CannotRead where it is broken."""
    try:
        return zipfile.ZipFile(stream)
    except BROKEN as error:
        raise CannotRead("damaged", "The archive is broken.", _AGAIN) from error


def is_docx(archive: zipfile.ZipFile) -> bool:
    """Whether the zip is a docx rather than an archive of files. Raises CannotRead for office files of other kinds."""
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return True
    for sign, reason in _OTHER_OFFICE:
        if sign in names and names & {"[Content_Types].xml", "OFD.xml", "mimetype"}:
            raise CannotRead("unsupported", reason, _EXPORT)
    return False


def entry_name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry as its maker meant it, with / between folders and nothing that leads outside; a folder ends in /.

    Archives from Chinese Windows hold GBK names without saying so; zipfile shows these as code page 437.
    """
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        try:
            name = _unicode_path(entry.extra) or decode_name(entry.orig_filename.encode("cp437"))
        except UnicodeEncodeError:
            name = entry.filename  # not from code page 437 after all
    parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."} and not (len(part) == 2 and part[1] == ":")]
    return "/".join(parts) + ("/" if name.endswith(("/", "\\")) else "")


def _unicode_path(extra: bytes) -> str | None:
    """Name in the Info-ZIP Unicode path field: two bytes id, two length, one version, four checksum, the name in UTF-8."""
    while len(extra) >= 4:
        length = int.from_bytes(extra[2:4], "little")
        if extra[:2] == _UNICODE_PATH and length > 5:
            try:
                return extra[9 : 4 + length].decode("utf-8")
            except UnicodeDecodeError:
                return None
        extra = extra[4 + length :]
    return None


def _list_files(archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], list[str]]:
    """Entries that are files by name, hidden ones left out, and the names that come again; the first of each counts."""
    entries: dict[str, zipfile.ZipInfo] = {}
    again = []
    for entry in archive.infolist():
        name = entry_name(entry)
        if not name or name.endswith("/") or any(is_ignored(part) for part in name.split("/")):
            continue
        if name in entries:
            again.append(name)
        else:
            entries[name] = entry
    return entries, again


def count_entries(stream: IO[bytes]) -> int:
    """Files inside, archives counted as one, for a progress bar; 1 where the archive is broken or a docx."""
    try:
        with open_archive(stream) as archive:
            if is_docx(archive):
                return 1
            return sum(1 for name in _list_files(archive)[0] if not name.endswith(SIDE_ENDING))
    except CannotRead:
        return 1


def iter_files(name: str, archive: zipfile.ZipFile, budget: Budget) -> Iterator[File | Unreadable]:
    """The files of the archive ``name``, sorted by name. Raises CannotRead, before the first, where the archive is over the budget."""
    budget.take(archive.infolist())
    entries, again = _list_files(archive)
    for inner in again:
        yield Unreadable(name=name + _INSIDE + inner, kind="clash", reason="The archive holds this name twice; the first is read.", cure="Pack it again.")
    for inner in sorted(entries):
        if inner.endswith(SIDE_ENDING):
            if inner.removesuffix(SIDE_ENDING) not in entries:
                yield lone_side_file(name + _INSIDE + inner)
            continue
        side = entries.get(inner + SIDE_ENDING)
        yield File(
            key=name + _INSIDE + inner,
            size=entries[inner].file_size,
            open=lambda entry=entries[inner]: _open_entry(archive, entry, budget.limits),  # type: ignore[misc]
            open_side=(lambda entry=side: _open_entry(archive, entry, budget.limits)) if side else None,  # type: ignore[misc]
        )


def lone_side_file(name: str) -> Unreadable:
    return Unreadable(name=name, kind="fields", reason="It describes a file that is not there.", cure="Put the file back beside it, or remove it.")


def _open_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> IO[bytes]:
    if entry.flag_bits & _PASSWORD_FLAG:
        raise CannotRead("encrypted", "It is protected by a password.", "Unpack the archive with the password and ingest the folder.")
    if _is_bomb(entry.file_size, entry.compress_size, limits):
        raise CannotRead("bomb", f"It is a zip bomb: it unpacks to {entry.file_size // max(entry.compress_size, 1):,} times its size.", "Leave it out.")
    try:
        return archive.open(entry)
    except NotImplementedError as error:
        raise CannotRead("unsupported", "It is packed in a way that is not read.", "Unpack the archive and ingest the folder.") from error
    except (RuntimeError, *BROKEN) as error:
        raise CannotRead("damaged", "Its entry in the archive is broken.", _AGAIN) from error
