"""Brings reports in a graph to a new state, the same way in every engine. Meant to run inside one transaction of the engine."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

import cypher
from archive.model import Change, Link
from graph import ledger, schema
from graph.project import EdgeRow, NodeRow, Projection, project, show_link
from graph.store import Row

Run = Callable[[str, Mapping[str, Any]], list[Row]]
"""Runs a statement with parameters and returns its rows."""

log = logging.getLogger(__name__)

STATED_BETWEEN = tuple(name.removeprefix("schema/index_") for name in cypher.names("schema") if name.startswith("schema/index_"))
PLURALS = {
    "Place": "places", "Province": "provinces", "Prefecture": "prefectures", "County": "counties", "Township": "townships", "Village": "villages",
    "Body": "bodies", "Organisation": "organisations", "Person": "persons", "LegalAdviser": "legal_advisers", "MediationRoom": "mediation_rooms",
    "Program": "programs", "Platform": "platforms", "Document": "documents", "Event": "events", "Indicator": "indicators",
}  # fmt: skip


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What has to happen. ``old`` are the contributions that the graph holds of reports that change or go; ``links`` have one of ``new`` at an end."""

    old: dict[str, tuple[NodeRow, ...]]
    new: dict[str, Projection]
    digests: dict[str, str]  # of ``new``
    links: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.old or self.new)


def plan(run: Run, changes: Iterable[Change]) -> Plan:
    """Compare changes with the graph. The last change of a report counts; what already is in its state is left out: applying again writes nothing."""
    last = {change.report: change for change in sorted(changes, key=lambda change: change.sequence)}
    known = {row["id"]: row for row in run(cypher.load("read/ledgers"), {"reports": list(last)})}
    old: dict[str, tuple[NodeRow, ...]] = {}
    new: dict[str, Projection] = {}
    digests: dict[str, str] = {}
    for report, change in last.items():
        if change.item is not None:
            projection = project(change.item)
            digest = ledger.digest(projection)
            if report in known and known[report]["digest"] == digest:
                continue
            for refused in projection.refused:
                log.warning("report %s: not in the graph, because vocabulary/graph.yaml has no such edge: %s", report, refused)
            new[report], digests[report] = projection, digest
        if report in known:
            old[report] = ledger.read_ledger(known[report]["ledger"])
    links = {(link.report, link.source): link for report in new for link in last[report].links}
    return Plan(old=old, new=new, digests=digests, links=tuple(links.values()))


def execute(run: Run, plan: Plan) -> None:
    """Write a plan: old statements go, nodes and new statements come, nodes that nobody speaks for any more go."""
    adoptions = _forget(run, list(plan.old))
    _create_reports(run, plan)
    lost = _settle_nodes(run, plan)
    edges = [edge for projection in plan.new.values() for edge in projection.edges]
    _create_edges(run, _create_measures(run, plan, edges))
    _create_edges(run, map(show_link, plan.links))  # those that were there went with the report at one of their ends
    _sweep(run, lost)
    _date_adoptions(run, adoptions | {(edge.source, edge.target) for edge in edges if edge.type == "ADOPTS"})


class LinkPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Edges REUSES that go and come."""

    gone: tuple[EdgeRow, ...]
    come: tuple[EdgeRow, ...]

    def __bool__(self) -> bool:
        return bool(self.gone or self.come)


def plan_links(run: Run, links: Mapping[str, Sequence[Link]]) -> LinkPlan:
    """Compare the links that each of these reports has to earlier ones with the graph's. What is the same is left alone."""
    rows = run(cypher.load("read/reuses_of_reports"), {"reports": sorted(links)})
    known = schema.edge_properties("REUSES")  # engines add some of their own
    held = {
        (row["source"], row["target"]): EdgeRow(type="REUSES", source=row["source"], target=row["target"], properties=schema.clean(row["properties"], known))
        for row in rows
    }
    wanted = {(link.report, link.source): show_link(link) for of in links.values() for link in of}
    return LinkPlan(
        gone=tuple(edge for ends, edge in sorted(held.items()) if wanted.get(ends) != edge),
        come=tuple(edge for ends, edge in sorted(wanted.items()) if held.get(ends) != edge),
    )


def execute_links(run: Run, plan: LinkPlan) -> None:
    """Write a plan. An edge to a report that is not there is not made: the report brings it along."""
    if plan.gone:
        run(cypher.load("write/delete_reuses"), {"rows": [{"source": edge.source, "target": edge.target} for edge in plan.gone]})
    _create_edges(run, plan.come)


def wipe(run: Run, reports: Sequence[str], nodes: Iterable[str]) -> None:
    """Remove all that carries these reports' ids, whether or not a report node accounts for it, and those of these nodes that nothing else speaks for."""
    ledgers = run(cypher.load("read/ledgers"), {"reports": list(reports)})
    spoken_of = {row.id for found in ledgers for row in ledger.read_ledger(found["ledger"])}
    adoptions = _forget(run, list(reports))
    if reports:
        run(cypher.load("write/delete_stated_measures"), {"reports": list(reports)})
    _sweep(run, spoken_of | set(nodes))
    _date_adoptions(run, adoptions)


def _date_adoptions(run: Run, adoptions: Iterable[tuple[str, str]]) -> None:
    rows = [{"source": source, "program": program} for source, program in sorted(adoptions)]
    if rows:
        run(cypher.load("write/date_adoptions"), {"rows": rows})


def _forget(run: Run, reports: list[str]) -> set[tuple[str, str]]:
    """Remove reports with all that they state; returns the (place, program) pairs whose first year has to be found again."""
    if not reports:
        return set()
    adoptions = {(row["source"], row["program"]) for row in run(cypher.load("read/adoptions_of_reports"), {"reports": reports})}
    for type in STATED_BETWEEN:
        run(cypher.load(f"write/delete_{type}"), {"reports": reports})
    run(cypher.load("write/delete_measures"), {"reports": reports})
    run(cypher.load("write/delete_reports"), {"reports": reports})
    return adoptions


def _create_reports(run: Run, plan: Plan) -> None:
    reports = [
        {"id": report, "properties": {**projection.properties, "digest": plan.digests[report], "ledger": ledger.write_ledger(projection.nodes)}}
        for report, projection in plan.new.items()
    ]
    if reports:
        run(cypher.load("write/create_reports"), {"rows": reports})


def _create_measures(run: Run, plan: Plan, edges: Iterable[EdgeRow]) -> list[EdgeRow]:
    """Create all measures; returns the edges that are still to be created. Three edges in one statement with their measure cost half as much as apart."""
    indicators: dict[str, str] = {}
    places: dict[str, str] = {}
    rest: list[EdgeRow] = []
    for edge in edges:
        if edge.type == "OF":
            indicators[edge.source] = edge.target
        elif edge.type == "ABOUT":
            places[edge.source] = edge.target
        else:
            rest.append(edge)
    whole: list[dict[str, Any]] = []
    loose: list[dict[str, Any]] = []
    for measure in (measure for projection in plan.new.values() for measure in projection.measures):
        id, report = measure["id"], measure["report"]
        indicator, place = indicators.get(id), places.get(id)
        if indicator and place:
            whole.append({**measure, "indicator": indicator, "place": place})
            continue
        loose.append(measure)
        ends = (("OF", indicator), ("ABOUT", place))
        rest += [EdgeRow(type=type, source=id, target=target, properties={"report": report}) for type, target in ends if target]
    for statement, rows in (("write/create_measures", whole), ("write/create_loose_measures", loose)):
        if rows:
            run(cypher.load(statement), {"rows": rows})
    return rest


def _settle_nodes(run: Run, plan: Plan) -> set[str]:
    """Write the nodes whose shown properties change; returns ids of nodes that lost a contribution."""
    gained: dict[str, list[NodeRow]] = {}
    lost: set[str] = set()
    for report in plan.old.keys() | plan.new.keys():
        before = {row.id: row for row in plan.old.get(report, ())}
        after = {row.id: row for row in plan.new[report].nodes} if report in plan.new else {}
        lost |= {id for id, row in before.items() if after.get(id) != row}
        for id, row in after.items():
            if before.get(id) != row:
                gained.setdefault(id, []).append(row)
    stored = _read_nodes(run, gained.keys() | lost)
    recount = {id for id in lost & stored.keys() if stored[id].contested or any(row != stored[id].row for row in gained.get(id, ()))}
    contributions = {id: [*([stored[id].row] if id in stored else []), *rows] for id, rows in gained.items() if id not in recount}
    contested = {id for id in contributions if id in stored and stored[id].contested}
    for id, rows in _read_contributions(run, recount).items():
        contributions[id] = rows
    shown = {id: ledger.merge(rows, contested=id in contested) for id, rows in sorted(contributions.items())}
    _write_nodes(run, {id: node for id, node in shown.items() if node != stored.get(id)}, stored)
    return lost


def _read_nodes(run: Run, ids: Iterable[str]) -> dict[str, ledger.Shown]:
    """Stored nodes by id."""
    found: dict[str, ledger.Shown] = {}
    for row in run(cypher.load("read/nodes"), {"ids": sorted(ids)}):
        label, properties = row["labels"][0], row["properties"]
        told = schema.clean(properties, schema.node_properties(label))
        node = NodeRow(id=row["id"], label=label, name=properties["name"], properties=told)
        found[row["id"]] = ledger.Shown(row=node, contested=bool(properties.get("contested")))
    return found


def _read_contributions(run: Run, ids: set[str]) -> dict[str, list[NodeRow]]:
    """All that any report contributes to these nodes."""
    contributions: dict[str, list[NodeRow]] = {}
    for row in run(cypher.load("read/all_ledgers"), {}) if ids else ():
        for contribution in ledger.read_ledger(row["ledger"]):
            if contribution.id in ids:
                contributions.setdefault(contribution.id, []).append(contribution)
    return contributions


def _write_nodes(run: Run, nodes: Mapping[str, ledger.Shown], stored: Mapping[str, ledger.Shown]) -> None:
    by_statement: dict[str, list[dict[str, Any]]] = {}
    for id, node in nodes.items():
        label = schema.all_labels(node.row.label, id)[-1]
        properties = {"id": id, "name": node.row.name, **node.row.properties, **({"contested": True} if node.contested else {})}
        by_statement.setdefault(f"write/merge_{PLURALS[label]}", []).append({"id": id, "properties": properties})
    for statement, rows in by_statement.items():
        run(cypher.load(statement), {"rows": rows})
    above = {id: node.row.properties.get("parent") for id, node in nodes.items()}
    moved = {id: parent for id, parent in above.items() if id not in stored or stored[id].row.properties.get("parent") != parent}
    settled = [id for id in moved if id in stored]
    if settled:
        run(cypher.load("write/detach_parents"), {"ids": settled})
    _create_edges(run, [EdgeRow(type="PART_OF", source=id, target=parent, properties={}) for id, parent in moved.items() if parent])


def _create_edges(run: Run, edges: Iterable[EdgeRow]) -> None:
    by_statement: dict[str, list[dict[str, Any]]] = {}
    for edge in edges:
        by_statement.setdefault(_name_statement(edge), []).append(
            {"source": edge.source, "target": edge.target, "properties": edge.properties, "report": edge.properties.get("report")}
        )
    for statement, rows in by_statement.items():
        run(cypher.load(statement), {"rows": rows})


def _name_statement(edge: EdgeRow) -> str:
    """The statement for this type, or for these very ends where there are many: one label costs a server a third of ten to look into."""
    source, target = (PLURALS.get(schema.label_of(id) or "", "reports") for id in (edge.source, edge.target))  # only reports' ids tell no label
    narrow = f"write/create_{edge.type.lower()}_{source}_{target}"
    return narrow if narrow in _WRITING else f"write/create_{edge.type.lower()}"


_WRITING = frozenset(cypher.names("write"))


def _sweep(run: Run, ids: set[str]) -> None:
    """Remove those of the nodes that nothing speaks for, lowest first: a township keeps its county as long as it is there itself."""
    while ids and run(cypher.load("write/sweep_nodes"), {"ids": sorted(ids)})[0]["swept"]:
        pass
