"""Warnings about where a report came from, and facts that are as sure as the scan they stand on."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.model import Fact, Recognised, Source
from ingest.origin import notes_of, weigh_facts


def fact(start: int, end: int, confidence: float = 0.8) -> Fact:
    return Fact(id=f"{start}", doc="t", type="metric", surface="x", start=start, end=end, confidence=confidence)


LINES = (Recognised(0, 10, 0.5), Recognised(11, 20, 1.0), Recognised(30, 40, 0.9))


@pytest.mark.parametrize(
    ("start", "end", "sure"),
    [(0, 4, 0.5), (9, 10, 0.5), (11, 12, 1.0), (8, 13, 0.5), (13, 35, 0.9), (0, 40, 0.5), (21, 25, None), (50, 60, None)],
)
def test_the_least_sure_line_counts(start: int, end: int, sure: float | None) -> None:
    (weighed,) = weigh_facts([fact(start, end)], LINES)
    assert weighed.attrs.get("ocr_confidence") == sure
    assert weighed.confidence == (0.8 if sure is None else round(0.8 * sure, 3))


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ({}, []),
        ({"attachments": [{"name": "附件1", "link": "/a.docx"}, {"name": "附件2", "link": "/b.pdf"}]}, ["Attachments are linked, not fetched: 附件1; 附件2."]),
        ({"attachments": [{"name": str(number), "link": ""} for number in range(9)]}, ["0; 1; 2; 3; 4 …."]),
        ({"pages_without_text": [2, 5]}, ["Pages without text were not read: 2, 5."]),
        ({"pages_without_text": [2], "ocr": {"not_read": {"2": "It took too long."}}}, ["Pages were not recognised: 2: It took too long."]),
        # what a user's own side file says under these names is the user's
        ({"attachments": "见附件", "ocr": "yes", "pages_without_text": 3}, []),
        ({"attachments": [1, None], "ocr": {"not_read": [1]}}, ["Attachments are linked, not fetched: 1; None."]),
    ],
)
def test_what_is_missing_is_a_warning(metadata: dict[str, Any], said: list[str]) -> None:
    notes = notes_of(Source(key="t", text="x", metadata=metadata))
    assert len(notes) == len(said) and all(words in note for words, note in zip(said, notes, strict=True))


def test_a_scan_is_a_warning_with_its_confidence() -> None:
    (note,) = notes_of(Source(key="t", text="x" * 40, recognised=LINES))
    assert "3 lines were read off pictures" in note and "1 of them below 0.9" in note and "confidence 0.79" in note
