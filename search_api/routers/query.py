"""For those who ask about text and graph at once."""

from __future__ import annotations

from fastapi import APIRouter

from fazhi.combining import Question
from search_api.answering import AnswerRoute
from search_api.problems import answers
from search_api.query_models import QueryAnswer
from search_api.reader import Reading

router = APIRouter(tags=["search"], route_class=AnswerRoute)


@router.post("/query", operation_id="query", summary="Text and graph conditions together", responses=answers(404, 408, 413))
def query(reader: Reading, question: Question) -> QueryAnswer:
    """Places, or reports, that meet all conditions of `where`, each with the sentence for every condition.

    A condition has one of: `text` (words in reports), `took_up` (a program), `has` (legal_adviser, mediation_room, platform, body), `measure` (a number
    within bounds), `cites` (a document), `place` (at or below it); or it is a group: `all`, `any`, `not`. Most take `from`, `to` and `modality`: what is
    planned counts only where `modality` asks for it.

    **`not` is silence, never absence**: reports of those years are here and none says so. A place without such a report is `undecided`, never a “not”.
    """
    answer = reader.combiner.answer(question)
    level = question.level if question.find == "reports" else None
    return QueryAnswer(
        **{name: getattr(answer, name) for name in ("find", "level", "place", "rows", "total", "undecided", "undecided_total", "plan", "next", "snapshot")},
        coverage=reader.coverage(answer.place, level, question.from_year, question.to_year),
    )
