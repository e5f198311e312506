"""Invented reports for tests of the graph."""

from __future__ import annotations

from typing import Any

from archive.model import Change, Document, Projectable
from ingest.ids import fact_id, report_id
from ingest.model import Analysis, Fact, Frame, Issuer, Node

PLACES = {
    "cn:35": ("Province", "福建省"),
    "cn:3505": ("Prefecture", "泉州市"),
    "cn:350524": ("County", "安溪县"),
    "cn:350524/青石镇": ("Township", "青石镇"),
    "cn:350524/白水乡": ("Township", "白水乡"),
    "cn:350524/青石镇/东桥村": ("Village", "东桥村"),
    "cn:50": ("Province", "重庆市"),
    "cn:500229": ("County", "城口县"),
    "cn:500229/云岭镇": ("Township", "云岭镇"),
}
ABOVE = {"cn:3505": "cn:35", "cn:350524": "cn:3505", "cn:500229": "cn:50"}


def place_nodes(id: str, **properties: Any) -> list[Node]:
    """A place and all above it."""
    labels, name = PLACES.get(id, ("Township", "某镇"))
    above = id.rpartition("/")[0] if "/" in id else ABOVE.get(id)
    own = Node(id=id, labels=("Place", labels), name=name, properties={"level": labels.lower(), **({"parent": above} if above else {}), **properties})
    return [own, *(place_nodes(above) if above else [])]


class Report:
    """Gathers what one report says; ``item()`` is what the archive would hand on."""

    def __init__(self, key: str, place: str = "cn:350524/青石镇", year: int | None = 2023, **document: Any) -> None:
        self.key, self.place, self.year, self.document = key, place, year, document
        self.nodes = {node.id: node for node in place_nodes(place)}
        self.facts: list[Fact] = []
        self.issuers: tuple[Issuer, ...] = ()
        self.says("place", place)

    def node(self, id: str, label: str, name: str | None = None, **properties: Any) -> Report:
        self.nodes[id] = Node(id=id, labels=(label,), name=name or id.rpartition("/")[2].rpartition(":")[2], properties=properties)
        return self

    def says(self, type: Any, node: str, **fields: Any) -> Report:
        if node.startswith("cn:") and node not in self.nodes:
            self.nodes.update({above.id: above for above in place_nodes(node)})
        self._add(type=type, node=node, canonical=node, **fields)
        return self

    def relates(self, relation: str, subject: str | None, object: str | None, **fields: Any) -> Report:
        self._add(type="relation", relation=relation, subject=subject, object=object, subject_node=subject, object_node=object, **fields)
        return self

    def counts(self, indicator: str | None, value: float, *, phrase: str = "调解矛盾纠纷", **fields: Any) -> Report:
        self._add(type="metric", indicator=phrase, indicator_id=indicator, value=value, **{"unit": "件", **fields})
        return self

    def adopts(self, program: str, *, modality: Any = "done", year: int | None = None, family: str | None = None) -> Report:
        id = f"program:{program}"
        self.node(id, "Program", program, **({"family": family} if family else {}))
        if family:
            self.node(f"program:{family}", "Program", family)
        return self.says("program", id, modality=modality).relates("ADOPTS", self.place, id, modality=modality, year=year or self.year)

    def _add(self, **fields: Any) -> None:
        start = 10 * len(self.facts)
        id = fact_id(self.key, fields["type"], fields.get("relation"), fields.get("subject"), fields.get("object"), start, start + 5)
        self.facts.append(Fact(**{"id": id, "doc": self.key, "surface": "合成文字", "start": start, "end": start + 5, "year": self.year, **fields}))

    def item(self, *, fingerprint: str = "f1") -> Projectable:
        labels, name = PLACES.get(self.place, ("Township", "某镇"))
        frame = Frame(
            place=self.place, place_name=name, level=labels.lower(), status="resolved", year=self.year, title=f"{self.key}号报告", issuers=self.issuers
        )
        document = Document(key=self.key, report=report_id(self.key), version=self.key, fingerprint=fingerprint, format="txt", year=self.year, **self.document)
        analysis = Analysis(doc=self.key, frame=frame, facts=tuple(self.facts), nodes=tuple(self.nodes.values()))
        return Projectable(document=document, text="", analysis=analysis)

    def change(self, sequence: int = 1, **options: Any) -> Change:
        return Change(sequence=sequence, report=report_id(self.key), item=self.item(**options))


def removal(key: str, sequence: int = 99) -> Change:
    return Change(sequence=sequence, report=report_id(key), item=None)


def listing(store: Any) -> tuple[list[str], list[str]]:
    """Every node and every edge of a graph in one order, for comparing graphs."""
    nodes = store.read("MATCH (n) RETURN labels(n) AS labels, n.id AS id, n AS node, n.ledger AS ledger, n.contested AS contested", max_rows=100_000)
    edges = store.read("MATCH (a)-[e]->(b) RETURN a.id AS source, type(e) AS type, b.id AS target, e AS edge", max_rows=100_000)
    return sorted(repr(_sorted(row)) for row in nodes), sorted(repr(_sorted(row)) for row in edges)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return sorted((name, _sorted(part)) for name, part in value.items())
    return value
