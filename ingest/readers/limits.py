"""What a reader takes in and what it says where it can't."""

from __future__ import annotations

import msgspec

from fazhi.errors import Invalid

MEGABYTE = 1_000_000


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds that keep one input from taking the machine. Sizes are bytes.

    A text, page, docx or pdf is held in memory whole, so ``max_file_bytes`` bounds it, as it bounds one row of a jsonl file. jsonl files and archives are
    streamed and may be larger.
    """

    max_file_bytes: int = 50 * MEGABYTE
    max_pages: int = 500
    max_unpacked_bytes: int = 500 * MEGABYTE  # of one archive, with all archives inside it
    max_entries: int = 100_000  # of one archive, with all archives inside it
    max_ratio: int = 200  # unpacked to packed; prose packs about 3:1, the worst real tables 60:1
    max_depth: int = 2  # an archive in an archive is read, one more is not
    ocr: bool = True  # pictures of text are read where the extra [ocr] is installed
    ocr_pages: int = 40  # of one document; a page takes some seconds
    ocr_page_seconds: float = 60.0
    ocr_seconds: float = 600.0  # of one document
    converter_seconds: float = 60.0  # for a program that turns .doc into text
    kept_folder: str = ""  # where what was recognised or converted is kept, so that nothing is twice; nowhere if empty

    def less_pages(self, done: int) -> Limits:
        """The same for the rest of a document of which ``done`` pages are recognised."""
        return msgspec.structs.replace(self, ocr_pages=max(0, self.ocr_pages - done))


class CannotRead(Invalid):
    """Raised inside a reader; ``iter_sources`` turns it into an ``Unreadable``. ``kind`` is stable, for counting failures by cause."""

    slug = "unreadable"

    def __init__(self, kind: str, reason: str, cure: str, *, position: int | None = None) -> None:
        super().__init__(reason, cure=cure, position=position)
        self.kind = kind


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """One input that is not in, why, and what would cure it. ``position`` is a line number, counted from 1, in a jsonl file.

    ``kind``: missing, denied, not_a_file, loop, empty, blank, binary, encoding, damaged, unsupported, scanned, no_text, encrypted, too_large, bomb, clash,
    fields.
    """

    name: str
    kind: str
    reason: str
    cure: str = ""
    position: int | None = None

    def __str__(self) -> str:
        where = self.name if self.position is None else f"{self.name} line {self.position}"
        return " ".join(f"{where}: {self.reason} {self.cure}".split())

    def as_error(self) -> CannotRead:
        """The same as an error, for callers that have one input only."""
        return CannotRead(self.kind, f"{self.name}: {self.reason}", self.cure, position=self.position)


def unreadable(name: str, error: CannotRead) -> Unreadable:
    return Unreadable(name=name, kind=error.kind, reason=error.detail, cure=error.cure, position=error.position)


def check_size(size: int, limits: Limits) -> None:
    """Raises CannotRead where a file of ``size`` bytes is over the limit."""
    if size > limits.max_file_bytes:
        raise CannotRead(
            "too_large",
            f"It has {size / MEGABYTE:,.1f} MB; the limit is {limits.max_file_bytes / MEGABYTE:,.1f} MB.",
            "Split it, or raise max_file_bytes.",
        )
