"""For those who follow practices in all: who stands before whom, from the newest analysis of the kind network."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request

from fazhi.analyses.running import Runner
from fazhi.analyses.shelf import Analysis, Shelf
from fazhi.errors import NotFound
from fazhi.spreading.telling import name_place
from fazhi.tracing import Network
from search_api import spread_models as shown
from search_api.answering import AnswerRoute
from search_api.parameters import Cursor, Size
from search_api.problems import answers
from search_api.reader import Reading
from search_api.spreading import cut

router = APIRouter(tags=["programs"], route_class=AnswerRoute)

_CAVEATS = {
    "first_here": "Orders are those in which practices are first seen in this collection, never origins.",
    "shown": "Only edges with shown: true may be drawn: support of at least 0.8 over resampled practices, and q of at most 0.05 against shuffled ones.",
    "missing": "A report that is not here says nothing; places with few reports have few edges.",
    "time_only": "Edges without text_backed rest on orders in time alone.",
}
_read: OrderedDict[tuple[str, str | None], Network] = OrderedDict()
_reading = threading.Lock()
_KEPT = 4


class _Kept(msgspec.Struct):
    snapshot: str
    result: msgspec.Raw


@router.get("/network", operation_id="read_network", summary="Who stands before whom", responses=answers(400, 404))
def read_network(
    request: Request,
    reader: Reading,
    drawn: Annotated[bool, Query(title="Only drawn", description="Only edges that may be drawn.", examples=[True])] = False,
    place: Annotated[str | None, Query(title="Place", description="Only edges from or to this place.", examples=["cn:350524/参内镇"], max_length=200)] = None,
    cursor: Cursor = None,
    size: Size = 200,
) -> shown.NetworkAnswer:
    """Edges between townships over all practices, the most expected transmissions first, from the newest network that was reckoned (POST /api/runs).

    current is false where the collection has changed since: then snapshot names the state that it was made of.
    """
    runner: Runner = request.app.state.runner
    analysis, network = find_network(runner.shelf)
    edges = [edge for edge in network.edges if (edge.shown or not drawn) and (place is None or place in (edge.source, edge.target))]
    page, cursor = cut(edges, cursor, size)
    coverage = network.coverage
    return shown.NetworkAnswer(
        snapshot=analysis.snapshot,
        current=analysis.snapshot == reader.snapshot,
        run=analysis.id,
        coverage=reader.coverage(),
        slots=shown.NetworkSlots(
            places=coverage.places,
            from_year=coverage.from_year,
            to_year=coverage.to_year,
            eligible=coverage.reports + coverage.missing,
            observed=coverage.reports,
            missing=coverage.missing,
        ),
        programs=network.programs,
        seed=analysis.seed,
        edges_in_all=len(network.edges),
        edges_drawn=sum(edge.shown for edge in network.edges),
        edges=tuple(shown.EdgeRow(**msgspec.to_builtins(edge), source_name=name_place(edge.source), target_name=name_place(edge.target)) for edge in page),
        caveats=tuple(shown.Caveat(code=code, text=text) for code, text in _CAVEATS.items()),
        next=cursor,
    )


def find_network(shelf: Shelf) -> tuple[Analysis, Network]:
    """The newest network that is done. Raises NotFound."""
    analysis = next((one for one in shelf.list() if one.kind == "network" and one.state == "done"), None)
    if analysis is None:
        raise NotFound("No network has been reckoned yet.", cure='Ask for one with POST /api/runs {"kind": "network"}; it takes minutes.')
    key = (str(shelf.folder / analysis.id), analysis.digest)
    with _reading:
        if key not in _read:
            kept = msgspec.json.decode(shelf.result(analysis.id), type=_Kept)
            fields = {**msgspec.json.decode(kept.result), "snapshot": kept.snapshot}
            _read[key] = msgspec.convert(fields, Network)
            while len(_read) > _KEPT:
                _read.popitem(last=False)
        return analysis, _read[key]
