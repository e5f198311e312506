"""For those who want to know where words come from."""

from __future__ import annotations

from fastapi import APIRouter

from diffusion.reuse import Pair
from fazhi.reusing import open_reuse
from search_api.problems import answers
from search_api.reader import Reader, Reading
from search_api.reuse_models import ReuseAnswer, ReusePassage, ReuseQuestion

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


def _tell(reader: Reader, pair: Pair) -> ReusePassage:
    document = reader.archive.lookup(pair.a)
    text = reader.archive.text(document.report) if document is not None else ""
    return ReusePassage(
        start=pair.b_start, end=pair.b_end, report=document.report if document else None, key=pair.a, place=document.place if document else None,
        year=document.year if document else None, source_start=pair.a_start, source_end=pair.a_end, source_text=text[pair.a_start : pair.a_end],
        kind="template" if pair.kind == "template" else "copy", template=pair.template, aligned=pair.aligned, identity=pair.identity,
        boilerplate=pair.boilerplate, best=pair.best,
    )  # fmt: skip
