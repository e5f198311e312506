"""For those who keep the collection: what each run took in, and what changed between two of them."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query

from fazhi.comparing import compare_runs
from search_api import models
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["editors"])

_Run = Annotated[int, Path(title="Run", description="Its number in GET /api/runs.", examples=[1], ge=1, le=2**31 - 1)]


@router.get("/runs", operation_id="list_runs", summary="What was taken in and out")
def list_runs(
    reader: Reading, size: Annotated[int, Query(title="Size", description="Most runs in the answer.", examples=[20], ge=1, le=1000)] = 20
) -> models.Runs:
    """Ingests, deletions and reviews that changed something, newest first."""
    return models.Runs(runs=tuple(_show(run) for run in reader.archive.runs(size)))


@router.get("/runs/{first}/diff/{second}", operation_id="compare_runs", summary="What changed between two runs", responses=answers(404))
def compare(reader: Reading, first: _Run, second: _Run, cursor: Cursor = None, size: Size = 50) -> models.RunDiff:
    """Facts, links and numbers that came, went or say something else, report by report, by key. Reports that were read again and say the same are left out."""
    ends = _show(reader.archive.run(first)), _show(reader.archive.run(second))
    differing = (report for report in compare_runs(reader.archive, first, second, after=cursor) if report.differs)
    page = list(islice(differing, size + 1))
    shown = tuple(models.ReportDiff.model_validate(msgspec.to_builtins(report)) for report in page[:size])
    return models.RunDiff(first=ends[0], second=ends[1], reports=shown, next=page[size - 1].key if len(page) > size else None)


def _show(run: object) -> models.Run:
    return models.Run.model_validate(msgspec.to_builtins(run))
