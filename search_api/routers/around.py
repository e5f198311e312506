"""For readers: what lies one or two hops around an entity, as a graph of nodes and ties."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query

from search_api import around_models as models
from search_api.answering import AnswerRoute
from search_api.exploring import explore
from search_api.models import Node
from search_api.parameters import NodeId, Relation
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["reading"], route_class=AnswerRoute)


@router.get("/entities/{id:path}/around", operation_id="read_around", summary="One or two hops around an entity", responses=answers(404))
def read_around(
    reader: Reading,
    id: NodeId,
    hops: Annotated[int, Query(title="Hops", description="1: what it is tied to; 2: what that is tied to as well.", examples=[2], ge=1, le=2)] = 2,
    relation: Annotated[Relation | None, Query(title="Relation", description="Only edges of this type.", examples=["ADOPTS"])] = None,
    year: Annotated[int | None, Query(title="Year", description="Only edges of this year.", examples=[2023], ge=1949, le=2200)] = None,
) -> models.Around:
    """What the graph explorer draws: of each relation and direction what is stated most often, and two hops away first what hangs on several of them.

    Reports and numbers are left out unless the entity is one or ``relation`` asks for them: a report names hundreds of things. ``tied`` says how many there
    are; GET /api/entities/{id}/neighbours lists all edges.
    """
    around = explore(reader.graph, id, hops=hops, relation=relation.value if relation else None, year=year, kept=reader.known_ties())
    drawn = dict.fromkeys([id, *(end for tie in around.shown for end in (tie.source, tie.target))])
    shown = Counter((tie.relation, tie.source == id) for tie in around.shown if tie.hop == 1)
    return models.Around(
        id=id,
        nodes=tuple(Node.model_validate(around.nodes[one]) for one in drawn),
        ties=tuple(models.Tie.model_validate(tie) for tie in around.shown),
        tied=tuple(
            models.Tied(relation=relation, direction="out" if out else "in", nodes=count, shown=shown[relation, out])
            for (relation, out), count in sorted(around.counts.items())
        ),
        complete=not around.is_cut,
        snapshot=reader.snapshot,
        coverage=reader.coverage(),
    )
