"""What the clients ask: searches of every shape with facets, neighbours of entities drawn from the graph and what lies two hops around them, questions to text and graph at once, and the pages of the site. A seed
gives the same questions again; hardly one comes twice."""

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


def two_hops_path(id: str) -> str:
    """What lies two hops around an entity; the page that draws it is one of ``pages``."""
    return f"/api/entities/{quote(id)}/around?hops=2"


def combined(workspace: Workspace, number: int, seed: int = 1) -> list[dict[str, Any]]:
    """Bodies of POST /api/query: two to four conditions on text and graph together."""
    chance = random.Random(seed)
    above = sorted({document.place[:length] for document in workspace.archive.documents() if document.place for length in (5, 7)})
    adopted = [row["name"] for row in workspace.graph.read("MATCH (p:Program)<-[:ADOPTS]-() RETURN DISTINCT p.name AS name ORDER BY name", max_rows=1_000_000)]
    counted = [
        row["name"]
        for row in workspace.graph.read("MATCH (i:Indicator)<-[:OF]-(m) WITH i.name AS name, count(m) AS times RETURN name ORDER BY times DESC, name LIMIT 40")
    ]
    return [_combined(chance, above, adopted, counted) for _ in range(number)]


def _combined(chance: random.Random, above: list[str], adopted: list[str], counted: list[str]) -> dict[str, Any]:
    def condition() -> dict[str, Any]:
        drawn: dict[str, Any] = chance.choice(
            (
                {"took_up": chance.choice(adopted)},
                {"took_up": chance.choice(adopted), "to": chance.choice((2021, 2022))},
                {"has": chance.choice(("legal_adviser", "mediation_room", "platform"))},
                {"has": "body", "kind": "justice"},
                {"measure": chance.choice(counted), "at_least": chance.choice((1, 10, 50))},
                {"cites": "民法典"},
                {"not": {"took_up": chance.choice(adopted)}},
            )
        )
        return drawn

    where: list[dict[str, Any]] = [{"text": chance.choice(WORDS)}, *(condition() for _ in range(chance.randint(1, 3)))]
    if chance.random() < 0.6:
        where.append({"place": chance.choice(above)})
    asked: dict[str, Any] = {"where": where, "find": chance.choice(("places", "places", "reports"))}
    if chance.random() < 0.3:
        asked["from"], asked["to"] = sorted(chance.sample(range(2020, 2024), 2))
    return asked


def pages(workspace: Workspace, number: int, seed: int = 1) -> list[tuple[str, str]]:
    """(kind of page, path): every page that a reader can open, each ``number`` times about something else."""
    chance = random.Random(seed)
    ids: dict[str, list[str]] = {}
    for label in (*_ENTITIES, "Prefecture", "Province"):
        ids[label] = [row["id"] for row in workspace.graph.read(f"MATCH (n:{label}) RETURN n.id AS id ORDER BY id", max_rows=1_000_000)]
    reports = sorted(document.report for document in workspace.archive.documents())
    asked = searches(workspace, number, seed)
    found: list[tuple[str, str]] = []
    for turn in range(number):

        def one(label: str) -> str:
            return quote(chance.choice(ids[label]))

        report = chance.choice(reports)
        found += [
            ("home", "/"),
            ("search", f"/?{urlencode({'q': asked[turn]['q']})}"),
            ("report", f"/reports/{report}"),
            ("cleaned text", f"/reports/{report}/cleaned"),
            ("places", "/places"),
            ("township", f"/places/{one('Township')}"),
            ("county", f"/places/{one('County')}"),
            ("prefecture", f"/places/{one('Prefecture')}"),
            ("province", f"/places/{one('Province')}"),
            ("programs", "/programs"),
            ("program", f"/programs/{one('Program')}"),
            ("entities", f"/entities?{urlencode({'q': chance.choice(WHO)[:2]})}"),
            ("entity", f"/entities/{one(chance.choice(('Body', 'LegalAdviser', 'MediationRoom', 'Document')))}"),
            ("graph", f"/graph?{urlencode({'id': chance.choice(ids[chance.choice(('Township', 'Program', 'Body'))])})}"),
            ("graph, two hops", f"/graph?{urlencode({'id': chance.choice(ids[chance.choice(('Township', 'Program', 'Body'))]), 'hops': 2})}"),
            ("compare", f"/compare?{urlencode({'left': chance.choice(ids['Township']), 'right': chance.choice(ids['Township'])})}"),
            ("measures", "/measures"),
            ("measures of an indicator", f"/measures?{urlencode({'indicator': chance.choice(ids['Indicator'])})}"),
            ("coverage", "/coverage"),
            ("alerts", "/alerts"),
            ("jobs", "/jobs"),
            ("upload", "/upload"),
            ("review", "/review"),
            ("settings", "/settings"),
        ]
    return found
