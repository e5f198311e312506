"""Pictures of pages (png, jpg, tif, bmp, webp): what is written on them, where the extra ``[ocr]`` is installed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ingest.model import Recognised
from ingest.readers import ocr
from ingest.readers.encoding import check_damage
from ingest.readers.grid import build_tables, words_of
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.ocr import Readout
from ingest.readers.page_grid import Line, arrange
from ingest.readers.reading import Reading

_HAN = re.compile(r"[\u3400-\u9fff]")
_FEW_CHARACTERS = 40  # a picture with less shows something else than a report
MOST_TABLES = 1_000  # on one page; so that tables of several pages have numbers of their own
_SURE = 0.6  # on the average: below, the words are not what stands there


def read_picture(raw: bytes, limits: Limits) -> Reading:
    """Text of a picture file, all its pages. Raises CannotRead where nothing can be recognised, or what is recognised is no report."""
    if not ocr.can_read(limits):
        raise CannotRead("scanned", "It is a picture.", ocr.cure_for(limits))
    return reading_of(ocr.recall_pages(raw, limits, lambda: ocr.read_file(raw, limits)), "image")


def reading_of(readout: Readout, format: str) -> Reading:
    """A report that stands on pictures alone. Raises CannotRead where they show none."""
    lines = [line for number, page in enumerate(readout.pages) if page is not None for line in arrange(page.boxes, number * MOST_TABLES)]
    pages = [number + 1 for number, page in enumerate(readout.pages) if page is not None and page.boxes]
    text, tables = build_tables([line.line for line in lines])
    recognised = spans_of(lines)
    check_reading(text, recognised, next(iter(readout.problems.values()), None))
    return Reading(text=text, format=format, metadata={"ocr": describe(pages, recognised, readout.problems)}, tables=tables, recognised=recognised)


def check_reading(text: str, recognised: Sequence[Recognised], problem: str | None) -> None:
    """Raises CannotRead where what was recognised is no report."""
    again = "Scan it anew with 200 to 300 dpi, or save its text as .txt and ingest that."
    if len(_HAN.findall(text)) < _FEW_CHARACTERS:
        raise CannotRead("no_text", problem or "It is a picture on which no report was recognised.", again)
    average = weigh(recognised)
    if average < _SURE:
        raise CannotRead("no_text", f"It was not recognised well enough (confidence {average:.2f}).", again)
    check_damage(text)


def spans_of(lines: Sequence[Line], start: int = 0) -> tuple[Recognised, ...]:
    """Where each line stands in the text that they make, joined by line ends, with its confidence."""
    found = []
    for line in lines:
        end = start + len(words_of(line.line))
        found.append(Recognised(start, end, line.confidence))
        start = end + 1
    return tuple(found)


def weigh(recognised: Sequence[Recognised]) -> float:
    """The confidence of an average character."""
    return sum((line.end - line.start) * line.confidence for line in recognised) / max(1, sum(line.end - line.start for line in recognised))


def describe(pages: list[int], recognised: Sequence[Recognised], problems: dict[int, str]) -> dict[str, Any]:
    """For the metadata: who read which pages (counted from 1), how surely, each line, and what was not read."""
    told: dict[str, Any] = {
        "engine": ocr.engine_name(),
        "pages": pages,
        "confidence": round(weigh(recognised), 3),
        "lowest": min((line.confidence for line in recognised), default=0.0),
        "lines": [[line.start, line.end, line.confidence] for line in recognised],
    }
    if problems:
        told["not_read"] = {str(number + 1): problem for number, problem in sorted(problems.items())}
    return told
