"""txt and md. The text is the exact characters of the file, byte order mark and line ends included."""

from __future__ import annotations

from ingest.readers import encoding
from ingest.readers.reading import Reading


def read_text(raw: bytes) -> Reading:
    """Raises CannotRead for blanks, binary and damaged text."""
    text, name = encoding.decode(raw)
    return Reading(text=text, format="txt", encoding=name)
