"""For those who know Cypher."""

from __future__ import annotations

from fastapi import APIRouter

from graph import queries, sandbox
from graph.examples import EXAMPLES
from search_api import models
from search_api.answering import AnswerRoute
from search_api.problems import answers
from search_api.reader import Reading

router = APIRouter(tags=["graph experts"], route_class=AnswerRoute)


@router.post("/cypher", operation_id="run_cypher", summary="Ask in Cypher", responses=answers(400, 408, 413, 503))
def run_cypher(reader: Reading, question: models.CypherQuestion) -> models.CypherAnswer:
    """Rows of a reading statement, bounded in time and rows."""
    settings = reader.workspace.settings
    answer = sandbox.run(
        reader.graph,
        question.statement,
        question.parameters,
        timeout=min(question.timeout or settings.cypher_timeout, settings.cypher_timeout),
        max_rows=min(question.max_rows or settings.cypher_rows, settings.cypher_rows),
    )
    return models.CypherAnswer(columns=answer.columns, rows=answer.rows, truncated=answer.truncated, snapshot=reader.snapshot, coverage=reader.coverage())


@router.get("/schema", operation_id="read_schema", summary="What the graph is made of", responses=answers(503))
def read_schema(reader: Reading) -> models.Schema:
    """Labels and edges with their properties, in English and Chinese, how many of each there are, and statements to begin with.

    REUSES, which report has words that an earlier one has, are there once the reports have been compared with each other (`fazhi reuse build`), and between
    those that have not changed since.
    """
    schema = queries.get_schema(reader.graph)
    return models.Schema(
        nodes=tuple(models.SchemaNode.model_validate(node) for node in schema.nodes),
        edges=tuple(models.SchemaEdge.model_validate(edge) for edge in schema.edges),
        examples=tuple(models.SchemaExample.model_validate(example) for example in EXAMPLES),
        snapshot=reader.snapshot,
        coverage=reader.coverage(),
    )
