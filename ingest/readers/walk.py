"""The files that paths stand for, in a fixed order, and the keys they go by.

The key of a file is its path relative to the folder that the user gave, with / between folders; a file that was given by itself goes by its name. Arguments
of which any two would hold the same key are keyed from the closest folder above them all: ``fazhi ingest a/x.txt b/x.txt`` gives a/x.txt and b/x.txt. The
order of arguments changes nothing. With ``root`` keys are relative to it for whatever lies below it, so that they do not depend on what else is given.

Hidden files and folders are passed over, as are the folders that browsers save beside a page (``report_files`` beside ``report.html``). Links are followed,
loops are not.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from ingest.readers.archives import lone_side_file
from ingest.readers.encoding import decode_name
from ingest.readers.files import SIDE_ENDING, File, is_ignored
from ingest.readers.limits import CannotRead, Unreadable, unreadable

_PAGE_ENDINGS = (".html", ".htm", ".shtml", ".xhtml")
_PAGE_FOLDERS = ("_files", ".files", "_file")


class Found(msgspec.Struct, frozen=True):
    """A file on disk: ``parts`` are the names from the argument down, empty for an argument that is a file."""

    path: str
    parts: tuple[str, ...]
    size: int
    side: str | None = None


def iter_files(paths: Sequence[Path], root: Path | None = None) -> Iterator[File | Unreadable]:
    """Every file below ``paths``, folders sorted by name, or why it can't be opened."""
    arguments = _distinct(paths)
    bases = _choose_bases(arguments, root)
    for argument, base in zip(arguments, bases, strict=True):
        prefix = _key_of(argument.relative_to(base).parts)
        for found in iter_found(argument):
            if isinstance(found, Unreadable):
                yield msgspec.structs.replace(found, name=_join(prefix, found.name) or _key_of((argument.name,)))
            else:
                yield File(
                    key=_join(prefix, _key_of(found.parts)),
                    size=found.size,
                    open=lambda path=found.path: open_file(path),  # type: ignore[misc]
                    open_side=(lambda path=found.side: open_file(path)) if found.side else None,  # type: ignore[misc]
                )


def _distinct(paths: Sequence[Path]) -> list[Path]:
    """Absolute, sorted, without those that a folder among them holds anyhow. Links keep their names."""
    arguments = sorted({Path(os.path.abspath(path)) for path in paths})  # noqa: PTH100 - resolve() would follow links
    folders = {argument for argument in arguments if argument.is_dir()}
    return [
        argument
        for argument in arguments
        if not any(folder in folders and not any(is_ignored(part) for part in argument.relative_to(folder).parts) for folder in argument.parents)
    ]


def _choose_bases(arguments: list[Path], root: Path | None) -> list[Path]:
    """For each argument the folder that its keys are relative to."""
    above = Path(os.path.abspath(root)) if root else None  # noqa: PTH100
    bases = [above if above and argument.is_relative_to(above) else argument if argument.is_dir() else argument.parent for argument in arguments]
    if len(arguments) < 2:
        return bases
    owner: dict[int, int] = {}
    clashing: set[int] = set()
    for number, (argument, base) in enumerate(zip(arguments, bases, strict=True)):
        prefix = argument.relative_to(base).parts
        for found in iter_found(argument):
            if isinstance(found, Found):
                first = owner.setdefault(hash(prefix + found.parts), number)
                if first != number:
                    clashing |= {first, number}
    if clashing:
        common = Path(os.path.commonpath([bases[number] for number in clashing]))
        bases = [common if number in clashing else base for number, base in enumerate(bases)]
    return bases


def iter_found(argument: Path) -> Iterator[Found | Unreadable]:
    """Files at or below ``argument``; the names of Unreadables are relative to it."""
    try:
        status = argument.stat()
    except OSError as error:
        yield unreadable("", _explain(error, argument.is_symlink()))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk(str(argument), status)
        return
    if not stat.S_ISREG(status.st_mode):
        yield _no_file("")
        return
    side = Path(str(argument) + SIDE_ENDING)
    yield Found(path=str(argument), parts=(), size=status.st_size, side=str(side) if side.is_file() else None)


def _walk(top: str, status: os.stat_result) -> Iterator[Found | Unreadable]:
    # one element per folder that is open: its entries still to come, its names from the top, and the identities of it and the folders above, to see loops
    opened = _list_folder(top)
    if isinstance(opened, OSError):
        yield unreadable("", _explain(opened))
        return
    stack: list[tuple[tuple[list[os.DirEntry[str]], set[str]], tuple[str, ...], frozenset[tuple[int, int]]]] = [
        (opened, (), frozenset({(status.st_dev, status.st_ino)}))
    ]
    while stack:
        (entries, names), above, identities = stack[-1]
        if not entries:
            stack.pop()
            continue
        entry = entries.pop()
        parts = (*above, entry.name)
        if entry.name.endswith(SIDE_ENDING):
            if entry.name.removesuffix(SIDE_ENDING) not in names:
                yield lone_side_file(_key_of(parts))
            continue
        try:
            status = entry.stat()
        except OSError as error:
            yield unreadable(_key_of(parts), _explain(error, entry.is_symlink()))
            continue
        if stat.S_ISDIR(status.st_mode):
            identity = (status.st_dev, status.st_ino)
            if identity in identities:
                yield Unreadable(name=_key_of(parts), kind="loop", reason="It is a link to a folder above it.", cure="Remove the link.")
                continue
            below = _list_folder(entry.path)
            if isinstance(below, OSError):
                yield unreadable(_key_of(parts), _explain(below))
            else:
                stack.append((below, parts, identities | {identity}))
        elif stat.S_ISREG(status.st_mode):
            side = entry.path + SIDE_ENDING if entry.name + SIDE_ENDING in names else None
            yield Found(path=entry.path, parts=parts, size=status.st_size, side=side)
        else:
            yield _no_file(_key_of(parts))


def _list_folder(path: str) -> tuple[list[os.DirEntry[str]], set[str]] | OSError:
    """Entries in reverse order (to pop from the end), and the names that are there."""
    try:
        with os.scandir(path) as found:
            entries = [entry for entry in found if not is_ignored(entry.name)]
    except OSError as error:
        return error
    names = {entry.name for entry in entries}
    kept = [entry for entry in entries if not _is_page_folder(entry.name, names)]
    return sorted(kept, key=lambda entry: entry.name, reverse=True), names


def _is_page_folder(name: str, names: set[str]) -> bool:
    return any(name.endswith(ending) and any(name.removesuffix(ending) + page in names for page in _PAGE_ENDINGS) for ending in _PAGE_FOLDERS)


def open_file(path: str) -> IO[bytes]:
    """Raises CannotRead in place of OSError."""
    try:
        return open(path, "rb")  # noqa: PTH123 - Path() costs a third of the time of opening a small file; the caller closes
    except OSError as error:
        raise _explain(error) from error


def _explain(error: OSError, is_link: bool = False) -> CannotRead:
    if isinstance(error, PermissionError):
        return CannotRead("denied", "You may not read it.", "Give yourself the right to read it (chmod u+r).")
    if "symbolic link" in str(error).lower() and not isinstance(error, FileNotFoundError):
        return CannotRead("loop", "It is a link that leads back to itself.", "Remove the link.")
    if isinstance(error, FileNotFoundError) and is_link:
        return CannotRead("missing", "It is a link to a file that is not there.", "Remove the link, or put its target back.")
    if isinstance(error, FileNotFoundError):
        return CannotRead("missing", "There is no such file or folder.", "Check the path.")
    return CannotRead("denied", f"The system could not open it ({error.strerror or type(error).__name__}).", "Check the disk or the path.")


def _no_file(name: str) -> Unreadable:
    return Unreadable(name=name, kind="not_a_file", reason="It is a device, pipe or socket, not a file.", cure="Leave it out.")


def _key_of(parts: tuple[str, ...]) -> str:
    return "/".join(_sound(part) for part in parts)


def _sound(name: str) -> str:
    """The name as text that UTF-8 can hold; names in GBK from old disks come out of the system as surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return decode_name(os.fsencode(name))
    return name


def _join(prefix: str, name: str) -> str:
    return f"{prefix}/{name}" if prefix and name else prefix or name
