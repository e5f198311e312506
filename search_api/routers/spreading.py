"""For those who follow a practice: when each township took it up, who was first here, through which channel it came, in which variants."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from search_api import spread_models as shown
from search_api.answering import AnswerRoute
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reading
from search_api.spreading import cut, frame, read_story, read_variants, show, show_all, show_history

router = APIRouter(tags=["programs"], route_class=AnswerRoute)

ProgramPath = Annotated[str, Path(title="Program", description="A program's id or name.", examples=["program:法律八进"], min_length=1, max_length=1000)]


@router.get("/programs/{id:path}/timeline", operation_id="read_timeline", summary="When each township took a program up", responses=answers(400, 404, 409))
def read_timeline(reader: Reading, id: ProgramPath, cursor: Cursor = None, size: Size = 200) -> shown.Timeline:
    """One row a township that some report names with it, by county: what the reports say, the interval in which it was taken up, years with and without a
    report, and the sentences. **A township that is not listed has not been seen with it; a year without a report says nothing.**
    """
    story = read_story(reader, id)
    rows, cursor = cut(story.units, cursor, size)
    return shown.Timeline(**frame(reader, story), units=show_all(shown.UnitRow, rows), deeds=show_all(shown.DeedRow, story.deeds), next=cursor)


@router.get("/programs/{id:path}/first-seen", operation_id="read_first_seen", summary="Who was first seen with a program", responses=answers(404, 409))
def read_first_seen(reader: Reading, id: ProgramPath) -> shown.FirstSeenAnswer:
    """The townships that may have been first in this collection, with the probability that the intervals give each. Never the origin: what is known of
    that from elsewhere stands in known_history, with its sources.
    """
    story = read_story(reader, id)
    first = story.first
    return shown.FirstSeenAnswer(
        **frame(reader, story),
        separable=first.separable,
        reason=first.reason,
        year=first.year,
        candidates=show_all(shown.CandidateRow, first.candidates),
        known_history=show_history(story.program),
    )


@router.get("/programs/{id:path}/channels", operation_id="read_channels", summary="From whom a program came", responses=answers(400, 404, 409))
def read_channels(reader: Reading, id: ProgramPath, cursor: Cursor = None, size: Size = 200) -> shown.ChannelsAnswer:
    """The likely source of each adoption with its reason and its sentences, and the shares of the channels in all, by county and by year, with intervals.

    An attribution whose reason is time has no words in common with its source: it is a guess from the order of years alone.
    """
    story = read_story(reader, id)
    rows, cursor = cut(story.arrows, cursor, size)
    return shown.ChannelsAnswer(
        **frame(reader, story), groups=show_all(shown.ChannelGroup, story.channels), attributions=show_all(shown.ArrowRow, rows), next=cursor
    )


@router.get("/programs/{id:path}/variants", operation_id="read_variants", summary="How the names of a family follow each other", responses=answers(404, 409))
def read_variant_flow(reader: Reading, id: ProgramPath) -> shown.VariantsAnswer:
    """Names of the program's family with their member sets, and how many townships went from which to which, year by year."""
    story, variants = read_story(reader, id), read_variants(reader, id)
    return shown.VariantsAnswer(
        **frame(reader, story),
        family=variants.family,
        uses=show_all(shown.VariantUseRow, variants.uses),
        steps=tuple(show(shown.VariantStepRow, step) for step in variants.steps),
    )
