"""pdf: page after page, lines as they stand, page numbers and running heads left out, ruled tables as rows; scanned pages where ``[ocr]`` is installed.

Lines are not joined to paragraphs here; broken lines are mended with everybody else's in ``ingest.text``. Where a page's text is stored in another order
than it is read (stamps, programs that write from the bottom up) its lines are sorted from the top.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from threading import Lock
from typing import Any

from ingest.readers import ocr
from ingest.readers.encoding import check_damage
from ingest.readers.grid import Row, build_tables, is_data, lay_out, words_of
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.ocr import Readout
from ingest.readers.ocr_worker import Job
from ingest.readers.page_grid import Line, arrange
from ingest.readers.pdf_tables import RuledTable, find_ruled
from ingest.readers.pictures import MOST_TABLES, check_reading, describe, spans_of
from ingest.readers.reading import Reading, iso_date

_PDFIUM = Lock()  # PDFium holds global state: one thread at a time
_PAGE_NUMBER = re.compile(r"^[\s—\-–－_~·•.]*(?:第\s*)?\d{1,3}(?:\s*页)?(?:[\s,，/共]+\d{1,3}\s*页?)?[\s—\-–－_~·•.]*$")
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\ufffe\uffff\x00-\x08\x0e-\x1f]")
_FEW_CHARACTERS = 10  # a page with less is a picture, or empty
_DOTS_PER_INCH = 200
_LONGEST_SIDE = 3_000  # pixels of a drawn page
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_WRONG_ORDER_SHARE = 0.15


def read_pdf(raw: bytes, limits: Limits) -> Reading:
    """Raises CannotRead for passwords, broken files, more than ``max_pages`` pages, and for scans where the recognition of scans is not installed."""
    import pypdfium2 as pdfium

    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(raw)
        except pdfium.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
                raise CannotRead("encrypted", "It is protected by a password.", "Print or save it as a pdf without the password and ingest that.") from error
            raise CannotRead("damaged", "The pdf is broken.", "Download or save it again.") from error
    try:
        with _PDFIUM:
            if len(document) > limits.max_pages:
                raise CannotRead(
                    "too_large", f"It has {len(document):,} pages; the limit is {limits.max_pages:,}.", "Cut the report out of it, or raise max_pages."
                )
            pages = [_read_page(document, number) for number in range(len(document))]
            told = {name: value for name, value in document.get_metadata_dict(skip_empty=True).items() if _is_sound(value)}
        scanned, reason = _find_scanned(pages)
        recognised: Readout | None = None
        if scanned and ocr.can_read(limits):
            recognised = ocr.recall_pages(raw, limits, lambda: ocr.read_pages(_draw(document, scanned), limits))
            for number, page in zip(scanned, recognised.pages, strict=False):
                pages[number] = arrange(page.boxes, number * MOST_TABLES) if page is not None else []
        elif reason is not None:
            raise CannotRead("scanned", reason, ocr.cure_for(limits))
    finally:
        with _PDFIUM:
            document.close()
    return _reading_of(pages, scanned, recognised, told)


def _find_scanned(pages: list[list[Line]]) -> tuple[list[int], str | None]:
    """(numbers of the pages that hold no text, counted from 0; why the whole document is unreadable without recognising them)."""
    empty = [number for number, lines in enumerate(pages) if sum(len(words_of(line.line).strip()) for line in lines) < _FEW_CHARACTERS]
    if len(empty) == len(pages):
        return empty, "It has no text layer: its pages are pictures."
    text = "".join(words_of(line.line) for lines in pages for line in lines)
    if len(_PRIVATE.findall(text)) > 0.2 * len(text):
        return list(range(len(pages))), "Its text layer is unusable: the fonts do not say which characters they draw."
    return empty, None


def _draw(document: Any, numbers: list[int]) -> Iterator[Job]:
    """Pages as grey pictures, one at a time. PDFium is held while a page is drawn, not while it is recognised."""
    for number in numbers:
        with _PDFIUM:
            page = document[number]
            try:
                longest = max(page.get_size())
                bitmap = page.render(scale=min(_DOTS_PER_INCH / 72, _LONGEST_SIDE / max(longest, 1)), grayscale=True)
                width, height, stride = bitmap.width, bitmap.height, bitmap.stride
                data = bytes(bitmap.buffer)
                bitmap.close()
            finally:
                page.close()
        yield Job(data=data if stride == width else b"".join(data[row * stride : row * stride + width] for row in range(height)), width=width, height=height)


def _read_page(document: Any, number: int) -> list[Line]:
    page = document[number]
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if not count:
            return []
        tables = find_ruled(page)
        if tables:
            return [Line(line, 1.0) for line in _lines_and_tables(layer, count, tables, number * MOST_TABLES)]
        if _is_out_of_order(layer):
            return [Line(line, 1.0) for line in _lines_from_top(layer)]
        # a soft hyphen at a line's end comes as U+FFFE, form feeds and the like as controls
        return [Line(line, 1.0) for line in _split(str(layer.get_text_range()))]
    finally:
        layer.close()
        page.close()


def _split(text: str) -> list[str]:
    return [_UNUSABLE.sub("", line).rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _lines_and_tables(layer: Any, count: int, tables: list[RuledTable], first_table: int) -> list[str | Row]:
    """The lines of a page in the order of its text, each table where its first character stands."""
    import pypdfium2.raw as pdfium

    cells: list[dict[tuple[int, int], list[str]]] = [{} for _ in tables]
    parts: list[str | int] = []
    heights: dict[tuple[int, tuple[int, int]], float] = {}  # of the last character in each cell
    inside: int | None = None
    for index in range(count):
        character = chr(pdfium.FPDFText_GetUnicode(layer.raw, index))
        if pdfium.FPDFText_IsGenerated(layer.raw, index) == 1 or character in "\r\n":
            if inside is None:
                parts.append(character)
            continue
        left, bottom, right, top = layer.get_charbox(index, loose=True)
        x, y = (left + right) / 2, (bottom + top) / 2
        inside, place = next(((number, place) for number, table in enumerate(tables) if (place := table.place_of(x, y)) is not None), (None, None))
        if inside is None or place is None:
            parts.append(character)
            continue
        if not cells[inside]:
            parts += ["\n", inside, "\n"]
        cell = cells[inside].setdefault(place, [])
        if cell and abs(heights[inside, place] - y) > (top - bottom) / 2 and cell[-1].isascii() and character.isascii():
            cell.append(" ")  # the words of two lines of a cell, which Chinese ones need not be parted
        heights[inside, place] = y
        cell.append(character)
    found: list[str | Row] = []
    text = ""
    for part in [*parts, -1]:
        if isinstance(part, str):
            text += part
            continue
        found += [line for line in _split(text) if line.strip()]
        text = ""
        if part >= 0:
            words = {place: " ".join(_UNUSABLE.sub("", "".join(cell)).split()) for place, cell in cells[part].items()}
            pieces = tables[part].pieces(words)
            if is_data(pieces):
                found += lay_out(first_table + part, pieces)
            else:
                found += [piece.words for row in pieces for piece in row if piece.words]
    return found


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


def _reading_of(pages: list[list[Line]], scanned: list[int], readout: Readout | None, told: dict[str, str]) -> Reading:
    lines = [line for page in _drop_margins(pages) for line in page]
    text, tables = build_tables([line.line for line in lines])
    problems = {scanned[place]: problem for place, problem in readout.problems.items()} if readout is not None else {}
    read = {number for number, page in zip(scanned, readout.pages, strict=False) if page is not None and page.boxes} if readout is not None else set()
    recognised = tuple(span for span, line in zip(spans_of(lines), lines, strict=True) if line.is_recognised)
    if read == set(range(len(pages))) or not text.strip():
        check_reading(text, recognised, next(iter(problems.values()), None))
    check_damage(text)
    metadata: dict[str, Any] = {
        name.lower(): value for name, value in told.items() if name in {"Author", "Creator", "Producer", "Keywords", "Subject", "Title"}
    }
    metadata["pages"] = len(pages)
    if left := [number + 1 for number in scanned if number not in read]:
        metadata["pages_without_text"] = left
    if read:
        metadata["ocr"] = describe([number + 1 for number in sorted(read)], recognised, problems)
    title = told.get("Title", "").strip()
    shown = title and "".join(title.split()) in "".join(text[:2000].split())
    if created := iso_date(told.get("CreationDate", "").removeprefix("D:")[:8]):
        metadata["created"] = created
    return Reading(text=text, format="pdf", title=title if shown else None, metadata=metadata, tables=tables, recognised=recognised)


def _drop_margins(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without page numbers, and without a first or last line that stands on most of at least three pages."""
    stripped = [_drop_page_number(lines) for lines in pages]
    for edge in (0, -1):
        counts = Counter(words_of(lines[edge].line).strip() for lines in stripped if lines)
        line, count = counts.most_common(1)[0] if counts else ("", 0)
        if line and count >= 3 and count > len(stripped) / 2:
            # the title itself may be the running head: it stays on the first page
            stripped = [_drop_edge(lines, edge, line) if number or edge else lines for number, lines in enumerate(stripped)]
    return stripped


def _drop_page_number(lines: list[Line]) -> list[Line]:
    kept = [line for line in lines if words_of(line.line).strip()]
    if kept and _PAGE_NUMBER.match(words_of(kept[-1].line)):
        kept = kept[:-1]
    if kept and _PAGE_NUMBER.match(words_of(kept[0].line)):
        kept = kept[1:]
    return kept


def _is_sound(value: str) -> bool:
    return bool(value.strip()) and not _UNUSABLE.search(value)


def _drop_edge(lines: list[Line], edge: int, line: str) -> list[Line]:
    if not lines or words_of(lines[edge].line).strip() != line:
        return lines
    return lines[:-1] if edge else lines[1:]
