"""From files to Sources: one bad file gives one Unreadable and never stops the batch."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO

import msgspec

from ingest.model import Source
from ingest.readers import archives, encoding, jsonl, kinds, walk
from ingest.readers.archives import Budget
from ingest.readers.files import SIDE_ENDING, File
from ingest.readers.limits import CannotRead, Limits, Unreadable, check_size, unreadable
from ingest.readers.reading import Described, Reading, describe, source_of

_BLOCK = 1 << 16
_SPOOL_BYTES = 8_000_000  # an archive inside an archive is kept in memory up to this size, else in a temporary file


def iter_sources(paths: Sequence[Path], limits: Limits | None = None, *, root: Path | None = None) -> Iterator[Source | Unreadable]:
    """Read files, folders (sorted, with all below, hidden ones passed over), zip and jsonl, one at a time.

    Each input gives a Source or an Unreadable with its reason and its cure; nothing but the caller's own mistakes raises. Keys follow
    ``ingest.readers.walk``. Equal keys with equal bytes are read once; a key that comes again with other bytes gives an Unreadable. Memory holds one report
    and about 200 bytes for each key.
    """
    bounds = limits or Limits()
    return _without_clashes(item for file in walk.iter_files(paths, root) for item in ([file] if isinstance(file, Unreadable) else read_file(file, bounds)))


def read_bytes(name: str, raw: bytes, limits: Limits | None = None) -> Iterator[Source | Unreadable]:
    """Read what was sent under ``name``, which is its key, such as an upload over HTTP; a zip or jsonl gives many."""
    key = name.encode("utf-8", "backslashreplace").decode()
    return _without_clashes(read_file(File(key=key, size=len(raw), open=lambda: io.BytesIO(raw)), limits or Limits()))


def count_inputs(paths: Sequence[Path]) -> int:
    """How many Sources and Unreadables to expect, for a progress bar: files, lines of jsonl, entries of zip. Cheap: names only, and the bytes of jsonl.

    An archive or a jsonl inside an archive counts as one, and a blank line of jsonl as well.
    """
    return sum(_count(file) for file in walk.iter_files(paths))


def _count(file: File | Unreadable) -> int:
    if isinstance(file, Unreadable):
        return 1
    ending = kinds.ending_of(file.key)
    try:
        if ending in kinds.ROW_ENDINGS:
            with file.open() as stream:
                return max(jsonl.count_rows(stream), 1)
        if ending == ".zip":
            with file.open() as stream:
                return archives.count_entries(stream)
    except (CannotRead, OSError):
        return 1
    return 1


def read_file(file: File, limits: Limits, budget: Budget | None = None, depth: int = 0) -> Iterator[Source | Unreadable]:
    """All that one file gives. ``budget`` and ``depth`` are those of the archives around it."""
    try:
        with file.open() as stream:
            yield from _read_stream(file, stream, limits, budget, depth)
    except CannotRead as error:
        yield unreadable(file.key, error)
    except OSError as error:
        yield Unreadable(
            name=file.key, kind="denied", reason=f"The system could not read it ({error.strerror or type(error).__name__}).", cure="Check the disk."
        )
    except archives.BROKEN:
        yield Unreadable(name=file.key, kind="damaged", reason="The file is broken.", cure="Download or save it again.")
    except Exception as error:  # a library that stumbles over one broken file must not end the batch
        yield Unreadable(name=file.key, kind="damaged", reason=f"The file is broken ({type(error).__name__}).", cure="Download or save it again.")


def _read_stream(file: File, stream: IO[bytes], limits: Limits, budget: Budget | None, depth: int) -> Iterator[Source | Unreadable]:
    head = stream.read(kinds.HEAD_BYTES)
    kind = kinds.kind_of(file.key, head)
    if kind == "zip":
        with _seekable(stream, head) as whole, archives.open_archive(whole) as archive:
            if not archives.is_docx(archive):
                if depth >= limits.max_depth:
                    raise CannotRead("bomb", f"It is an archive inside {depth} archives.", "Unpack the outer archives and ingest the folder.")
                shared = budget or Budget(limits)
                for inner in archives.iter_files(file.key, archive, shared):
                    yield from [inner] if isinstance(inner, Unreadable) else read_file(inner, limits, shared, depth + 1)
                return
        kind = "docx"
        stream.seek(len(head))
    if kind == "jsonl":
        stream.seek(0)
        yield from jsonl.iter_rows(file.key, stream, limits)
        return
    check_size(file.size, limits)
    raw = _read_rest(stream, head, limits)
    beside = None
    if file.open_side:
        try:
            beside = _read_side(file, limits)
        except CannotRead as error:
            yield unreadable(file.key + SIDE_ENDING, error)
    yield source_of(file.key, raw, _read_report(kind, raw, limits), beside)


def _read_report(kind: kinds.Kind, raw: bytes, limits: Limits) -> Reading:
    # imported here: a folder of plain text should not wait for the libraries of docx, pdf and html
    if kind == "html":
        from ingest.readers.html import read_html

        return read_html(raw)
    if kind == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(raw, limits)
    if kind == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(raw, limits)
    if kind == "image":
        from ingest.readers.pictures import read_picture

        return read_picture(raw, limits)
    if kind == "ole":
        from ingest.readers.old_word import read_old_word

        return read_old_word(raw, limits)
    from ingest.readers.text import read_text

    return read_text(raw)


def _read_rest(stream: IO[bytes], head: bytes, limits: Limits) -> bytes:
    """All bytes, in blocks: an archive's entry whose list lies about its size is unpacked no further than the limit."""
    blocks, size = [head], len(head)
    while block := stream.read(_BLOCK):
        blocks.append(block)
        size += len(block)
        check_size(size, limits)
    return b"".join(blocks)


def _seekable(stream: IO[bytes], head: bytes) -> AbstractContextManager[IO[bytes]]:
    """A stream that zipfile can jump about in: the file itself, or a copy of an entry, which would be unpacked anew for each jump back."""
    if not isinstance(stream, zipfile.ZipExtFile):
        return nullcontext(stream)
    copy = tempfile.SpooledTemporaryFile(_SPOOL_BYTES)  # noqa: SIM115 - the caller closes
    copy.write(head)
    shutil.copyfileobj(stream, copy, _BLOCK)
    copy.seek(0)
    return copy


def _read_side(file: File, limits: Limits) -> Described:
    assert file.open_side
    with file.open_side() as stream:
        raw = stream.read(limits.max_file_bytes + 1)
    check_size(len(raw), limits)
    try:
        fields = msgspec.json.decode(encoding.decode(raw)[0].lstrip("\ufeff"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise CannotRead(
            "fields", f"It is not JSON ({error}); the report is in without it.", 'Write it as {"title": …, "url": …, "published": …, "place": …}.'
        ) from error
    if not isinstance(fields, dict):
        raise CannotRead(
            "fields", "It is JSON but not an object; the report is in without it.", 'Write it as {"title": …, "url": …, "published": …, "place": …}.'
        )
    return describe(fields)


def _without_clashes(items: Iterable[Source | Unreadable]) -> Iterator[Source | Unreadable]:
    seen: dict[bytes, bytes] = {}
    for item in items:
        if isinstance(item, Source):
            key, content = hashlib.blake2b(item.key.encode(), digest_size=8).digest(), hashlib.blake2b(item.raw, digest_size=8).digest()
            first = seen.setdefault(key, content)
            if first is content:
                yield item
            elif first != content:
                yield Unreadable(
                    name=item.key,
                    kind="clash",
                    reason="The key comes twice in this batch, with different bytes; the first is in.",
                    cure="Give each report a key of its own.",
                )
        else:
            yield item
