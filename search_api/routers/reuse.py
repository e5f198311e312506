"""For those who want to know where words come from."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from diffusion.reuse import Pair
from fazhi.errors import Invalid
from fazhi.reusing import Tie, is_compared, list_ties, open_reuse
from search_api.parameters import Cursor, ReportId, Size
from search_api.problems import answers
from search_api.reader import Reader, Reading
from search_api.reuse_models import ReportTie, ReportTies, ReuseAnswer, ReusePassage, ReuseQuestion, SharedPassage

router = APIRouter(tags=["programs"])


@router.post("/reuse", operation_id="find_reuse", summary="Where passages of a text stand", responses=answers(404, 413))
def find_reuse(reader: Reading, question: ReuseQuestion) -> ReuseAnswer:
    """Passages of a pasted text that stand in reports here, word for word or edited, with the offsets on both sides.

    The reports have to be compared with each other first (`fazhi reuse build`, or `POST /api/runs` with `reuse`). No direction is claimed: that a report
    has the words does not say that they come from there.
    """
    index = open_reuse(reader.workspace)
    pairs = [pair for pair in index.query(question.text, year=question.year) if question.every or pair.best]
    return ReuseAnswer(
        passages=tuple(_tell(reader, pair) for pair in pairs),
        current=index.meta.snapshot == reader.snapshot,
        since_whole=index.meta.since_whole,
        snapshot=index.meta.snapshot,
        coverage=reader.coverage(),
    )


@router.get("/reports/{id}/reuse", operation_id="list_report_ties", summary="Reports that share words with a report", responses=answers(404))
def list_report_ties(
    reader: Reading,
    id: ReportId,
    every: Annotated[bool, Query(title="Every", description="Also where another possible source of the passage agrees better.", examples=[True])] = False,
    cursor: Cursor = None,
    size: Size = 20,
) -> ReportTies:
    """Other reports with the same passages, templates aside: most shared words first, each passage with its words and offsets on both sides.

    `earlier` and `later` only say which was there first, and only where a covered year or a superior's order tells; a source that is not here is not seen.
    """
    document = reader.archive.document(id)
    index = open_reuse(reader.workspace)
    ties = list_ties(reader.workspace, index, document.key, every=every)
    start = 0
    if cursor is not None:
        start = next((place for place, tie in enumerate(ties, 1) if tie.other.report == cursor), 0)
        if not start:
            raise Invalid("This cursor is not from this list.", cure="The texts may have been compared again since; begin again without a cursor.")
    page = ties[start : start + size]
    text = reader.archive.text(id)
    return ReportTies(
        report=id, compared=is_compared(reader.workspace, index, document.key), current=index.meta.snapshot == reader.snapshot,
        since_whole=index.meta.since_whole, total=len(ties), ties=tuple(_show(reader, id, text, tie) for tie in page),
        next=page[-1].other.report if start + size < len(ties) else None, snapshot=index.meta.snapshot, coverage=reader.coverage(),
    )  # fmt: skip


def _show(reader: Reader, report: str, text: str, tie: Tie) -> ReportTie:
    other = reader.archive.text(tie.other.report)
    passages = []
    for pair in tie.pairs:
        spans = (pair.a_start, pair.a_end, pair.b_start, pair.b_end) if pair.b == tie.other.key else (pair.b_start, pair.b_end, pair.a_start, pair.a_end)
        passages.append(
            SharedPassage(
                start=spans[0], end=spans[1], text=text[spans[0] : spans[1]], other_start=spans[2], other_end=spans[3], other_text=other[spans[2] : spans[3]],
                aligned=pair.aligned, identity=pair.identity, best=pair.best, evidence=pair.evidence, boilerplate=pair.boilerplate,
            )
        )  # fmt: skip
    return ReportTie(
        report=tie.other.report, key=tie.other.key, title=tie.other.title, place=tie.other.place, year=tie.other.year, side=tie.side, kind=tie.kind,
        characters=tie.characters, passages=tuple(sorted(passages, key=lambda one: (one.start, one.end, one.other_start))),
        beside=f"/reports/{report}/beside/{tie.other.report}",
    )  # fmt: skip


def _tell(reader: Reader, pair: Pair) -> ReusePassage:
    document = reader.archive.lookup(pair.a)
    text = reader.archive.text(document.report) if document is not None else ""
    return ReusePassage(
        start=pair.b_start, end=pair.b_end, report=document.report if document else None, key=pair.a, place=document.place if document else None,
        year=document.year if document else None, source_start=pair.a_start, source_end=pair.a_end, source_text=text[pair.a_start : pair.a_end],
        kind="template" if pair.kind == "template" else "copy", template=pair.template, aligned=pair.aligned, identity=pair.identity,
        boilerplate=pair.boilerplate, best=pair.best,
    )  # fmt: skip
