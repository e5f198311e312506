"""pdf with a text layer: page after page, lines as they stand, page numbers and running heads left out.

Lines are not joined to paragraphs here; broken lines are mended with everybody else's in ``ingest.text``. Where a page's text is stored in another order
than it is read (stamps, programs that write from the bottom up) its lines are sorted from the top.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from threading import Lock
from typing import Any

from ingest.readers.encoding import check_damage
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.reading import Reading, iso_date

_PDFIUM = Lock()  # PDFium holds global state: one thread at a time
_PAGE_NUMBER = re.compile(r"^[\s—\-–－_~·•.]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:[\s,，/共]+\d{1,3}\s*页?)?[\s—\-–－_~·•.]*$")
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\ufffe\uffff\x00-\x08\x0e-\x1f]")
_FEW_CHARACTERS = 10  # a page with less is a picture, or empty
_OCR = "Run OCR on it (for example with OCRmyPDF) and ingest the result, or save its text as .txt."
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_WRONG_ORDER_SHARE = 0.15


def read_pdf(raw: bytes, limits: Limits) -> Reading:
    """Raises CannotRead for scans, passwords, broken files and more than ``max_pages`` pages."""
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
                raise CannotRead("encrypted", "It is protected by a password.", "Print or save it as a pdf without the password and ingest that.") from error
            raise CannotRead("damaged", "The pdf is broken.", "Download or save it again.") from error
        try:
            if len(document) > limits.max_pages:
                raise CannotRead(
                    "too_large", f"It has {len(document):,} pages; the limit is {limits.max_pages:,}.", "Cut the report out of it, or raise max_pages."
                )
            pages = [_read_page(document, number) for number in range(len(document))]
            told = {name: value for name, value in document.get_metadata_dict(skip_empty=True).items() if _is_sound(value)}
        finally:
            document.close()
    return _reading_of(pages, told)


def _read_page(document: Any, number: int) -> list[str]:
    page = document[number]
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if not count:
            return []
        if _is_out_of_order(layer):
            return _lines_from_top(layer)
        # a soft hyphen at a line's end comes as U+FFFE, form feeds and the like as controls
        return [_UNUSABLE.sub("", line).rstrip() for line in str(layer.get_text_range()).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    finally:
        layer.close()
        page.close()


def _boxes(layer: Any) -> list[tuple[float, float, float, float]]:
    return [box for box in (layer.get_rect(index) for index in range(layer.count_rects())) if box[3] > box[1]]


def _is_out_of_order(layer: Any) -> bool:
    """Whether lines jump up the page again and again in the same column. One jump to the top of the next column is no fault."""
    boxes = _boxes(layer)
    jumps = sum(
        1
        for (left, bottom, right, top), (next_left, next_bottom, next_right, next_top) in pairwise(boxes)
        if next_bottom >= top and min(right, next_right) > max(left, next_left)
    )
    return jumps > max(2, _WRONG_ORDER_SHARE * len(boxes))


def _lines_from_top(layer: Any) -> list[str]:
    """Lines from the top of the page down, the runs of a line from left to right."""
    rows: list[list[tuple[float, float, float, float]]] = []
    for box in sorted(_boxes(layer), key=lambda box: -(box[1] + box[3])):
        middle = (box[1] + box[3]) / 2
        if rows and rows[-1][0][1] < middle < rows[-1][0][3]:
            rows[-1].append(box)
        else:
            rows.append([box])
    lines = ("".join(str(layer.get_text_bounded(*box)) for box in sorted(row)) for row in rows)
    return [_UNUSABLE.sub("", " ".join(line.split())) for line in lines]


def _reading_of(pages: list[list[str]], told: dict[str, str]) -> Reading:
    empty = [number for number, lines in enumerate(pages, 1) if sum(len(line.strip()) for line in lines) < _FEW_CHARACTERS]
    if len(empty) == len(pages):
        raise CannotRead("scanned", "It has no text layer: its pages are pictures.", _OCR)
    kept = _drop_margins(pages)
    text = "\n".join(line for lines in kept for line in lines)
    strange = len(_PRIVATE.findall(text))
    if strange > 0.2 * len(text):
        raise CannotRead("scanned", "Its text layer is unusable: the fonts do not say which characters they draw.", _OCR)
    check_damage(text)
    metadata: dict[str, Any] = {
        name.lower(): value for name, value in told.items() if name in {"Author", "Creator", "Producer", "Keywords", "Subject", "Title"}
    }
    metadata["pages"] = len(pages)
    if empty:
        metadata["pages_without_text"] = empty
    title = told.get("Title", "").strip()
    shown = title and "".join(title.split()) in "".join(text[:2000].split())
    if created := iso_date(told.get("CreationDate", "").removeprefix("D:")[:8]):
        metadata["created"] = created
    return Reading(text=text, format="pdf", title=title if shown else None, metadata=metadata)


def _drop_margins(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers, and without a first or last line that stands on most of at least three pages."""
    stripped = [_drop_page_number(lines) for lines in pages]
    for edge in (0, -1):
        counts = Counter(lines[edge].strip() for lines in stripped if lines)
        line, count = counts.most_common(1)[0] if counts else ("", 0)
        if line and count >= 3 and count > len(stripped) / 2:
            # the title itself may be the running head: it stays on the first page
            stripped = [_drop_edge(lines, edge, line) if number or edge else lines for number, lines in enumerate(stripped)]
    return stripped


def _drop_page_number(lines: list[str]) -> list[str]:
    kept = [line for line in lines if line.strip()]
    if kept and _PAGE_NUMBER.match(kept[-1]):
        kept = kept[:-1]
    if kept and _PAGE_NUMBER.match(kept[0]):
        kept = kept[1:]
    return kept


def _is_sound(value: str) -> bool:
    return bool(value.strip()) and not _UNUSABLE.search(value)


def _drop_edge(lines: list[str], edge: int, line: str) -> list[str]:
    if not lines or lines[edge].strip() != line:
        return lines
    return lines[:-1] if edge else lines[1:]
