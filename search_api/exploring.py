"""What lies one or two hops around a node, and where each of it is drawn: pure data, no HTML.

Left of the node stands what points at it, right of it what it points at; what is two hops away stands further out on the side of what it hangs on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from heapq import nsmallest
from typing import Literal

import msgspec

import cypher
from fulltext.kept import Kept
from graph import schema
from graph.queries import Entity, get_entity
from graph.store import GraphStore, Row

# Reports name hundreds of things, and numbers are a node each: they are drawn where one asks for them, or where a report is the middle.
PAPER = frozenset(("MENTIONS", "STATES", "OF", "ABOUT", "COVERS", "ISSUED", "ADDRESSED_TO"))
_READ = 1_000  # relations of one node that are read
_READ_FURTHER = 60  # and of one that is a hop away
_MANY = 20  # ties of a node that are kept once they were read: few nodes have so many, and they are met again and again
_KEPT = 50_000  # ties, some 700 bytes each
_EACH = 9  # nodes drawn of one relation in one direction
_INNER = 36  # nodes drawn one hop away
_OUTER = 36  # and two hops away
_FACTS = 3

ROW = 30  # pixels: height of a node's row
_WIDE, _NARROW = (270, 70), (215, 60)  # width of a column and room between two, for up to three columns and for more
_TOP = 16


class Node(msgspec.Struct, frozen=True, gc=False):
    id: str
    labels: tuple[str, ...]
    name: str


class Tie(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All edges of one relation from one node to another. ``facts``: some of those they stand on."""

    source: str
    relation: str
    target: str
    hop: int
    edges: int
    years: tuple[int, ...]
    modalities: tuple[str, ...]
    facts: tuple[str, ...]


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """``shown`` are the ties that are drawn, ``ties`` all that were read of the node itself; ``counts``: (relation, whether it goes out) → how many nodes."""

    middle: Entity
    nodes: Mapping[str, Node]
    ties: tuple[Tie, ...]
    shown: tuple[Tie, ...]
    counts: Mapping[tuple[str, bool], int]
    is_cut: bool


Found = tuple[tuple[Tie, Node], ...]  # ties of a node, the most often stated first, each with its other end
KeptTies = Kept[Hashable, Found]


def new_kept_ties(most: int = _KEPT) -> KeptTies:
    """What nodes with many ties are tied to, in one state of the graph: it takes long to find, and all townships share such nodes."""
    return Kept(most, len)


def explore(store: GraphStore, id: str, *, hops: int = 1, relation: str | None = None, year: int | None = None, kept: KeptTies | None = None) -> Around:
    """``kept`` is of this state of the graph. Raises NotFound where there is no such node."""
    kept = new_kept_ties() if kept is None else kept
    middle = get_entity(store, id)
    found = _read_ties(store, [id], choose_relations(middle.labels, relation), year, hop=1, limit=_READ, kept=kept)[id]
    ties = tuple(tie for tie, _ in found)
    nodes = {id: Node(id, middle.labels, middle.name)}
    for _, node in found:
        nodes.setdefault(node.id, node)
    shown = choose_ties(ties, id)
    if hops > 1:
        shown += _go_on(store, id, shown, choose_relations((), relation), year, nodes, kept)
    return Around(
        middle=middle,
        nodes=nodes,
        ties=ties,
        shown=tuple(shown),
        counts=Counter((tie.relation, tie.source == id) for tie in ties),
        is_cut=len(ties) >= _READ,
    )


def choose_relations(labels: Collection[str], asked: str | None) -> list[str]:
    if asked is not None:
        return [asked] if asked in schema.edges() else []
    if {"Report", "Measure", "Indicator"} & set(labels):
        return list(schema.edges())
    return [name for name in schema.edges() if name not in PAPER]


def choose_ties(ties: Sequence[Tie], id: str) -> list[Tie]:
    """Those that are drawn: of each relation and direction the most often stated; more of them where few relations share the room."""
    kinds: dict[tuple[str, bool], list[Tie]] = defaultdict(list)
    for tie in ties:
        kinds[tie.relation, tie.source == id].append(tie)
    each = max(_EACH, _INNER // max(len(kinds), 1))
    chosen = [tie for same in kinds.values() for tie in same[:each]]
    seen: dict[str, None] = {}
    for tie in chosen:
        seen.setdefault(_other(tie, id))
    inner = set(list(seen)[:_INNER])
    return [tie for tie in chosen if _other(tie, id) in inner]


def _go_on(store: GraphStore, id: str, inner: Sequence[Tie], relations: Sequence[str], year: int | None, nodes: dict[str, Node], kept: KeptTies) -> list[Tie]:
    """Ties of what is one hop away to what is two hops away: first to what hangs on several of them. Adds the ends of these to ``nodes``."""
    first = dict.fromkeys(other for tie in inner if (other := _other(tie, id)) != id)
    found = _read_ties(store, list(first), relations, year, hop=2, limit=_READ_FURTHER, kept=kept)
    further = [entry for one in first for entry in found[one]]
    hangs = Counter([node.id for _, node in further])
    for near in (id, *first):
        hangs.pop(near, None)
    ends = {node.id: node for _, node in reversed(further) if node.id in hangs}
    outer = nsmallest(_OUTER, hangs, key=lambda one: (-hangs[one], ends[one].name, one))
    nodes |= {one: ends[one] for one in outer}
    drawn = {*outer, *first}
    ties: dict[tuple[str, str, str], Tie] = {}  # one between two that are a hop away was read of both
    for tie, node in further:
        if node.id in drawn:
            ties.setdefault((tie.source, tie.relation, tie.target), tie)
    return list(ties.values())


def _read_ties(store: GraphStore, ids: Sequence[str], relations: Sequence[str], year: int | None, *, hop: int, limit: int, kept: KeptTies) -> dict[str, Found]:
    """Of each of these nodes, as many ties as ``limit`` says: what is not kept of them in one statement."""
    keys = {id: (id, tuple(relations), year, hop, limit) for id in ids}
    found = {id: ties for id, key in keys.items() if (ties := kept.find(key)) is not None}
    missing = [id for id in ids if id not in found]
    read: dict[str, list[tuple[Tie, Node]]] = {id: [] for id in missing}
    if missing and relations:
        parameters = {"ids": missing, "relations": list(relations), "year": year, "limit": limit}
        for row in store.read(cypher.load("read/ties"), parameters, max_rows=limit * len(missing)):
            read[row["of"]].append(_show_tie(row, hop))
    for id, entries in read.items():
        found[id] = tuple(entries)
        if len(entries) >= min(limit, _MANY):
            kept.keep(keys[id], found[id])
    return found


def _show_tie(row: Row, hop: int) -> tuple[Tie, Node]:
    source, target = (row["of"], row["id"]) if row["outgoing"] else (row["id"], row["of"])
    tie = Tie(
        source=source,
        relation=row["relation"],
        target=target,
        hop=hop,
        edges=row["edges"],
        years=tuple(sorted([year for year in row["years"] if year is not None])),
        modalities=tuple(sorted([modality for modality in row["modalities"] if modality is not None])),
        facts=tuple([fact for facts in row["facts"] or () for fact in facts or ()][:_FACTS]),
    )
    return tie, Node(row["id"], tuple(row["labels"]), row["name"] or row["id"])


def _other(tie: Tie, id: str) -> str:
    return tie.target if tie.source == id else tie.source


# -- where it is drawn -----------------------------------------------------------------------------------------------------------------------------


class Box(msgspec.Struct, frozen=True):
    """A node's place: its left edge and the middle of its height."""

    node: Node
    x: int
    y: int
    hop: int


class Heading(msgspec.Struct, frozen=True):
    """Above the nodes of one relation. ``more`` are not drawn."""

    relation: str
    outgoing: bool
    more: int
    x: int
    y: int


class Curve(msgspec.Struct, frozen=True):
    """``path`` is an SVG path from the side of one box to that of another."""

    path: str
    tie: Tie
    is_planned: bool


class Drawing(msgspec.Struct, frozen=True):
    width: int
    height: int
    column: int  # width of a box
    boxes: tuple[Box, ...]
    headings: tuple[Heading, ...]
    curves: tuple[Curve, ...]


def lay_out(around: Around) -> Drawing:
    """Columns: two hops left, one hop left, the node, one hop right, two hops right; only those that hold something."""
    id = around.middle.id
    sides: dict[str, Literal["left", "right"]] = {}
    for tie in around.shown:
        if id in (tie.source, tie.target):
            sides.setdefault(_other(tie, id), "right" if tie.source == id else "left")
    outer = _place_outer(around, sides)
    columns: dict[str, list[Heading | Node]] = {
        "left": _stack(around, "left", sides),
        "right": _stack(around, "right", sides),
        **{f"far {side}": [around.nodes[one] for one in outer if outer[one] == side] for side in ("left", "right")},
    }
    order = [name for name in ("far left", "left") if columns[name]] + ["middle"] + [name for name in ("right", "far right") if columns[name]]
    column_width, room = _WIDE if len(order) <= 3 else _NARROW
    left_of = {name: _TOP + number * (column_width + room) for number, name in enumerate(order)}
    height = max([len(column) for column in columns.values()] + [3]) * ROW + 2 * _TOP
    boxes = [Box(around.nodes[id], left_of["middle"], height // 2, 0)]
    headings: list[Heading] = []
    for name, column in columns.items():
        top = (height - len(column) * ROW) // 2 + ROW // 2
        for number, entry in enumerate(column):
            y = top + number * ROW
            if isinstance(entry, Node):
                boxes.append(Box(entry, left_of[name], y, 2 if name.startswith("far") else 1))
            else:
                headings.append(msgspec.structs.replace(entry, x=left_of[name], y=y))
    at = {box.node.id: box for box in boxes}
    curves = tuple(
        Curve(_curve(at[tie.source], at[tie.target], column_width), tie, is_planned(tie)) for tie in around.shown if {tie.source, tie.target} <= set(at)
    )
    width = 2 * _TOP + len(order) * column_width + (len(order) - 1) * room
    return Drawing(width, height, column_width, tuple(boxes), tuple(headings), curves)


def is_planned(tie: Tie) -> bool:
    """Whether reports only plan it or ask for it: it is drawn broken, for a plan is no deed."""
    return bool(tie.modalities) and not {"done", "ongoing"} & set(tie.modalities)


def _stack(around: Around, side: str, sides: Mapping[str, str]) -> list[Heading | Node]:
    """Nodes of a side below the headings of their relations; a node with several relations stands below the first."""
    id = around.middle.id
    groups: dict[tuple[str, bool], dict[str, None]] = defaultdict(dict)
    placed: set[str] = set()
    for tie in around.shown:
        other = _other(tie, id)
        if id in (tie.source, tie.target) and sides[other] == side and other not in placed:
            placed.add(other)
            groups[tie.relation, tie.source == id].setdefault(other)
    column: list[Heading | Node] = []
    for (relation, outgoing), found in groups.items():
        column.append(Heading(relation, outgoing, max(0, around.counts[relation, outgoing] - len(found)), 0, 0))
        column += [around.nodes[one] for one in found]
    return column


def _place_outer(around: Around, sides: Mapping[str, str]) -> dict[str, str]:
    """What is two hops away, on the side where most of what it hangs on stands, in the order of those."""
    hangs: dict[str, Counter[str]] = defaultdict(Counter)
    rank: dict[str, list[int]] = defaultdict(list)
    order = {one: number for number, one in enumerate(sides)}
    for tie in around.shown:
        for end, other in ((tie.source, tie.target), (tie.target, tie.source)):
            if end not in sides and end != around.middle.id and other in sides:
                hangs[end][sides[other]] += 1
                rank[end].append(order[other])
    placed = sorted(hangs, key=lambda one: (sum(rank[one]) / len(rank[one]), one))
    return {one: max(("left", "right"), key=lambda side: hangs[one][side]) for one in placed}


def _curve(source: Box, target: Box, column: int) -> str:
    if source.x == target.x:  # both in one column: around the outside
        x, bend = source.x + column, 34
        return f"M{x},{source.y} C{x + bend},{source.y} {x + bend},{target.y} {x},{target.y}"
    start, end = (source.x + column, target.x) if source.x < target.x else (source.x, target.x + column)
    middle = (start + end) // 2
    return f"M{start},{source.y} C{middle},{source.y} {middle},{target.y} {end},{target.y}"
