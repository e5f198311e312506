"""What people's decisions make of an analysis. Pure: the analysis as the rules made it stays as it is, and undoing a decision is leaving it out.

Reviews are applied in the order in which they were made, each to what those before it have left, as their author saw it; new names come last, so that a node
has its name wherever its mentions come from. All facts are found first, in what the rules made: a decision on a node never hides the fact of another decision.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from archive.anchors import find_fact, says
from archive.moving import Move, goes_along, is_at_or_below
from archive.reviews import Applied, Effect, Review
from ingest.ids import report_id
from ingest.model import Analysis, Fact, Issuer, Node

MARK = "reviewed"  # attribute of a fact that somebody has decided on: accepted, linked
_UNDECIDED = ("status", "candidates", "unlinked")  # attributes of a fact whose link the rules left open
_ABOVE = ("parent", "place", "family")  # properties that name another node


def apply_reviews(analysis: Analysis, reviews: Iterable[Review], text: str) -> Applied:
    """The analysis as decided, and what came of each review that is about it. ``text`` is the decoded original.

    Undone reviews and those of other reports make no difference. Every fact that stays keeps id, span and surface.
    """
    report = report_id(analysis.doc)
    here = [review for review in sorted(reviews, key=lambda review: review.id) if not review.undone and review.report in (None, report)]
    found = {review.id: find_fact(review.anchor, analysis.facts, text) for review in here if review.anchor is not None}
    sheet = _Sheet(analysis)
    effects: list[Effect] = []
    for review in sorted(here, key=lambda review: review.action == "rename"):
        if review.anchor is None:
            effect = _decide_on_node(sheet, review, report)
        else:
            effect = _decide_on_fact(sheet, review, found[review.id], _later(review, here, found))
        if effect is not None:
            effects.append(effect)
    return Applied(
        analysis=sheet.write() if any(effect.applied for effect in effects) else analysis, effects=tuple(sorted(effects, key=lambda effect: effect.review))
    )


def ids_of(analysis: Analysis) -> set[str]:
    """Ids of all nodes that an analysis speaks of."""
    frame = analysis.frame
    ends = {id for fact in analysis.facts for id in (fact.node, fact.subject_node, fact.object_node)}
    ends |= {node.id for node in analysis.nodes} | {frame.place} | {party.node for party in (*frame.issuers, *frame.addressees)}
    return {id for id in ends if id}


class _Sheet:
    """The analysis while it is being worked on."""

    def __init__(self, analysis: Analysis) -> None:
        self.before = analysis
        self.frame = analysis.frame
        self.facts = {fact.id: fact for fact in analysis.facts}
        self.nodes = {node.id: node for node in analysis.nodes}
        self.rejected: set[str] = set()

    def ids(self) -> set[str]:
        return ids_of(msgspec.structs.replace(self.before, frame=self.frame, facts=tuple(self.facts.values()), nodes=tuple(self.nodes.values())))

    def add_nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.nodes.setdefault(node.id, node)

    def change(self, fact: Fact, **fields: Any) -> None:
        self.facts[fact.id] = msgspec.structs.replace(self.facts[fact.id], **fields)

    def write(self) -> Analysis:
        facts = tuple(self.facts.values())
        findings = tuple(finding for finding in self.before.findings if self.rejected.isdisjoint(finding.facts))
        return msgspec.structs.replace(self.before, frame=self.frame, facts=facts, nodes=self._spoken_of(), findings=findings)

    def _spoken_of(self) -> tuple[Node, ...]:
        """Nodes by id, without those that the rules' facts named and that nothing names any more."""
        now = ids_of(msgspec.structs.replace(self.before, frame=self.frame, facts=tuple(self.facts.values()), nodes=()))
        dropped = ids_of(msgspec.structs.replace(self.before, nodes=())) - now
        above = {str(node.properties[name]) for id, node in self.nodes.items() if id not in dropped for name in _ABOVE if node.properties.get(name)}
        above |= {f"program:{name}" for name in above}
        return tuple(
            self.nodes[id]
            for id in sorted(self.nodes)
            if id not in dropped or id in above or (id.startswith("cn:") and any(other != id and is_at_or_below(other, id) for other in now))
        )


# -- facts -----------------------------------------------------------------------------------------------------------------------------------------


def _later(review: Review, here: Sequence[Review], found: Mapping[int, Fact | str]) -> Review | None:
    """A later review that decides the same about the same fact, or rejects it: the last word counts."""
    fact = found[review.id]
    if isinstance(fact, str):
        return None
    for other in reversed(here):
        target = found.get(other.id)
        if other.id <= review.id or not isinstance(target, Fact) or target.id != fact.id:
            continue
        if other.action == "reject" or ((review.action == "link") == (other.action == "link") and review.end == other.end):
            return other
    return None


def _decide_on_fact(sheet: _Sheet, review: Review, fact: Fact | str, later: Review | None) -> Effect:
    if isinstance(fact, str):
        return Effect(review=review.id, applied=False, reason=fact)
    if later is not None:
        return Effect(review=review.id, applied=False, fact=fact.id, reason=f"review {later.id} decides on the same fact, and is newer")
    if fact.id not in sheet.facts:
        return Effect(review=review.id, applied=False, fact=fact.id, reason="the fact has gone with another one that was rejected")
    if review.action == "accept":
        assert review.anchor is not None
        if differences := _differences(review.anchor.says, says(fact)):
            return Effect(review=review.id, applied=False, fact=fact.id, reason=f"the fact says something else now: {differences}")
        sheet.change(fact, confidence=1.0, attrs={**sheet.facts[fact.id].attrs, MARK: "accepted"})
    elif review.action == "reject":
        _reject(sheet, sheet.facts[fact.id])
    else:
        _link(sheet, sheet.facts[fact.id], review)
    return Effect(review=review.id, applied=True, fact=fact.id)


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    changed = [field for field in sorted(then.keys() | now.keys()) if then.get(field) != now.get(field)]
    return ", ".join(f"{field} {then.get(field, 'none')} → {now.get(field, 'none')}" for field in changed)


def _standing_on(sheet: _Sheet, fact: Fact) -> list[Fact]:
    """Relations that rest on this mention: it lies in their evidence, one of their ends is its node, and no other mention there names that node."""
    if fact.node is None or fact.type in ("relation", "metric"):
        return []
    others = [other for other in sheet.facts.values() if other.node == fact.node and other.id != fact.id and other.type not in ("relation", "metric")]
    return [
        relation
        for relation in sheet.facts.values()
        if relation.type == "relation"
        and fact.node in (relation.subject_node, relation.object_node)
        and relation.start <= fact.start
        and fact.end <= relation.end
        and not any(relation.start <= other.start and other.end <= relation.end for other in others)
    ]


def _reject(sheet: _Sheet, fact: Fact) -> None:
    for gone in (*_standing_on(sheet, fact), fact):
        sheet.facts.pop(gone.id, None)
        sheet.rejected.add(gone.id)


def _link(sheet: _Sheet, fact: Fact, review: Review) -> None:
    assert review.target is not None
    target = review.target
    attrs = {name: value for name, value in fact.attrs.items() if name not in _UNDECIDED} | {MARK: "linked"}
    name = review.nodes[0].name if review.nodes else target.partition(":")[2]
    if fact.type == "metric":
        sheet.change(fact, indicator_id=target.partition(":")[2], canonical=name, confidence=1.0, attrs=attrs)
        return
    sheet.add_nodes(review.nodes)
    if fact.type == "relation":
        ends: dict[str, Any] = {f"{review.end}_node": target, f"{review.end}": name}
        sheet.change(fact, **ends, confidence=1.0, attrs=attrs)
    else:
        for relation in _standing_on(sheet, fact):
            side = "subject" if relation.subject_node == fact.node else "object"
            sheet.change(relation, **{f"{side}_node": target, side: name})
        if fact.type == "place":
            attrs["level"] = _level(review.nodes)
        sheet.change(fact, node=target, canonical=_full_name(review.nodes) or name, confidence=1.0, attrs=attrs)


def _full_name(nodes: Sequence[Node]) -> str:
    """福建省泉州市安溪县参内镇 for a place with all above it; of everything else the name."""
    chain = nodes[::-1] if nodes and nodes[0].labels[:1] == ("Place",) else nodes[:1]
    return "".join(node.name for node in chain)


def _level(nodes: Sequence[Node]) -> str | None:
    return nodes[0].labels[-1].lower() if nodes and len(nodes[0].labels) > 1 else None


# -- nodes -----------------------------------------------------------------------------------------------------------------------------------------


def _decide_on_node(sheet: _Sheet, review: Review, report: str) -> Effect | None:
    """None where the report is not concerned."""
    assert review.node is not None
    listed = review.action != "split" or any(part.report == report for part in review.reports)
    if not listed:
        return None
    speaks = any(goes_along(id, review.node) for id in sheet.ids()) if review.action != "rename" else review.node in sheet.ids()
    if not speaks:
        return Effect(review=review.id, applied=False, reason=f"the report does not speak of {review.node} any more") if review.action == "split" else None
    if review.action == "rename":
        _rename(sheet, review)
    else:
        _move(sheet, review)
    return Effect(review=review.id, applied=True)


def _move(sheet: _Sheet, review: Review) -> None:
    """Put the target in the node's place. Of a place also what lies in it goes along: its villages, bodies, rooms, whose ids begin with its own."""
    assert review.node is not None and review.target is not None
    known = sheet.nodes.get(review.node)
    sheet.add_nodes(review.nodes)
    target = sheet.nodes[review.target]
    former = known.name if known is not None else (sheet.frame.place_name or "") if sheet.frame.place == review.node else ""
    move = Move(review.node, review.target, former, target.name)
    full = _full_name(review.nodes) or target.name
    for fact in tuple(sheet.facts.values()):
        changed = _moved_fact(move, fact, full)
        if changed:
            sheet.change(fact, **changed)
    nodes: dict[str, Node] = {}
    for id, node in sorted(sheet.nodes.items(), key=lambda item: move.changes(item[0])):  # what is there already describes itself best
        if id == move.old:
            continue
        properties = {name: move.id(value) if name in _ABOVE and isinstance(value, str) else value for name, value in node.properties.items()}
        if node.labels == ("Program",) and f"program:{properties.get('family')}" == move.old:
            properties["family"] = move.new.partition(":")[2]
        name = move.name(node.name) if move.changes(id) else node.name
        nodes.setdefault(move.id(id), Node(id=move.id(id), labels=node.labels, name=name, properties=properties))
    sheet.nodes = nodes
    _move_frame(sheet, review, move)


def _moved_fact(move: Move, fact: Fact, full: str) -> dict[str, Any]:
    """Fields of the fact that change."""
    changed: dict[str, Any] = {}
    if fact.node is not None and move.changes(fact.node):
        changed["node"] = move.id(fact.node)
        changed["canonical"] = full if fact.node == move.old else move.name(fact.canonical) if fact.canonical else fact.canonical
        if fact.node == move.old and fact.type == "place":
            changed["attrs"] = {name: value for name, value in fact.attrs.items() if name not in _UNDECIDED}
    for side in ("subject", "object"):
        node, name = getattr(fact, f"{side}_node"), getattr(fact, side)
        if node is not None and move.changes(node):
            changed[f"{side}_node"] = move.id(node)
            changed[side] = move.new_name if node == move.old and name is not None else move.name(name) if name else name
    return changed


def _move_frame(sheet: _Sheet, review: Review, move: Move) -> None:
    frame = sheet.frame
    sheet.frame = frame = msgspec.structs.replace(
        frame, issuers=tuple(_moved_party(move, party) for party in frame.issuers), addressees=tuple(_moved_party(move, party) for party in frame.addressees)
    )
    if frame.place is None or not move.changes(frame.place):
        return
    above = tuple(node.name for node in review.nodes[::-1])
    if frame.place == move.old:
        decided = "?" not in move.new
        sheet.frame = msgspec.structs.replace(
            frame,
            place=move.new,
            place_name=move.new_name,
            path=above,
            level=_level(review.nodes) or frame.level,
            status="resolved" if decided else frame.status,
            candidates=() if decided else frame.candidates,
            place_evidence=(*frame.place_evidence, "review"),
        )
    else:
        path = (*above, *frame.path[frame.path.index(move.old_name) + 1 :]) if move.old_name in frame.path else frame.path
        sheet.frame = msgspec.structs.replace(frame, place=move.id(frame.place), path=path)


def _moved_party(move: Move, party: Issuer) -> Issuer:
    if party.node is None or not move.changes(party.node):
        return party
    return Issuer(name=move.new_name if party.node == move.old else move.name(party.name), node=move.id(party.node))


def _rename(sheet: _Sheet, review: Review) -> None:
    assert review.node is not None and review.name is not None
    id, name, frame = review.node, review.name, sheet.frame
    known = sheet.nodes.get(id)
    former = known.name if known is not None else frame.place_name if frame.place == id else None
    if known is not None:
        aliases = [*known.properties.get("aliases", ()), known.name]
        sheet.nodes[id] = Node(id=id, labels=known.labels, name=name, properties={**known.properties, "aliases": [alias for alias in aliases if alias != name]})
    for fact in tuple(sheet.facts.values()):
        changed: dict[str, Any] = {side: name for side in ("subject", "object") if getattr(fact, f"{side}_node") == id and getattr(fact, side) is not None}
        if fact.node == id:
            changed["canonical"] = fact.canonical.removesuffix(former) + name if former and fact.canonical and fact.canonical.endswith(former) else name
        if changed:
            sheet.change(fact, **changed)
    rename = _renaming_parties(id, name)
    sheet.frame = frame = msgspec.structs.replace(frame, issuers=rename(frame.issuers), addressees=rename(frame.addressees))
    if id.startswith("cn:") and frame.place is not None and is_at_or_below(frame.place, id):
        path = tuple(name if part == former else part for part in frame.path)
        sheet.frame = msgspec.structs.replace(frame, path=path, place_name=name if frame.place == id else frame.place_name)


def _renaming_parties(id: str, name: str) -> Any:
    def rename(parties: Collection[Issuer]) -> tuple[Issuer, ...]:
        return tuple(Issuer(name=name, node=id) if party.node == id else party for party in parties)

    return rename
