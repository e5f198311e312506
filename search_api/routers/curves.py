"""For those who ask how fast a practice spread, and what can be said of why."""

from __future__ import annotations

import threading
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query

from fazhi.curving import CurveAnswer, draw_curve
from search_api import curve_models as shown
from search_api.answering import AnswerRoute
from search_api.problems import answers
from search_api.reader import Reader, Reading

router = APIRouter(tags=["programs"], route_class=AnswerRoute)

_making = {True: threading.Lock(), False: threading.Lock()}  # one at a time, and who asks for little need not wait for who asks for much


@router.get("/programs/{id:path}/curve", operation_id="read_curve", summary="How a program spread over the years", responses=answers(404, 409))
def read_curve(
    reader: Reading,
    id: Annotated[str, Path(title="Program", description="A program's id or name.", examples=["program:法律八进"], min_length=1, max_length=1000)],
    seed: Annotated[int, Query(title="Seed", description="Of the resamples; the same seed gives the same numbers.", examples=[1], ge=0, le=2**31 - 1)] = 1,
    tests: Annotated[
        bool, Query(title="Tests", description="Also the hazard with neighbours and acts, and the tests of Knox and Mantel.", examples=[False])
    ] = False,
    robustness: Annotated[
        bool,
        Query(title="Robustness", description="Also what is left when reports, counties or templates are taken away; takes many seconds.", examples=[False]),
    ] = False,
) -> shown.CurveResult:
    """Shares of places for each year with bounds for missing reports, Turnbull's estimate, and five laws of growth with intervals: a constant rate, logistic,
    Bass, a step in a year that is estimated, and a step where a superior acted.

    Data that can't carry a law are refused with a reason. **An S-shaped curve does not show that places follow each other**: unlike readiness makes one too.
    """
    found = _read(reader, id, seed, tests, robustness)
    return shown.CurveResult(**{**_tell(found), "coverage": reader.coverage()})


def _read(reader: Reader, program: str, seed: int, tests: bool, robustness: bool) -> CurveAnswer:
    with _making[tests or robustness]:
        return reader.remember(
            ("curve", program, seed, tests, robustness), lambda: draw_curve(reader.workspace, program, seed=seed, tests=tests, robustness=robustness)
        )


def _tell(found: CurveAnswer) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(found)
    curve = told.pop("curve")
    return {**curve, **told}
