"""From what somebody asks for to a review that can be kept: everything it names is there, and it goes against nothing that was decided before.

Functions over a transaction of the archive. All of them raise Invalid, NotFound or Contradiction, with what would help.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

import vocabulary
from archive import reviewing
from archive.anchors import find_fact, make_anchor
from archive.applying import apply_reviews
from archive.moving import is_at_or_below
from archive.packing import unpack
from archive.reviews import ON_FACTS, Anchor, End, Order, Part, Review
from fazhi.errors import Contradiction, Invalid, NotFound
from ingest.gazetteer import LABELS, gazetteer
from ingest.ids import report_id, report_of_fact
from ingest.model import Fact, Node
from vocabulary.merging import entries_of, find_entry, spellings_of
from vocabulary.overlay import FILES, Kind

_LONGEST = {"user": 200, "note": 2000, "name": 200, "node": 1000, "target": 1000}
_LABEL_OF_TYPE = {
    "place": "Place", "body": "Body", "organisation": "Organisation", "person": "Person", "legal_adviser": "LegalAdviser", "mediation_room": "MediationRoom",
    "program": "Program", "platform": "Platform", "document": "Document", "docnumber": "Document", "event": "Event", "metric": "Indicator",
}  # fmt: skip
_NEEDED: dict[str, tuple[str, ...]] = {
    "accept": ("fact",), "reject": ("fact",), "link": ("fact", "target"),
    "merge": ("node", "target"), "split": ("node", "reports"), "rename": ("node", "name"),
}  # fmt: skip
_FIELDS = ("fact", "node", "target", "reports", "name", "end")
_MAY: dict[str, tuple[str, ...]] = {"link": ("end",), "split": ("target", "name")}


def make_review(connection: Connection, order: Order, moment: str) -> Review:
    """The review, still without a number (0)."""
    order = _tidy(order)
    if order.action in ON_FACTS:
        return _on_fact(connection, order, moment)
    return _on_node(connection, order, moment)


def check_undo(review: Review | None, id: int, user: str) -> None:
    if review is None:
        raise NotFound(f"There is no review {id}.", cure="`fazhi review list --all` shows them, GET /api/reviews too.")
    if review.undone is not None:
        raise Contradiction(f"Review {id} was undone already, by {review.undone_by} at {review.undone}.", cure="Make it again, if it should hold.")
    _check_words("user", user)


def _tidy(order: Order) -> Order:
    """Blanks at the edges gone, all that it needs there and nothing else."""
    told = {field: value.strip() for field in ("user", "note", "name", "node", "target", "fact") if (value := getattr(order, field)) is not None}
    order = Order(**{**{name: getattr(order, name) for name in Order.__struct_fields__}, **told})
    for field in _NEEDED[order.action]:
        if not getattr(order, field):
            raise Invalid(f"To {order.action}, {field} is needed.", cure=f"It takes {' and '.join(_NEEDED[order.action])}.")
    for field in _FIELDS:
        if getattr(order, field) and field not in (*_NEEDED[order.action], *_MAY.get(order.action, ())):
            raise Invalid(f"To {order.action} takes no {field}.", cure=f"It takes {' and '.join(_NEEDED[order.action])}.")
    for field in _LONGEST:
        value = getattr(order, field)
        if value is not None and (value or field != "note"):
            _check_words(field, value)
    return order


def _check_words(field: str, value: str) -> None:
    if not value.strip():
        raise Invalid(f"The {field} is empty.", cure="Say who decides." if field == "user" else "Give it, or leave it out.")
    if len(value) > _LONGEST[field]:
        raise Invalid(f"The {field} is longer than {_LONGEST[field]} characters.", cure="Shorten it.")
    if not value.replace("\n", " " if field == "note" else "\n").isprintable():
        raise Invalid(f"The {field} has characters that can't be shown.", cure="Take control characters and line ends out of it.")


def _told(review: Review) -> str:
    return f"review {review.id} by {review.user} at {review.created}"


def _take_back(review: Review) -> str:
    return f"Take it back first: `fazhi review undo {review.id}`, or DELETE /api/reviews/{review.id}."


# -- facts -----------------------------------------------------------------------------------------------------------------------------------------

_DONE = {"accept": "accepted", "reject": "rejected", "link": "linked"}


class _Found(NamedTuple):
    """A fact as the rules made it, as it is shown now (None: it is not), and what was decided on it before."""

    fact: Fact
    shown: Fact | None
    anchor: Anchor
    key: str
    before: list[Review]


def _on_fact(connection: Connection, order: Order, moment: str) -> Review:
    assert order.fact is not None
    found = _find(connection, order.fact)
    fact = found.fact
    for former in found.before:
        if order.action == "link" and (former.action == "accept" or (former.action == "link" and former.end != order.end)):
            continue
        if order.action == "accept" and former.action == "link":
            continue
        raise Contradiction(f"The fact {fact.id} was {_DONE[former.action]} already ({_told(former)}).", cure=_take_back(former))
    if found.shown is None:
        raise Contradiction(
            f"The fact {fact.id} went with another one that was rejected.", cure=f"`fazhi review list --report {found.key}` shows which; undo that first."
        )
    nodes: tuple[Node, ...] = ()
    if order.action == "link":
        assert order.target is not None
        _check_link(fact, found.shown, order.target, order.end)
        nodes = _describe_target(connection, order.target)
    return Review(
        id=0,
        action=order.action,
        user=order.user,
        note=order.note,
        created=moment,
        report=report_of_fact(fact.id),
        key=found.key,
        anchor=found.anchor,
        target=order.target,
        end=order.end,
        nodes=nodes,
    )


def _find(connection: Connection, id: str) -> _Found:
    report = report_of_fact(id)
    row = next((row for page in reviewing.iter_held(connection, reports=[report]) for row in page), None)
    analysis = unpack(row.analysis) if row is not None else None
    fact = next((fact for fact in analysis.facts if fact.id == id), None) if analysis is not None else None
    if row is None or analysis is None or fact is None:
        raise NotFound(
            f"There is no fact {id}{'' if row is None else f' in the present state of {row.key}'}.",
            cure="`fazhi review facts KEY` lists those of a report, GET /api/reports/{id}/facts too; ids change with the text.",
        )
    text = reviewing.open_text(row.text)
    desk = reviewing.Desk(connection)
    here = desk.on_facts([report]).get(report, [])
    before = [review for review in here if review.anchor and isinstance(there := find_fact(review.anchor, analysis.facts, text), Fact) and there.id == id]
    shown = apply_reviews(analysis, [*desk.on_nodes, *here], text).analysis
    return _Found(fact, next((other for other in shown.facts if other.id == id), None), make_anchor(fact, text), row.key, before)


def _check_link(fact: Fact, shown: Fact, target: str, end: End | None) -> None:
    label = label_of(target)
    if fact.type == "relation":
        if end is None:
            raise Invalid("A relation has two ends.", cure="Say which one to link: subject or object (--end).")
        allowed = vocabulary.load("graph")["edges"].get(fact.relation, {}).get("from" if end == "subject" else "to", [])
        if label not in allowed:
            raise Invalid(f"{fact.relation} can't have {target} as its {end}.", cure=f"It takes {', '.join(allowed) or 'nothing'} there.")
        now = getattr(shown, f"{end}_node")
    else:
        if end is not None:
            raise Invalid(f"A fact of type {fact.type} has no {end}.", cure="Leave the end out; only relations have two.")
        wanted = _LABEL_OF_TYPE.get(fact.type)
        if wanted is None:
            raise Invalid(f"A fact of type {fact.type} has no link.", cure="Accept or reject it.")
        if label != wanted:
            raise Invalid(f"A fact of type {fact.type} can't be linked to {target}.", cure=f"Its id begins with {' or '.join(_prefixes(wanted))}.")
        now = f"indicator:{shown.indicator_id}" if fact.type == "metric" else shown.node
    if now == target:
        raise Invalid(f"The fact {fact.id} is linked to {target} already.", cure="To say that this is right, accept it.")


# -- nodes -----------------------------------------------------------------------------------------------------------------------------------------


def _on_node(connection: Connection, order: Order, moment: str) -> Review:
    assert order.node is not None
    active = reviewing.active(connection)
    _check_kind(order.node, order.action)
    _check_there(order.node, active)
    now = _describe(connection, order.node, active)
    if now is None:
        raise NotFound(f"No report here speaks of {order.node}.", cure="GET /api/entities finds nodes by name; `fazhi search` and `fazhi cypher` do, too.")
    parts: tuple[Part, ...] = ()
    target = order.target
    nodes: tuple[Node, ...] = ()
    if order.action == "rename":
        former = next((review for review in active if review.action == "rename" and review.node == order.node), None)
        if former is not None:
            raise Contradiction(f"{order.node} was renamed to {former.name} already ({_told(former)}).", cure=_take_back(former))
        if now[0].name == order.name:
            raise Invalid(f"{order.node} is called {order.name} already.", cure="Give another name.")
        return Review(id=0, action="rename", user=order.user, note=order.note, created=moment, node=order.node, name=order.name)
    if order.action == "split":
        parts = _parts(connection, order, active)
        if target is not None and order.name is not None:
            raise Invalid(f"{target} has a name.", cure="Leave the name out; `rename` gives it another one.")
        if target is None:
            target, nodes = _new_node(order, now[0], active)
    assert target is not None
    if not nodes:
        nodes = _check_target(connection, order, target, now[0], active)
    return Review(
        id=0, action=order.action, user=order.user, note=order.note, created=moment, node=order.node, target=target, name=order.name, reports=parts, nodes=nodes
    )


def _check_kind(node: str, action: str) -> None:
    """Only nodes that reports name can be decided on, and of the register's divisions no province or prefecture can be another one."""
    label = label_of(node)
    if label == "Indicator":
        raise Invalid(
            "Indicators are decided on as names, not as nodes.", cure="Use `fazhi vocabulary accept NAME --as ENTRY`, or link a single number to its indicator."
        )
    if label in (None, "Report", "Measure"):
        raise Invalid(f"{node} is no node that can be decided on.", cure="Give the id of a place, body, person, program, platform, room, document or event.")
    if action != "rename" and node.startswith("cn:") and len(node) < len("cn:350524") and "?" not in node:
        raise Invalid(f"{node} is a province or a prefecture of the register.", cure="Decide on the county, township or village that is meant.")


def _check_there(node: str, active: Sequence[Review]) -> None:
    gone = next((review for review in active if review.action == "merge" and review.node == node), None)
    if gone is not None:
        raise Contradiction(f"{node} is merged into {gone.target} ({_told(gone)}).", cure=f"Decide on {gone.target}. {_take_back(gone)}")


def _check_target(connection: Connection, order: Order, target: str, former: Node, active: Sequence[Review]) -> tuple[Node, ...]:
    if target == order.node:
        raise Invalid(f"{target} is named twice.", cure="Give two nodes.")
    back = next((review for review in active if review.action == "merge" and review.node == target), None)
    if back is not None:
        circle = _ends_at(target, active) == order.node
        raise Contradiction(
            f"{target} is merged into {back.target} ({_told(back)}){', so this would go in a circle' if circle else ''}.",
            cure=_take_back(back) if circle else f"Name {_ends_at(target, active)} instead. {_take_back(back)}",
        )
    assert order.node is not None
    if is_at_or_below(target, order.node) or is_at_or_below(order.node, target):
        raise Invalid(f"{target} and {order.node} lie one in the other.", cure="Name two places side by side.")
    nodes = _describe_target(connection, target, active)
    if _kind(nodes[0]) != _kind(former):
        raise Invalid(f"{order.node} is a {_kind(former)}, {target} a {_kind(nodes[0])}.", cure="Name two nodes of one kind.")
    return nodes


def _ends_at(node: str, active: Sequence[Review]) -> str:
    """Where a node has gone by merges."""
    seen = {node}
    while (step := next((review.target for review in active if review.action == "merge" and review.node == node), None)) and step not in seen:
        seen.add(step)
        node = step
    return node


def _kind(node: Node) -> str:
    return node.labels[-1] if node.labels[:1] == ("Place",) else (label_of(node.id) or node.labels[0])


def _parts(connection: Connection, order: Order, active: Sequence[Review]) -> tuple[Part, ...]:
    """The named reports. They must be here and speak of the node, and nothing was split off in them before."""
    wanted = {report_id(name): name for name in order.reports} | {name: name for name in order.reports}
    parts: dict[str, Part] = {}
    for page in reviewing.iter_held(connection, reports=list(wanted)):
        parts.update({row.report: Part(row.report, row.key) for row in page})
    known = {part.key for part in parts.values()} | parts.keys()
    missing = [name for name in order.reports if name not in known]
    if missing:
        raise NotFound(f"There is no report {missing[0]}.", cure="Give keys or report ids; `fazhi status --documents` lists both.")
    for former in active:
        taken = [part.key for part in former.reports if part.report in parts and former.action == "split" and former.node == order.node]
        if taken:
            raise Contradiction(f"In {taken[0]} {order.node} was split off to {former.target} already ({_told(former)}).", cure=_take_back(former))
    return tuple(sorted(parts.values(), key=lambda part: part.key))


def _new_node(order: Order, former: Node, active: Sequence[Review]) -> tuple[str, tuple[Node, ...]]:
    """A node that is not there yet, beside the one that is split: person:…/张三~2."""
    if former.labels[:1] == ("Place",):
        raise Invalid("A place can't be made up.", cure="Name the place that is meant, with --to (target).")
    taken = {review.target for review in active}
    number = next(number for number in range(2, len(active) + 3) if f"{former.id}~{number}" not in taken)
    node = Node(id=f"{former.id}~{number}", labels=former.labels, name=order.name or former.name, properties=former.properties)
    return node.id, (node,)


# -- describing ------------------------------------------------------------------------------------------------------------------------------------


def label_of(id: str) -> str | None:
    """The label that an id stands for."""
    prefix = f"{id.partition(':')[0]}:"
    return next((label for label, entry in vocabulary.load("graph")["nodes"].items() if prefix in entry["ids"]), None)


def _prefixes(label: str) -> Collection[str]:
    prefixes: list[str] = vocabulary.load("graph")["nodes"][label]["ids"]
    return prefixes


def _describe_target(connection: Connection, target: str, active: Sequence[Review] | None = None) -> tuple[Node, ...]:
    active = reviewing.active(connection) if active is None else active
    gone = next((review for review in active if review.action == "merge" and review.node == target), None)
    if gone is not None:
        raise Contradiction(f"{target} is merged into {gone.target} ({_told(gone)}).", cure=f"Name {_ends_at(target, active)} instead.")
    nodes = _describe(connection, target, active)
    if nodes is None:
        raise NotFound(
            f"Nothing here is known as {target}.",
            cure="A place must be in the register or in a report; anything else in a report or a catalogue. GET /api/entities finds nodes by name.",
        )
    return nodes


def _describe(connection: Connection, id: str, active: Sequence[Review]) -> tuple[Node, ...] | None:
    """A node with all above it, as the register, an earlier review, a report or a catalogue knows it, without people's names for it. None: nobody does."""
    register = gazetteer()
    if id in register.places:
        return tuple(
            Node(id=place.id, labels=("Place", LABELS[place.level]), name=place.name, properties={"level": place.level, "parent": place.parent})
            for place in register.chain(id)[::-1]
        )
    for review in active:
        if review.nodes and review.nodes[0].id == id:
            return review.nodes
    for page in reviewing.iter_held(connection, speaking_of=id):
        for row in page:
            nodes = {node.id: node for node in unpack(row.analysis).nodes}
            if id in nodes:
                return tuple(_with_all_above(nodes, id))
    return _from_catalogue(id)


def _with_all_above(nodes: dict[str, Node], id: str) -> list[Node]:
    found = [nodes[id]]
    while (above := found[-1].properties.get("parent") or found[-1].properties.get("place")) in nodes and nodes[str(above)] not in found:
        found.append(nodes[str(above)])
    return found


def _from_catalogue(id: str) -> tuple[Node, ...] | None:
    kind: Kind | None = "program" if id.startswith("program:") else "indicator" if id.startswith("indicator:") else None
    if kind is None:
        return None
    entries = entries_of(kind, vocabulary.load(FILES[kind]))
    entry = find_entry(kind, entries, spellings_of(kind, entries), id)
    if entry is None or f"{kind}:{entry['id' if kind == 'indicator' else 'name']}" != id:
        return None
    if kind == "indicator":
        return (Node(id=id, labels=("Indicator",), name=entry["name"]),)
    told: dict[str, Any] = {name: entry[name] for name in ("kind", "family", "members", "member") if name in entry}
    program = Node(id=id, labels=("Program",), name=entry["name"], properties={**told, "catalogued": True})
    family = told.get("family")
    return (program, Node(id=f"program:{family}", labels=("Program",), name=family, properties={"kind": "family"})) if family else (program,)
