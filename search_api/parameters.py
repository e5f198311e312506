"""Parameters that several routes share, each said once: its title, what it does, an example."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel


class Level(StrEnum):
    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"
    village = "village"


class SectionName(StrEnum):
    heading = "heading"
    results = "results"
    problems = "problems"
    plan = "plan"
    responsibility = "responsibility"
    other = "other"


class ModalityName(StrEnum):
    done = "done"
    ongoing = "ongoing"
    planned = "planned"
    exhorted = "exhorted"


class SortOrder(StrEnum):
    score = "score"
    year = "year"
    newest = "-year"
    place = "place"


class QuestionReading(StrEnum):
    auto = "auto"
    words = "words"


class FacetName(StrEnum):
    place = "place"
    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"
    year = "year"
    level = "level"
    program = "program"
    body = "body"
    indicator = "indicator"
    section = "section"
    modality = "modality"


class FactKind(StrEnum):
    place = "place"
    body = "body"
    organisation = "organisation"
    person = "person"
    legal_adviser = "legal_adviser"
    mediation_room = "mediation_room"
    program = "program"
    platform = "platform"
    document = "document"
    docnumber = "docnumber"
    date = "date"
    event = "event"
    metric = "metric"
    relation = "relation"


class Label(StrEnum):
    Place = "Place"
    Province = "Province"
    Prefecture = "Prefecture"
    County = "County"
    Township = "Township"
    Village = "Village"
    Report = "Report"
    Body = "Body"
    Organisation = "Organisation"
    Person = "Person"
    LegalAdviser = "LegalAdviser"
    MediationRoom = "MediationRoom"
    Program = "Program"
    Platform = "Platform"
    Document = "Document"
    Event = "Event"
    Indicator = "Indicator"
    Measure = "Measure"


class Relation(StrEnum):
    PART_OF = "PART_OF"
    SUCCEEDED_BY = "SUCCEEDED_BY"
    ISSUED = "ISSUED"
    ADDRESSED_TO = "ADDRESSED_TO"
    COVERS = "COVERS"
    ADOPTS = "ADOPTS"
    OPERATES = "OPERATES"
    ADVISES = "ADVISES"
    EMPLOYS = "EMPLOYS"
    LEADS = "LEADS"
    MEMBER_OF = "MEMBER_OF"
    CITES = "CITES"
    IMPLEMENTS = "IMPLEMENTS"
    STATES = "STATES"
    OF = "OF"
    ABOUT = "ABOUT"
    MENTIONS = "MENTIONS"
    VARIANT_OF = "VARIANT_OF"
    EXTENDS = "EXTENDS"
    REUSES = "REUSES"


class RolledUpRelation(StrEnum):
    ADOPTS = "ADOPTS"
    OPERATES = "OPERATES"
    IMPLEMENTS = "IMPLEMENTS"
    ADVISES = "ADVISES"


class Way(StrEnum):
    outgoing = "out"
    incoming = "in"
    both = "both"


PlaceFilter = Annotated[
    str | None,
    Query(
        title="Place",
        description="A place with everything below it: its graph id (cn:3508 is 龙岩市), or its name where only one place has it.",
        examples=["cn:3505"],
        max_length=200,
    ),
]
FromYear = Annotated[int | None, Query(alias="from", title="From year", description="First covered year, included.", examples=[2020], ge=1949, le=2200)]
ToYear = Annotated[int | None, Query(alias="to", title="To year", description="Last covered year, included.", examples=[2024], ge=1949, le=2200)]
Cursor = Annotated[
    str | None,
    Query(title="Cursor", description="The value of next in the page before. Leave it out for the first page.", max_length=4000),
]
Size = Annotated[int, Query(title="Size", description="Most entries on a page. Follow next for all of them.", examples=[20], ge=1, le=200)]
ReportId = Annotated[
    str,
    Path(title="Report", description="A report's id: 16 hex digits, from a search or any evidence.", examples=["4be19c2b7a0d95e1"], pattern="^[0-9a-f]{16}$"),
]
NodeId = Annotated[
    str,
    Path(
        title="Id",
        description="A graph id. It may hold slashes and colons, plain or percent-encoded; ? # and % must be percent-encoded.",
        examples=["room:cn:350524/参内镇/民情茶室"],
        min_length=1,
        max_length=1000,
    ),
]
PlaceId = Annotated[
    str,
    Path(title="Place", description="A place's graph id.", examples=["cn:350524/参内镇"], min_length=1, max_length=1000),
]


async def refuse_unknown(request: Request) -> None:
    """Dependency of every API route: a misspelt parameter must not silently widen the answer."""
    if not request.query_params:
        return
    route = request.scope.get("route")
    dependant: Dependant | None = getattr(route, "dependant", None)
    if dependant is None:
        return
    known = list(_names(dependant))
    wrong = [
        {"type": "unknown", "loc": ("query", name), "msg": f"This address has no parameter {name}; it takes {', '.join(known) or 'none'}", "input": value}
        for name, value in request.query_params.items()
        if name not in known
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _names(dependant: Dependant) -> list[str]:
    names = []
    for field in dependant.query_params:
        model = field.field_info.annotation  # a route may take all its parameters as one model
        fields = model.model_fields if isinstance(model, type) and issubclass(model, BaseModel) else {}
        names += [inner.alias or name for name, inner in fields.items()] or [field.alias]
    for inner in dependant.dependencies:
        names += _names(inner)
    return names
