"""docx: paragraphs and tables in document order, a line each; the cells of a row separated by tabs.

python-docx opens the package and finds the parts; the text is collected from the XML itself, since its ``paragraph.text`` leaves out content controls,
smart tags and tracked insertions, all of which Word and WPS put around names and dates. Deleted and hidden text is left out. Numbers that Word makes (一、
（一） 1.) are put back, see ``docx_numbers``: a section's number is often not in its text.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import count, islice
from typing import Any, NamedTuple

from ingest.readers import archives, ocr
from ingest.readers.docx_numbers import Numbers, W
from ingest.readers.encoding import check_damage
from ingest.readers.grid import Piece, Row, build_tables, is_data, lay_out, words_of
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.ocr_worker import Job
from ingest.readers.pictures import reading_of
from ingest.readers.reading import Reading

_SKIPPED = {
    f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "sdtPr", "sectPr", "tblPr", "trPr", "tcPr", "footnoteReference", "rt")
}
_SKIPPED.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")  # the same text box again, for old programs
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML = "{urn:schemas-microsoft-com:vml}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}noBreakHyphen": "-"}
_HIDDEN = f"{W}rPr/{W}vanish"
_SAVE = "Open it in Word or WPS, save it as .docx again and ingest that."


def read_docx(raw: bytes, limits: Limits) -> Reading:
    """Raises CannotRead for broken documents, documents without text and packages that unpack to too much."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    with archives.open_archive(io.BytesIO(raw)) as package:
        archives.Budget(limits).take(package.infolist())
    try:
        document = docx.Document(io.BytesIO(raw))
    except (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as error:  # lxml's XMLSyntaxError is a SyntaxError
        raise CannotRead("damaged", "The document is broken, or not one that Word wrote (.docx).", _SAVE) from error
    numbers = Numbers(document)
    tables = count()
    lines = [line for block in _iter_blocks(document.element.body) for line in _iter_block_lines(block, numbers, tables)]
    text, placed = build_tables(lines)
    if not text.strip():
        pictures = list(_iter_pictures(document))
        if pictures and ocr.can_read(limits):
            readout = ocr.recall_pages(raw, limits, lambda: ocr.read_pages((Job(data=picture) for picture in pictures), limits))
            return reading_of(readout, "docx")
        if pictures:
            raise CannotRead("scanned", "It holds pictures only, no text.", ocr.cure_for(limits))
        raise CannotRead("blank", "It holds no text.", "Check that it was saved with its text.")
    check_damage(text)
    title, metadata = _read_properties(document, text)
    return Reading(text=text, format="docx", title=title, metadata=metadata, tables=placed)


def _iter_pictures(document: Any) -> Iterator[bytes]:
    """The pictures in the document, in their order."""
    for drawn in document.element.body.iter(f"{_DRAWING}blip", f"{_VML}imagedata"):
        part = document.part.related_parts.get(drawn.get(f"{_RELATION}embed") or drawn.get(f"{_RELATION}id"))
        if part is not None and getattr(part, "blob", None):
            yield part.blob


def _iter_blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables below ``parent`` in order, also those in content controls, tracked insertions and custom XML."""
    for element in parent:
        if element.tag in {f"{W}p", f"{W}tbl"}:
            yield element
        elif element.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"}:
            yield from _iter_blocks(element)


def _iter_block_lines(block: Any, numbers: Numbers, tables: Iterator[int]) -> Iterator[str | Row]:
    if block.tag == f"{W}tbl":
        yield from _iter_table(block, numbers, tables)
        return
    text, boxes = _text_of(block)
    for line in (numbers.next_label(block, text) + text).split("\n"):
        if line.strip():
            yield line.strip(" \t\xa0\u3000")
    for box in boxes:
        for inner in _iter_blocks(box):
            yield from _iter_block_lines(inner, numbers, tables)


def _iter_table(table: Any, numbers: Numbers, tables: Iterator[int]) -> Iterator[str | Row]:
    """A line a row, the paragraphs of a cell joined by blanks. A table that arranges the page (one column, long cells, tables inside) gives its paragraphs."""
    rows = [row for row in table.iter(f"{W}tr") if next(row.iterancestors(f"{W}tbl")) is table]
    cells = [[cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row] for row in rows]
    # numbers count on, so each cell is read once
    lines = [[[line for block in _iter_blocks(cell) for line in _iter_block_lines(block, numbers, tables)] for cell in row] for row in cells]
    if next(table.iterdescendants(f"{W}tbl"), None) is None:
        heads = [_is_on(row.find(f"{W}trPr/{W}tblHeader")) for row in rows]
        pieces = _merge([[_cell_of(cell, words, head) for cell, words in zip(*parts, strict=True)] for *parts, head in zip(cells, lines, heads, strict=True)])
        if is_data(pieces):
            yield from lay_out(next(tables), pieces)
            return
    for row_lines in lines:
        for cell_lines in row_lines:
            yield from cell_lines


class _DocxCell(NamedTuple):
    words: str
    columns: int
    merge: str | None  # restart, continue, or no part of a vertical merge
    head: bool


def _cell_of(cell: Any, lines: list[str | Row], head: bool) -> _DocxCell:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    columns = span.get(f"{W}val") or "" if span is not None else ""
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    # a tab inside a cell would part it
    words = " ".join(" ".join(words_of(line) for line in lines).split())
    return _DocxCell(
        words, int(columns) if columns.isdecimal() and len(columns) < 4 else 1, None if merge is None else merge.get(f"{W}val") or "continue", head
    )


def _merge(rows: list[list[_DocxCell]]) -> list[list[Piece]]:
    """Cells that continue the one above, taken into its count of rows: a docx repeats them row by row, a grid has them once."""
    open_cells: dict[int, tuple[int, int]] = {}  # grid column → row and place of the cell that the next ones may continue
    pieces: list[list[Piece]] = []
    for number, row in enumerate(rows):
        pieces.append([])
        column = 0
        still: dict[int, tuple[int, int]] = {}
        for cell in row:
            above = open_cells.get(column)
            if cell.merge == "continue" and above is not None and not cell.words:
                piece = pieces[above[0]][above[1]]
                pieces[above[0]][above[1]] = piece._replace(rows=number - above[0] + 1)
                still[column] = above
            else:
                if cell.merge is not None:
                    still[column] = number, len(pieces[number])
                pieces[number].append(Piece(cell.words, 1, cell.columns, cell.head))
            column += cell.columns
        open_cells = still
    return pieces


def _is_on(element: Any) -> bool:
    return element is not None and element.get(f"{W}val") not in {"0", "false", "off"}


def _text_of(paragraph: Any) -> tuple[str, list[Any]]:
    """The words of a paragraph, and the text boxes that hang on it. Walks without recursion."""
    parts: list[str] = []
    boxes: list[Any] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        if element.tag == f"{W}t":
            parts.append(element.text or "")
        elif element.tag in _BREAKS:
            parts.append(_BREAKS[element.tag])
        elif element.tag == f"{W}txbxContent":
            boxes.append(element)
        elif element.tag not in _SKIPPED and not (element.tag == f"{W}r" and _is_hidden(element)):
            waiting.extend(reversed(element))
    return "".join(parts), boxes


def _is_hidden(run: Any) -> bool:
    vanish = run.find(_HIDDEN)
    return vanish is not None and vanish.get(f"{W}val") not in {"0", "false"}


def _read_properties(document: Any, text: str) -> tuple[str | None, dict[str, Any]]:
    """The title where the document says it and shows it, and the other properties. Templates leave titles behind that have nothing to do with the document."""
    properties = document.core_properties
    metadata: dict[str, Any] = {
        name: value.isoformat() if hasattr(value, "isoformat") else str(value)
        for name in ("title", "author", "subject", "keywords", "created", "modified")
        if (value := getattr(properties, name, None))
    }
    styled = _read_styled_title(document)
    told = metadata.get("title", "").strip()
    if styled:
        return styled, metadata
    return (told if told and "".join(told.split()) in "".join(text[:2000].split()) else None), metadata


def _read_styled_title(document: Any) -> str | None:
    """Words of the first paragraphs in the style Title. Asks the XML: ``paragraph.style`` of python-docx takes 3 ms each."""
    names = document.styles.element.findall(f"{W}style/{W}name")
    titles = {name.getparent().get(f"{W}styleId") for name in names if (name.get(f"{W}val") or "").lower() in {"title", "标题"}}
    styled = [
        _text_of(block)[0]
        for block in islice(_iter_blocks(document.element.body), 10)
        if block.tag == f"{W}p" and (style := block.find(f"{W}pPr/{W}pStyle")) is not None and style.get(f"{W}val") in titles
    ]
    return " ".join("".join(styled).split()) or None
