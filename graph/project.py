"""What one report says, as nodes and edges. Pure: the same report gives the same rows, whatever else the graph holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

import vocabulary
from archive.applying import MARK
from archive.model import Link, Projectable
from graph import schema
from ingest.model import Fact, Node

MODALITIES = ("done", "ongoing", "planned", "exhorted")  # from deed to wish
NOT_FROM_RELATIONS = ("COVERS", "ISSUED", "ADDRESSED_TO", "MENTIONS", "STATES", "OF", "ABOUT")
PHRASE_LIMIT = 60  # characters of a raw indicator's id: longer phrases are cut, lest a whole sentence names a node


class NodeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a report contributes to a node that others may speak of as well."""

    id: str
    label: str
    name: str
    properties: dict[str, Any]


class EdgeRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    type: str
    source: str
    target: str
    properties: dict[str, Any]


class Projection(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of one report. ``refused`` names edges that vocabulary/graph.yaml does not allow, in words for the log."""

    report: str
    properties: dict[str, Any]
    nodes: tuple[NodeRow, ...]
    measures: tuple[dict[str, Any], ...]  # every declared property, None where there is none: they are created without looking for what is there
    edges: tuple[EdgeRow, ...]
    refused: tuple[str, ...] = ()


def project(item: Projectable) -> Projection:
    """All rows of a report. Nodes without an edge and without a node below them are left out: nothing would ever remove them."""
    nodes = {row.id: row for row in _contribute(item)}
    measures, indicators, measure_edges = _measure(item, nodes)
    nodes.update(indicators)
    edges, refused = _check((*_frame_edges(item, nodes), *_mentions(item, nodes), *_relations(item, nodes), *measure_edges), item, nodes)
    used = _used(edges, nodes)
    return Projection(
        report=item.document.report,
        properties=_report_properties(item),
        nodes=tuple(nodes[id] for id in sorted(used)),
        measures=measures,
        edges=tuple(edges),
        refused=refused,
    )


def show_link(link: Link) -> EdgeRow:
    """The edge from the report that has the words to the earlier one that has them as well. It stands on both originals, at the offsets it carries."""
    told = msgspec.structs.asdict(link)
    return EdgeRow(type="REUSES", source=link.report, target=link.source, properties=schema.clean(told, schema.edge_properties("REUSES")))


def _report_properties(item: Projectable) -> dict[str, Any]:
    document, frame = item.document, item.analysis.frame
    title = frame.title or document.title or document.key
    told = {
        "key": document.key,
        "title": title,
        "year": frame.year if frame.year is not None else document.year,
        "place": frame.place or document.place,
        "level": frame.level or document.level,
        "url": document.url,
        "published": document.published,
        "signed": frame.signed,
        "coverage_end": frame.coverage_end,
        "docnumber": frame.docnumber,
        "fingerprint": document.fingerprint,
    }
    return {"id": document.report, "name": title, **schema.clean(told, schema.node_properties("Report"))}


def _contribute(item: Projectable) -> Iterator[NodeRow]:
    """Nodes of the analysis and those that only the frame names."""
    frame = item.analysis.frame
    known = {node.id for node in item.analysis.nodes}
    ids = known | ({frame.place} if frame.place else set())
    for node in item.analysis.nodes:
        row = _node_row(node, ids)
        if row is not None:
            yield row
    if frame.place and frame.place not in known:
        properties = {"level": frame.level, "status": frame.status, "candidates": frame.candidates}
        row = _node_row(Node(id=frame.place, labels=("Place",), name=frame.place_name or frame.place.rpartition("/")[2], properties=properties), ids)
        if row is not None:
            yield row
    for party in sorted({*frame.issuers, *frame.addressees}, key=lambda party: (party.node or "", party.name)):
        if party.node and party.node not in known:
            known.add(party.node)
            yield NodeRow(id=party.node, label=schema.label_of(party.node) or "Body", name=party.name, properties={})


def _node_row(node: Node, ids: set[str]) -> NodeRow | None:
    label = schema.label_of(node.id, node.labels)
    if label is None or label in ("Report", "Measure"):
        return None
    told = dict(node.properties)
    if not told and label not in ("Place", "Program"):
        return NodeRow(id=node.id, label=label, name=node.name, properties=told)
    if label == "Place":
        told["level"] = schema.level_of(node.id)
        told["parent"] = told.get("parent") or schema.parent_of(node.id)
    if label == "Body":
        told["parent"] = told.get("parent") or told.get("place")
    if label == "Program":
        told["parent"] = told.get("parent") or told.get("family")
        if told["parent"] and not str(told["parent"]).startswith("program:"):
            told["parent"] = f"program:{told['parent']}"
    if told.get("parent") not in ids or told.get("parent") == node.id:
        told["parent"] = None
    return NodeRow(id=node.id, label=label, name=node.name, properties=schema.clean(told, schema.node_properties(label)))


def _frame_edges(item: Projectable, nodes: Mapping[str, NodeRow]) -> Iterator[EdgeRow]:
    frame, report = item.analysis.frame, item.document.report
    stated = {"report": report, "modality": "done", "year": frame.year}
    by_type = {type: [fact for fact in item.analysis.facts if fact.relation == type] for type in ("COVERS", "ISSUED", "ADDRESSED_TO")}

    def support(type: str, node: str) -> list[str]:
        stating = [fact.id for fact in by_type[type] if node in (fact.subject_node, fact.object_node)]
        return stating or [fact.id for fact in item.analysis.facts if fact.node == node][:1]

    if frame.place:
        yield EdgeRow(type="COVERS", source=report, target=frame.place, properties={**stated, "facts": support("COVERS", frame.place)})
    for node in dict.fromkeys(party.node for party in frame.issuers if party.node):
        yield EdgeRow(type="ISSUED", source=node, target=report, properties={**stated, "facts": support("ISSUED", node)})
    for node in dict.fromkeys(party.node for party in frame.addressees if party.node):
        yield EdgeRow(type="ADDRESSED_TO", source=report, target=node, properties={**stated, "facts": support("ADDRESSED_TO", node)})


def _mentions(item: Projectable, nodes: Mapping[str, NodeRow]) -> Iterator[EdgeRow]:
    facts: dict[str, list[Fact]] = {}
    for fact in item.analysis.facts:
        if fact.node is not None and fact.node in nodes and fact.type not in ("metric", "relation") and nodes[fact.node].label not in ("Indicator", "Measure"):
            facts.setdefault(fact.node, []).append(fact)
    for node, mentioning in facts.items():
        modality = min((fact.modality for fact in mentioning), key=MODALITIES.index)
        yield EdgeRow(
            type="MENTIONS",
            source=item.document.report,
            target=node,
            properties={"report": item.document.report, "count": len(mentioning), "modality": modality, "facts": [mentioning[0].id], **_mark(mentioning)},
        )


def _relations(item: Projectable, nodes: Mapping[str, NodeRow]) -> Iterator[EdgeRow]:
    """One edge per ends, modality and year, with every fact that states it: what is planned stays apart from what is done."""
    stating: dict[tuple[str, str, str, str, int | None], list[Fact]] = {}
    report = item.document.report
    for fact in item.analysis.facts:
        if fact.polarity == "negative":
            continue  # that there is none is a fact, and no edge
        if fact.type != "relation" or fact.relation is None or fact.relation in NOT_FROM_RELATIONS or fact.relation not in schema.edges():
            continue
        entry = schema.edges()[fact.relation]
        source = report if entry["from"] == ["Report"] else fact.subject_node
        target = report if entry["to"] == ["Report"] else fact.object_node
        part = nodes.get(source or "") if fact.relation == "PART_OF" else None
        if part is not None and (part.label == "Place" or part.properties.get("parent") == target):
            continue  # it follows from the node already; said twice, every path up would be found twice
        if source and target and source != target:
            year = fact.year if fact.year is not None else item.analysis.frame.year
            stating.setdefault((fact.relation, source, target, fact.modality, year), []).append(fact)
    for (type, source, target, modality, year), facts in stating.items():
        ids = [fact.id for fact in facts]
        told = {**_attributes(facts), "report": report, "facts": ids, "modality": modality, "year": year, "reviewed": None, **_mark(facts)}
        if type == "ADOPTS":
            told.update(evidence=ids, variant=told.get("variant") or facts[0].object)
            told.pop("first_seen", None)  # follows from all reports together
        yield EdgeRow(type=type, source=source, target=target, properties=schema.clean(told, schema.edge_properties(type)))


def _mark(facts: Iterable[Fact]) -> dict[str, bool]:
    """``reviewed``, only where somebody has accepted or linked one of the facts."""
    return {"reviewed": True} if any(MARK in fact.attrs for fact in facts) else {}


def _attributes(facts: Iterable[Fact]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for fact in facts:
        for name, value in fact.attrs.items():
            told.setdefault(name, value)
    return told


def _measure(item: Projectable, nodes: Mapping[str, NodeRow]) -> tuple[tuple[dict[str, Any], ...], dict[str, NodeRow], list[EdgeRow]]:
    measures: list[dict[str, Any]] = []
    indicators: dict[str, NodeRow] = {}
    edges: list[EdgeRow] = []
    report, frame = item.document.report, item.analysis.frame
    stated = {"report": report}  # fact, modality and year stand on the measure: three edges of every number would only repeat them
    for fact in item.analysis.facts:
        if fact.type != "metric":
            continue
        id = f"measure:{fact.id}"
        indicator = name_indicator(fact)
        measures.append(
            {
                "id": id,
                "name": fact.indicator or fact.canonical or fact.surface,
                "value": None if fact.value is None else float(fact.value),
                "unit": fact.unit,
                "approx": fact.approx,
                "year": fact.year if fact.year is not None else frame.year,
                "modality": fact.modality,
                "polarity": fact.polarity,
                "report": report,
                "fact": fact.id,
                "reviewed": True if MARK in fact.attrs else None,
            }
        )
        if indicator is not None:
            indicators[indicator.id] = indicator
            edges.append(EdgeRow(type="OF", source=id, target=indicator.id, properties=stated))
        subject = nodes.get(fact.subject_node or "")
        about = subject.id if subject is not None and subject.label == "Place" else frame.place
        if about:
            edges.append(EdgeRow(type="ABOUT", source=id, target=about, properties=stated))
    return tuple(measures), indicators, edges


@cache
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in vocabulary.load("indicators")}


def name_indicator(fact: Fact) -> NodeRow | None:
    """The indicator that a metric is of: from the catalogue, or the report's own words (``indicator:raw/…``); None where it has none."""
    if fact.indicator_id:
        id = fact.indicator_id.removeprefix("indicator:")
        entry = _catalogue().get(id, {"name": id})
        told = {"catalogued": True, "unit": entry.get("unit")}
        return NodeRow(id=f"indicator:{id}", label="Indicator", name=entry["name"], properties=schema.clean(told, schema.node_properties("Indicator")))
    phrase = "".join((fact.indicator or "").split())[:PHRASE_LIMIT]
    return NodeRow(id=f"indicator:raw/{phrase}", label="Indicator", name=phrase, properties={"catalogued": False}) if phrase else None


def _check(edges: Iterable[EdgeRow], item: Projectable, nodes: Mapping[str, NodeRow]) -> tuple[list[EdgeRow], tuple[str, ...]]:
    """Edges whose ends are there and of an allowed kind; the others in words."""
    allowed: list[EdgeRow] = []
    refused: list[str] = []
    labels = {id: row.label for id, row in nodes.items()}
    labels[item.document.report] = "Report"
    for edge in edges:
        entry = schema.edges()[edge.type]
        source = "Measure" if edge.source.startswith("measure:") else labels.get(edge.source)
        target = "Measure" if edge.target.startswith("measure:") else labels.get(edge.target)
        if source in entry["from"] and target in entry["to"]:
            allowed.append(edge)
        else:
            refused.append(f"{edge.type} from {edge.source} ({source or 'no such node'}) to {edge.target} ({target or 'no such node'})")
    return allowed, tuple(refused)


def _used(edges: Iterable[EdgeRow], nodes: Mapping[str, NodeRow]) -> set[str]:
    """Ids of nodes at the end of an edge, and all above them."""
    used: set[str] = set()
    waiting = [id for edge in edges for id in (edge.source, edge.target)]
    while waiting:
        id = waiting.pop()
        if id in nodes and id not in used:
            used.add(id)
            parent = nodes[id].properties.get("parent")
            if parent:
                waiting.append(parent)
    return used
