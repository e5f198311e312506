"""For readers: reports with their text, facts and original; entities with what hangs on them and the sentences behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Path, Query, Response

from archive.model import Projectable
from fazhi.errors import Invalid, NotFound
from graph import queries
from ingest.model import Fact
from search_api import models
from search_api.answering import AnswerRoute
from search_api.parameters import Cursor, FactKind, Label, NodeId, PlaceFilter, PlaceId, Relation, ReportId, Size, Way
from search_api.problems import answers
from search_api.reader import Reader, Reading, cut_passage, sentence_of

router = APIRouter(tags=["reading"], route_class=AnswerRoute)

_MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html",
    "md": "text/markdown",
    "jsonl": "application/jsonl",
}


@router.get("/reports/{id}/text", operation_id="read_report_text", summary="A report's text", responses=answers(404))
def read_report_text(reader: Reading, id: ReportId) -> models.ReportText:
    """The decoded original, in which every offset counts, with its sentences and sections."""
    item = reader.read(id)
    return models.ReportText(
        report=id,
        text=item.text,
        sentences=tuple(models.Span(start=start, end=end) for start, end in item.analysis.sentences),
        sections=tuple(models.Section.model_validate(section) for section in item.analysis.sections),
    )


@router.get("/reports/{id}/facts", operation_id="list_report_facts", summary="A report's facts", responses=answers(404))
def list_report_facts(
    reader: Reading,
    id: ReportId,
    type: Annotated[
        list[FactKind] | None, Query(title="Type", description="Only facts of these types; may be given several times.", examples=[["program"]])
    ] = None,
    cursor: Cursor = None,
    size: Size = 100,
) -> models.Facts:
    """Facts in the order of the text, each with its sentence."""
    item = reader.read(id)
    chosen = [fact for fact in item.analysis.facts if not type or fact.type in type]
    start = 0
    if cursor is not None:
        start = next((place for place, fact in enumerate(chosen, 1) if fact.id == cursor), 0)
        if not start:
            raise Invalid("This cursor is not from this list.", cure="The report may have changed since; begin again without a cursor.")
    page = chosen[start : start + size]
    return models.Facts(
        facts=tuple(show_fact(item, fact) for fact in page),
        total=len(chosen),
        next=page[-1].id if start + size < len(chosen) else None,
    )


@router.get(
    "/reports/{id}/original",
    operation_id="download_original",
    summary="A report's original file",
    response_class=Response,
    responses={200: {"description": "The bytes that were taken in.", "content": {"application/octet-stream": {}}}, **answers(404)},
)
def download_original(reader: Reading, id: ReportId) -> Response:
    raw, format = reader.archive.original(id)
    key = reader.archive.document(id).key
    name = key.rsplit("/", 1)[-1] or id
    if "." not in name:
        name = f"{name}.{format}"
    media_type = _MEDIA_TYPES.get(format, "text/plain" if format == "txt" else "application/octet-stream")
    # An original may be somebody's HTML with scripts: it is handed over as a file, never shown under this origin.
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(raw, media_type=None, headers={**headers, "Content-Type": media_type})


@router.get("/reports/{id}", operation_id="read_report", summary="A report", responses=answers(404))
def read_report(reader: Reading, id: ReportId) -> models.Report:
    """Whose report it is, which year it covers and on what evidence, its sections, and how many facts of each type it has."""
    item = reader.read(id)
    document, analysis = item.document, item.analysis
    return models.Report(
        report=document.report,
        key=document.key,
        title=document.title,
        format=document.format,
        url=document.url,
        published=document.published,
        duplicate_of=document.duplicate_of,
        version=document.version,
        ingested=document.ingested,
        frame=models.Frame.model_validate(analysis.frame),
        sections=tuple(models.Section.model_validate(section) for section in analysis.sections),
        facts=dict(Counter(fact.type for fact in analysis.facts).most_common()),
        findings=tuple(models.Finding.model_validate(finding) for finding in analysis.findings),
        characters=len(item.text),
        metadata=document.metadata,
    )


@router.get("/facts/{id}", operation_id="read_fact", summary="A fact", responses=answers(404))
def read_fact(
    reader: Reading,
    id: Annotated[str, Path(title="Fact", description="A fact's id.", examples=["4be19c2b7a0d95e1-0a1b2c3d4e5f6071"], max_length=100)],
) -> models.Fact:
    """One finding with its sentence and offsets."""
    return show_fact(*reader.find_fact(id))


@router.get("/entities", operation_id="list_entities", summary="Entities", responses=answers(404))
def list_entities(
    reader: Reading,
    q: Annotated[str | None, Query(title="Name", description="A part of the name.", examples=["调解室"], max_length=200)] = None,
    type: Annotated[Label | None, Query(title="Type", description="A label of the graph.", examples=["MediationRoom"])] = None,
    place: PlaceFilter = None,
    cursor: Cursor = None,
    size: Size = 20,
) -> models.Entities:
    """Places, bodies, persons, advisers, mediation rooms, programs, platforms, documents, events and indicators, by name."""
    place = reader.resolve_place(place)
    page = queries.list_entities(reader.graph, type=type, q=q, place=place, cursor=cursor, size=size)
    entities = tuple(models.Entity.model_validate(entity) for entity in page.rows)
    return models.Entities(entities=entities, next=page.cursor, snapshot=reader.snapshot, coverage=reader.coverage(place))


@router.get("/entities/{id:path}/neighbours", operation_id="list_neighbours", summary="An entity's neighbours", responses=answers(404))
def list_neighbours(
    reader: Reading,
    id: NodeId,
    relation: Annotated[Relation | None, Query(title="Relation", description="Only edges of this type.", examples=["ADOPTS"])] = None,
    year: Annotated[int | None, Query(title="Year", description="Only edges of this year.", examples=[2023], ge=1949, le=2200)] = None,
    direction: Annotated[Way, Query(title="Direction", description="out: edges that start here; in: edges that end here.", examples=["both"])] = Way.both,
    evidence: Annotated[bool, Query(title="Evidence", description="Also show the sentences that state each edge.", examples=[True])] = False,
    cursor: Cursor = None,
    size: Size = 50,
) -> models.Neighbours:
    """Edges at an entity, each with its year, modality, report and facts, and where it is asked for with its sentences."""
    page = queries.list_neighbours(reader.graph, id, relation=relation, year=year, direction=direction.value, cursor=cursor, size=size)
    passages = reader.quote([neighbour.facts if evidence else () for neighbour in page.rows])
    words = _quote_reused(reader, id, page.rows) if evidence else {}
    neighbours = tuple(
        models.Neighbour(**{**msgspec.structs.asdict(neighbour), "passages": said, **words.get(place, {})})
        for place, (neighbour, said) in enumerate(zip(page.rows, passages, strict=True))
    )
    return models.Neighbours(neighbours=neighbours, next=page.cursor, snapshot=reader.snapshot, coverage=reader.coverage())


def _quote_reused(reader: Reader, id: str, neighbours: Sequence[queries.Neighbour]) -> dict[int, dict[str, Any]]:
    """Of each edge REUSES, by its place in the list, the longest passage in both reports; nothing where one of them has changed since they were compared."""
    found: dict[int, dict[str, Any]] = {}
    links = {(link.report, link.source): link for link in reader.archive.links_about([id]).get(id, ())} if any(map(_is_reuse, neighbours)) else {}
    for place, edge in enumerate(neighbours):
        link = links.get((id, edge.id) if edge.direction == "out" else (edge.id, id)) if _is_reuse(edge) else None
        if link is None:
            continue
        try:
            later, earlier = reader.read(link.report), reader.read(link.source)
        except NotFound:  # deleted meanwhile
            continue
        if (later.document.fingerprint, earlier.document.fingerprint) == (link.report_mark, link.source_mark):
            found[place] = {
                "passages": (cut_passage(later, link.text_start, link.text_end, ()),),
                "source_passage": cut_passage(earlier, link.source_start, link.source_end, ()),
            }
    return found


def _is_reuse(edge: queries.Neighbour) -> bool:
    return edge.relation == "REUSES"


@router.get("/entities/{id:path}/evidence", operation_id="list_evidence", summary="The sentences behind an entity", responses=answers(404))
def list_evidence(reader: Reading, id: NodeId, cursor: Cursor = None, size: Size = 20) -> models.EvidenceList:
    """Which reports speak of it, newest year first, with the sentences."""
    page = queries.list_evidence(reader.graph, id, cursor=cursor, size=size)
    passages = reader.quote([row.facts for row in page.rows])
    evidence = tuple(models.Evidence(**msgspec.structs.asdict(row), passages=said) for row, said in zip(page.rows, passages, strict=True))
    return models.EvidenceList(evidence=evidence, next=page.cursor, snapshot=reader.snapshot, coverage=reader.coverage())


@router.get("/entities/{id:path}", operation_id="read_entity", summary="An entity", responses=answers(404))
def read_entity(reader: Reading, id: NodeId) -> models.EntityAnswer:
    entity = queries.get_entity(reader.graph, id)
    return models.EntityAnswer(**msgspec.structs.asdict(entity), snapshot=reader.snapshot, coverage=reader.coverage())


@router.get("/places/{id:path}", operation_id="read_place", summary="A place with all below it", responses=answers(404))
def read_place(reader: Reading, id: PlaceId) -> models.Place:
    """What is known at and below a place: reports, townships, years, programs, mediation rooms, advisers."""
    summary = queries.get_place(reader.graph, id)
    entities = {
        "entity": models.Entity.model_validate(summary.entity),
        "path": tuple(models.Entity.model_validate(entity) for entity in summary.path),
        "children": tuple(models.Entity.model_validate(entity) for entity in summary.children),
    }
    return models.Place(**{**msgspec.structs.asdict(summary), **entities}, snapshot=reader.snapshot, coverage=reader.coverage(id))


@router.get("/paths", operation_id="find_paths", summary="Paths between two entities, hubs damped", responses=answers(404))
def find_paths(
    reader: Reading,
    source: Annotated[str, Query(alias="from", title="From", description="A graph id.", examples=["cn:350524/参内镇"], min_length=1, max_length=1000)],
    target: Annotated[str, Query(alias="to", title="To", description="A graph id.", examples=["program:法律八进"], min_length=1, max_length=1000)],
    hops: Annotated[int, Query(title="Most hops", description="Longest path to look for.", examples=[4], ge=1, le=6)] = 4,
    k: Annotated[int, Query(title="Most paths", description="How many paths at most.", examples=[3], ge=1, le=20)] = 3,
) -> models.GraphPaths:
    """Each hop comes with its report, facts and sentences. Reports are not stepping stones: all that one report names would be two hops apart.

    Hubs are damped: a path costs one for each hop and, for each node between its ends, the decimal logarithm of how many edges that has. So a program that
    three townships take up joins them before one that thousands do.
    """
    found = queries.find_paths(reader.graph, source, target, max_hops=hops, k=k)
    paths = tuple(_show_path(reader, path) for path in found.rows)
    return models.GraphPaths(paths=paths, bounded=found.bounded, snapshot=reader.snapshot, coverage=reader.coverage())


def _show_path(reader: Reader, path: queries.Path) -> models.GraphPath:
    passages = reader.quote([hop.facts for hop in path.hops])
    return models.GraphPath(
        nodes=tuple(models.Entity.model_validate(node) for node in path.nodes),
        hops=tuple(models.Hop(**msgspec.structs.asdict(hop), passages=said) for hop, said in zip(path.hops, passages, strict=True)),
        cost=path.cost,
        degrees=path.degrees,
    )


def show_fact(item: Projectable, fact: Fact) -> models.Fact:
    """A fact as the API answers it, with its sentence."""
    return models.Fact(**{**msgspec.structs.asdict(fact), "report": item.document.report, "sentence": sentence_of(item, fact)})
