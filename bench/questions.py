"""What the clients ask: searches of every shape with facets, and neighbours of entities drawn from the graph. A seed gives the same questions again; hardly one comes twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from generate import HOW, PLACES, PROGRAMS, SO, TOPICS, WAYS, WHAT, WHO

from fazhi.workspace import Workspace
from fulltext.store import Filters

WORDS = [*WHAT, *TOPICS, *WAYS, *WHO, *HOW]
FACETS = ("year", "county", "program", "level", "prefecture", "section")
# label → share of the neighbour questions: what people open most
_ENTITIES = {"Township": 6, "Program": 3, "Body": 3, "Report": 3, "County": 2, "Document": 1, "LegalAdviser": 1, "MediationRoom": 1, "Indicator": 1}


def searches(workspace: Workspace, number: int, seed: int = 1) -> list[dict[str, Any]]:
    """Parameters of GET /api/search."""
    chance = random.Random(seed)
    places = sorted({document.place for document in workspace.archive.documents() if document.place})
    places = sorted({place.partition("/")[0] for place in places} | {place[:5] for place in places} | {place[:7] for place in places})
    return [_search(chance, places) for _ in range(number)]


def _search(chance: random.Random, places: list[str]) -> dict[str, Any]:
    word, other = chance.choice(WORDS), chance.choice(WORDS)
    phrase = chance.choice([*SO, *(f"{topic}知识" for topic in TOPICS)])
    shapes = (
        f"{word}", f"{word}", f"{word} {other}", f"{word} AND {other}", f'"{phrase}"', f'"{phrase}" AND {word}', f"{word} NOT {other}",
        f"({word} OR {other}) AND {chance.choice(PLACES)}", f"“{word}” 或 {other}", chance.choice(PROGRAMS),
    )  # fmt: skip
    asked: dict[str, Any] = {"q": chance.choice(shapes)}
    if chance.random() < 0.6:
        asked["facets"] = ",".join(chance.sample(FACETS, chance.randint(1, 3)))
    if chance.random() < 0.3:
        asked["place"] = chance.choice(places)
    if chance.random() < 0.3:
        asked["from"], asked["to"] = sorted(chance.sample(range(2020, 2024), 2))
    if chance.random() < 0.1:
        asked["section"] = chance.choice(("results", "problems", "plan"))
    if chance.random() < 0.1:
        asked["sort"] = chance.choice(("year", "-year", "place"))
    return asked


def search_path(asked: dict[str, Any]) -> str:
    return f"/api/search?{urlencode(asked)}"


def filters_of(asked: dict[str, Any]) -> Filters:
    """The conditions among them, as the text store takes them."""
    return Filters(place=asked.get("place"), from_year=asked.get("from"), to_year=asked.get("to"), section=asked.get("section"))


def facets_of(asked: dict[str, Any]) -> list[Any]:
    return [facet for facet in asked.get("facets", "").split(",") if facet]


def neighbours(workspace: Workspace, number: int, seed: int = 1) -> Iterator[tuple[str, str]]:
    """(label, id) of entities, each label with its share, drawn evenly within it."""
    chance = random.Random(seed)
    ids = {label: [row["id"] for row in workspace.graph.read(f"MATCH (n:{label}) RETURN n.id AS id ORDER BY id", max_rows=1_000_000)] for label in _ENTITIES}
    labels = [label for label, found in ids.items() if found]
    for label in chance.choices(labels, [_ENTITIES[label] for label in labels], k=number):
        yield label, chance.choice(ids[label])


def neighbours_path(id: str) -> str:
    return f"/api/entities/{quote(id)}/neighbours"
