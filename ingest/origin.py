"""What the way into the archive did to a report: what was read off pictures, how surely, what was left out. People see it as warnings, facts as confidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ingest.model import Fact, Recognised, Source

_DOUBTFUL = 0.9
_FEW = 5


def weigh_facts(facts: Iterable[Fact], recognised: Sequence[Recognised]) -> Iterator[Fact]:
    """Facts that stand on recognised lines, with ``attrs["ocr_confidence"]`` of the least sure of these lines, by which their own confidence is lowered."""
    starts = [line.start for line in recognised]
    for fact in facts:
        first = max(bisect_right(starts, fact.start) - 1, 0)
        last = bisect_right(starts, max(fact.start, fact.end - 1))
        sure = min((line.confidence for line in recognised[first:last] if line.end > fact.start), default=None)
        if sure is None:
            yield fact
        else:
            yield msgspec.structs.replace(fact, confidence=round(fact.confidence * sure, 3), attrs={**fact.attrs, "ocr_confidence": sure})


def notes_of(source: Source) -> tuple[str, ...]:
    """Warnings about a source, for its frame."""
    return tuple(_iter_notes(source))


def _iter_notes(source: Source) -> Iterator[str]:
    if source.recognised:
        average = sum((line.end - line.start) * line.confidence for line in source.recognised) / sum(
            max(1, line.end - line.start) for line in source.recognised
        )
        doubtful = sum(line.confidence < _DOUBTFUL for line in source.recognised)
        yield (
            f"{len(source.recognised)} lines were read off pictures (confidence {average:.2f}"
            + (f", {doubtful} of them below {_DOUBTFUL}" if doubtful else "")
            + "): check figures against the scan."
        )
    scans = source.metadata.get("ocr")
    left = scans.get("not_read") if isinstance(scans, dict) else None
    if isinstance(left, dict) and left:
        yield f"Pages were not recognised: {'; '.join(f'{number}: {problem}' for number, problem in list(left.items())[:_FEW])}"
    pages = source.metadata.get("pages_without_text")
    if isinstance(pages, list) and pages and not left:
        yield f"Pages without text were not read: {', '.join(map(str, pages[:_FEW]))}{' …' if len(pages) > _FEW else ''}."
    attachments = source.metadata.get("attachments")
    if isinstance(attachments, list) and attachments:
        names = [str(attachment.get("name", "")) if isinstance(attachment, dict) else str(attachment) for attachment in attachments]
        more = " …" if len(names) > _FEW else ""
        yield f"Attachments are linked, not fetched: {'; '.join(names[:_FEW])}{more}. Download them and ingest them beside the page."
