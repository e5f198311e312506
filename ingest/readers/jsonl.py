"""jsonl: one object a line with ``key``, ``text`` or ``html``, and metadata (title, url, published, place, any other field).

Without ``key`` the ``url`` names the row, then ``id``. ``Source.raw`` is the text or html of the row in UTF-8, so that a row and a file of the same bytes
are known as duplicates. The file is read line by line; only a line has to fit ``max_file_bytes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

import msgspec

from ingest.model import Source
from ingest.readers import encoding, reading
from ingest.readers.limits import MEGABYTE, CannotRead, Limits, Unreadable, unreadable

_SHAPE = 'Write each line as {"key": …, "text": …} or {"key": …, "html": …}.'


def iter_rows(name: str, stream: IO[bytes], limits: Limits) -> Iterator[Source | Unreadable]:
    """One Source or Unreadable for each line that is not blank; ``position`` is its line number. A file that is not jsonl at all gives one Unreadable."""
    seen = 0
    for number, line in _iter_lines(stream, limits):
        row = None if line is None else (line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line).strip()
        if row == b"":
            continue
        seen += 1
        try:
            if row is None:
                raise CannotRead("too_large", f"The line is over {limits.max_file_bytes / MEGABYTE:,.1f} MB.", "Split it, or raise max_file_bytes.")
            if seen == 1:
                _check_shape(row)
            yield _read_row(row, limits)
        except CannotRead as error:
            error.position = number
            yield unreadable(name, error)
            if error.kind == "not_jsonl":
                return
    if not seen:
        yield Unreadable(name=name, kind="blank", reason="It holds no line.", cure=_SHAPE)


def count_rows(stream: IO[bytes]) -> int:
    """Lines in the file, blank ones included: for a progress bar."""
    lines, last = 0, b"\n"
    while block := stream.read(1 << 20):
        lines += block.count(b"\n")
        last = block[-1:]
    return lines + (last != b"\n")


def _iter_lines(stream: IO[bytes], limits: Limits) -> Iterator[tuple[int, bytes | None]]:
    """Number and bytes of each line; None for the bytes of a line over the limit, which is skipped without being held."""
    number = 0
    while line := stream.readline(limits.max_file_bytes + 1):
        number += 1
        if len(line) <= limits.max_file_bytes:
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield number, None


def _check_shape(row: bytes) -> None:
    """Raises CannotRead of kind not_jsonl where the first line shows that the rest need not be tried."""
    if row.startswith(b"[") or row == b"{":
        raise CannotRead("not_jsonl", "It is JSON over several lines, not one object a line.", _SHAPE)
    if b"\0" in row:
        raise CannotRead("not_jsonl", "It is not UTF-8 text: it holds NUL bytes.", "Save it as UTF-8, one object a line.")


def _read_row(row: bytes, limits: Limits) -> Source:
    fields = _parse(row)
    text, html = fields.pop("text", None), fields.pop("html", None)
    key = _take_key(fields)
    described = reading.describe(fields)
    if isinstance(text, str) and text:
        encoding.check_damage(text)
        return reading.source_of(key, text.encode(), reading.Reading(text=text, format="txt"), described)
    if isinstance(html, str) and html:
        from ingest.readers.html import read_page

        return reading.source_of(key, html.encode(), read_page(html), described)
    raise CannotRead("fields", f"The row {key} has neither text nor html.", _SHAPE)


def _parse(row: bytes) -> dict[str, Any]:
    try:
        # strict UTF-8 by way of the decoder; other encodings go through the same detection as a text file
        fields = msgspec.json.decode(row if _is_utf8(row) else encoding.decode(row)[0])
    except (msgspec.DecodeError, RecursionError) as error:
        raise CannotRead("fields", f"The line is not JSON ({error}).", _SHAPE) from error
    if not isinstance(fields, dict):
        raise CannotRead("fields", "The line is JSON but not an object.", _SHAPE)
    return fields


def _is_utf8(row: bytes) -> bool:
    try:
        row.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _take_key(fields: dict[str, Any]) -> str:
    for name in ("key", "url", "id"):
        value = fields.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            if name != "url":
                del fields[name]
            return str(value).strip()
    raise CannotRead("fields", "The row has no key.", "Give every row a key that is its own, such as its URL.")
