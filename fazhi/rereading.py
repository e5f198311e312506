"""A stored report as today's reader would hand it on, without the file that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ingest.model import Source
    from ingest.readers import Limits
    from ingest.readers.reading import Reading

_TAKEN_OUT = ("html", "docx", "pdf")  # formats whose text depends on the reader; of the others every character is the file's own


def read_again(source: Source, limits: Limits) -> Source:
    """Text, tables and what was recognised come from reading the bytes again; title, address, date, place and metadata stay as they were told.

    A file that today's reader refuses keeps the text that it had.
    """
    if source.format not in _TAKEN_OUT:
        return source
    from ingest.readers import CannotRead

    try:
        found = _read(source, limits)
    except (CannotRead, UnicodeError):
        return source
    return msgspec.structs.replace(source, text=found.text, tables=found.tables, recognised=found.recognised)


def _read(source: Source, limits: Limits) -> Reading:
    if source.format == "docx":
        from ingest.readers.docx import read_docx

        return read_docx(source.raw, limits)
    if source.format == "pdf":
        from ingest.readers.pdf import read_pdf

        return read_pdf(source.raw, limits)
    from ingest.readers.html import read_page

    # as it was decoded then: a jsonl row is UTF-8 here, whatever its page declares
    return read_page(source.raw.decode(source.encoding, "replace"), source.encoding)
