"""Combined questions on a data folder whose graph is on Neo4j and whose text is on Elasticsearch: the same answers as the embedded engines give."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from combined_questions import QUESTIONS, draw_question

from fazhi import workspace
from fazhi.combining import Combiner, Question
from fazhi.settings import load_settings
from fazhi.workspace import Workspace

pytestmark = pytest.mark.servers
EXAMPLES = Path(__file__).parents[2] / "examples" / "corpus"


@pytest.fixture
def on_servers(neo4j_server: Any, elasticsearch_server: Any, server_run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    told = {
        "FAZHI_GRAPH": neo4j_server.url,
        "FAZHI_GRAPH_USER": neo4j_server.user,
        "FAZHI_GRAPH_PASSWORD": neo4j_server.password,
        "FAZHI_TEXT": elasticsearch_server.url,
        "FAZHI_TEXT_USER": elasticsearch_server.user,
        "FAZHI_TEXT_PASSWORD": elasticsearch_server.password,
        "FAZHI_TEXT_PREFIX": f"fazhi-query-{uuid4().hex[:8]}",
        "FAZHI_WORKERS": "1",
        "FAZHI_CYPHER_TIMEOUT": "300",  # what is asked here counts, not how busy the machine is
    }
    for name, value in told.items():
        if value:
            monkeypatch.setenv(name, value)
    settings = load_settings(home=tmp_path / "servers")
    with server_run.only_user("neo4j"), workspace.open(settings=settings) as space:
        space.ingest([EXAMPLES])
        space.rebuild("graph")
        yield space
        with space.writing("test"):
            space.graph.rebuild([])
        space.close()
        from fulltext.elastic_client import connect

        with connect(settings.text, settings.text_access) as client:
            for index in client.indices.get(index=f"{told['FAZHI_TEXT_PREFIX']}*").body:
                client.indices.delete(index=index)


def plain(space: Workspace, question: dict[str, Any]) -> Any:
    found = Combiner(space).answer(Question.model_validate({**question, "explain": True}))
    told = msgspec.json.decode(msgspec.json.encode(found))
    for step in told["plan"]:
        step.pop("milliseconds")
    return told


def test_servers_answer_as_the_embedded_engines_do(on_servers: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAZHI_GRAPH", "FAZHI_TEXT"):
        monkeypatch.delenv(name)
    chance = random.Random(7)
    questions = [*QUESTIONS, *(draw_question(chance) for _ in range(30))]
    with workspace.open(settings=load_settings(home=tmp_path / "embedded")) as embedded:
        embedded.ingest([EXAMPLES])
        for question in questions:
            assert plain(on_servers, question) == plain(embedded, question), question
