"""For those who keep the collection: what each run took in, what changed between two of them; and analyses that take long, with their results."""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from fazhi.analyses.differing import compare as compare_analyses
from fazhi.analyses.running import Runner
from fazhi.analyses.shelf import Analysis
from fazhi.comparing import compare_runs
from fazhi.errors import Invalid
from search_api import models
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reader, Reading
from search_api.spreading import cut

router = APIRouter(tags=["editors"])

_Run = Annotated[
    str,
    Path(
        title="Run",
        description="Its number in GET /api/runs, or the id of an analysis (a1).",
        examples=["1"],
        pattern="^a?[1-9][0-9]{0,9}$",
    ),
]
_Analysis = Annotated[str, Path(title="Analysis", description="Its id in GET /api/runs.", examples=["a1"], pattern="^a[1-9][0-9]{0,8}$")]


@router.get("/runs", operation_id="list_runs", summary="What was taken in and out, and analyses")
def list_runs(
    request: Request,
    reader: Reading,
    size: Annotated[int, Query(title="Size", description="Most runs in the answer.", examples=[20], ge=1, le=1000)] = 20,
) -> models.Runs:
    """Ingests, deletions and reviews that changed something, and analyses that were asked for; each newest first."""
    analyses = _runner(request).shelf.list()[:size]
    return models.Runs(runs=tuple(_show(run) for run in reader.archive.runs(size)), analyses=tuple(_show_analysis(one) for one in analyses))


@router.post("/runs", status_code=202, operation_id="start_run", summary="Ask for an analysis", responses=answers(400, 409))
def start_run(request: Request, response: Response, reader: Reading, wanted: models.RunRequest) -> models.AnalysisRun:
    """It is made in the background: ask the address in Location how it stands, and add /result for what came out.

    A network with its null and its resamples takes minutes. The same kind, parameters, seed, snapshot and version give the same bytes.
    """
    analysis = _runner(request).submit(wanted.kind, wanted.parameters.model_dump(exclude_none=True), wanted.seed, reader.archive.snapshot())
    response.headers["Location"] = f"/api/runs/{analysis.id}"
    return _show_analysis(analysis)


@router.get("/runs/{id}", operation_id="read_run", summary="How an analysis stands", responses=answers(404))
def read_run(request: Request, id: _Analysis) -> models.AnalysisRun:
    return _show_analysis(_runner(request).shelf.read(id))


@router.get("/runs/{id}/result", operation_id="read_result", summary="What an analysis found", responses=answers(404, 409))
def read_result(request: Request, id: _Analysis) -> Response:
    """The result as it is kept, with kind, parameters, seed, snapshot and version in it: as JSON, its bytes those of the digest."""
    shelf = _runner(request).shelf
    analysis, result = shelf.read(id), shelf.result(id)
    return Response(result, media_type="application/json", headers={"ETag": f'"{analysis.digest}"', "X-Snapshot": analysis.snapshot})


@router.delete("/runs/{id}", operation_id="cancel_run", summary="Cancel an analysis", responses=answers(404))
def cancel_run(request: Request, id: _Analysis) -> models.AnalysisRun:
    """Ends one that waits or runs; one that is finished is removed with its result. Answers how it stood last."""
    return _show_analysis(_runner(request).cancel(id))


@router.get("/runs/{first}/diff/{second}", operation_id="compare_runs", summary="What changed between two runs", responses=answers(400, 404, 409))
def compare(request: Request, reader: Reading, first: _Run, second: _Run, cursor: Cursor = None, size: Size = 50) -> models.RunDiff | models.AnalysisDiff:
    """Of two ingests: facts, links and numbers that came, went or say something else, report by report, by key; reports that were read again and say the same
    are left out. Of two analyses of one kind: adoptions, attributions and edges that differ.
    """
    if first.startswith("a") != second.startswith("a"):
        raise Invalid("One of these is an analysis, the other is not.", cure="Name two analyses (a1, a2) or two numbers of runs.")
    if first.startswith("a"):
        return _compare_analyses(_runner(request), first, second, cursor, size)
    return _compare_ingests(reader, int(first), int(second), cursor, size)


def _compare_ingests(reader: Reader, first: int, second: int, cursor: str | None, size: int) -> models.RunDiff:
    ends = _show(reader.archive.run(first)), _show(reader.archive.run(second))
    differing = (report for report in compare_runs(reader.archive, first, second, after=cursor) if report.differs)
    page = list(islice(differing, size + 1))
    shown = tuple(models.ReportDiff.model_validate(msgspec.to_builtins(report)) for report in page[:size])
    return models.RunDiff(first=ends[0], second=ends[1], reports=shown, next=page[size - 1].key if len(page) > size else None)


def _compare_analyses(runner: Runner, first: str, second: str, cursor: str | None, size: int) -> models.AnalysisDiff:
    found = compare_analyses(runner.shelf, first, second)
    page, cursor = cut(found.changes, cursor, size)
    return models.AnalysisDiff(
        first=_show_analysis(found.first),
        second=_show_analysis(found.second),
        identical=found.identical,
        changes=tuple(models.AnalysisChange.model_validate(msgspec.to_builtins(change)) for change in page),
        next=cursor,
    )


def _runner(request: Request) -> Runner:
    runner: Runner = request.app.state.runner
    return runner


def _show(run: object) -> models.Run:
    return models.Run.model_validate(msgspec.to_builtins(run))


def _show_analysis(analysis: Analysis) -> models.AnalysisRun:
    return models.AnalysisRun.model_validate(msgspec.to_builtins(analysis))
