from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import fpdf
import pytest
from fpdf.enums import EncryptionMethod
from samples import SIMPLIFIED, make_chinese_pdf, read_one, refuse_one

from ingest.readers import Limits

LINES = SIMPLIFIED.strip().split("\n")


def latin_pdf(pages: list[str], password: str | None = None, **properties: str) -> bytes:
    document = fpdf.FPDF()
    for words in pages:
        document.add_page()
        document.set_font("Helvetica", size=12)
        document.multi_cell(0, 8, words)
    for name, value in properties.items():
        getattr(document, f"set_{name}")(value)
    if password:
        document.set_encryption(owner_password="owner", user_password=password, encryption_method=EncryptionMethod.RC4)
    return bytes(document.output())


def scanned_pdf(pages: int = 1) -> bytes:
    """Pages that are drawn, not written."""
    document = fpdf.FPDF()
    for _ in range(pages):
        document.add_page()
        document.rect(20, 20, 160, 240, style="F")
    return bytes(document.output())


def test_chinese_text_line_by_line_page_by_page() -> None:
    source = read_one("a.pdf", make_chinese_pdf([LINES[:6], LINES[6:]]))
    assert source.text.split("\n") == LINES
    assert (source.format, source.metadata["pages"]) == ("pdf", 2)


def test_a_page_stored_from_the_bottom_up_is_read_from_the_top() -> None:
    assert read_one("a.pdf", make_chinese_pdf([LINES], from_bottom=True)).text.split("\n") == LINES


@pytest.mark.parametrize("number", ["- {} -", "— {} —", "第 {} 页 共 3 页", "{}", "{}/3", "－{}－"])
def test_page_numbers_are_left_out(number: str) -> None:
    pages = [[*LINES[:4], number.format(1)], [*LINES[4:8], number.format(2)], [*LINES[8:], number.format(3)]]
    assert read_one("a.pdf", make_chinese_pdf(pages)).text.split("\n") == LINES


def test_a_year_alone_on_the_last_line_is_no_page_number() -> None:
    assert read_one("a.pdf", make_chinese_pdf([[*LINES, "2024"]])).text.endswith("\n2024")


def test_running_heads_are_left_out_and_the_title_stays() -> None:
    pages = [[LINES[0], *LINES[1:4]], [LINES[0], *LINES[4:8]], [LINES[0], *LINES[8:]]]
    assert read_one("a.pdf", make_chinese_pdf(pages)).text.split("\n") == LINES


def test_the_title_property_counts_where_the_page_shows_it() -> None:
    shown = read_one("a.pdf", latin_pdf(["Report on the rule of law 2023. All is well in our town."], title="Report on the rule of law 2023"))
    other = read_one("a.pdf", latin_pdf(["Report on the rule of law 2023. All is well in our town."], title="Untitled-1.wps"))
    assert (shown.title, other.title) == ("Report on the rule of law 2023", None)
    assert other.metadata["title"] == "Untitled-1.wps"


def test_a_scan_is_refused_with_the_extra_as_cure() -> None:
    failure = refuse_one("scan.pdf", scanned_pdf(2))
    assert failure.kind == "scanned"
    assert str(failure).startswith("scan.pdf: It has no text layer") and "pip install fazhi-graph[ocr]" in failure.cure


def test_a_scan_is_refused_where_recognition_is_switched_off() -> None:
    failure = refuse_one("scan.pdf", scanned_pdf(), Limits(ocr=False))
    assert failure.kind == "scanned" and "FAZHI_OCR" in failure.cure


def test_single_pages_without_text_are_named() -> None:
    assert read_one("a.pdf", make_chinese_pdf([LINES, [], LINES])).metadata["pages_without_text"] == [2]


def test_a_password_is_named() -> None:
    assert refuse_one("a.pdf", latin_pdf(["secret words here"], password="p")).kind == "encrypted"


def test_page_limit() -> None:
    failure = refuse_one("a.pdf", make_chinese_pdf([LINES] * 3), Limits(max_pages=2))
    assert failure.kind == "too_large" and "3 pages" in failure.reason


@pytest.mark.parametrize("raw", [b"%PDF-1.4\nnothing", make_chinese_pdf([LINES])[:300], b"%PDF-"], ids=["empty", "cut", "mark"])
def test_broken_pdf(raw: bytes) -> None:
    assert refuse_one("a.pdf", raw).kind == "damaged"


def test_threads_read_side_by_side() -> None:
    raw = make_chinese_pdf([LINES] * 2)
    with ThreadPoolExecutor(4) as threads:
        texts = list(threads.map(lambda _: read_one("a.pdf", raw).text, range(12)))
    assert len(set(texts)) == 1 and texts[0].count(LINES[2]) == 2
