"""Adoptions and the network for other programs: cascades as R's NetworkInference and others read them, GraphML for Gephi and yEd."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from fazhi.errors import Conflict
from fazhi.tracing import draw_network, keep_study

if TYPE_CHECKING:
    from fazhi.tracing import Network
    from fazhi.workspace import Workspace

COLUMNS = ("node", "cascade", "lower", "upper", "weight")
_SPACE = "http://graphml.graphdrawing.org/xmlns"
_EDGE_KEYS = (("expected", "double"), ("support", "double"), ("q", "double"), ("shown", "boolean"), ("text_backed", "boolean"))


def write(workspace: Workspace, which: str, out: Path | None, *, replace: bool = False) -> None:
    """Write ``cascades`` or ``graphml`` to a file, which takes its name when it is whole, or to the standard output. Raises Conflict where it is there."""
    from fazhi import printing, printing_traces
    from fazhi.extracting import open_whole

    if out is not None and out.exists() and not (replace and out.is_file()):
        raise Conflict(f"{out} is there already.", cure="Choose another name, or --force to replace it.")
    if which == "cascades":
        lines = write_csv(list_cascades(workspace))
    else:
        with printing_traces.counting("networks") as tell:
            lines = iter(write_graphml(draw_network(workspace, tell=tell)).splitlines())
    if out is None:
        printing.print_lines(lines)
        return
    with open_whole(out) as stream:
        for line in lines:
            stream.write(line.encode() + b"\n")
    printing.say(f"Wrote {out}.")


def list_cascades(workspace: Workspace) -> Iterator[tuple[str, str, int | None, int, float]]:
    """Rows of ``COLUMNS``, by program and place: adoptions with their intervals (lower, upper]; no lower end: there when watching began. ``weight``: the
    probability that the adoption is one."""
    kept = keep_study(workspace)
    for program in kept.programs:
        for row in kept.rows(program)[0]:
            if row.t_upper is not None and row.predecessor is None:
                yield row.place, row.program, row.t_lower, row.t_upper, row.p


def write_csv(rows: Iterator[tuple[str, str, int | None, int, float]]) -> Iterator[str]:
    """Lines of a table, the first with the names of its columns. Ids begin with cn: or program:, so no cell is a formula to a spreadsheet."""
    for row in (COLUMNS, *rows):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in row])
        yield line.getvalue()


def write_graphml(network: Network) -> str:
    """The network as GraphML; ``snapshot`` and ``seed`` stand in the graph's own data."""
    ElementTree.register_namespace("", _SPACE)
    root = ElementTree.Element(f"{{{_SPACE}}}graphml")
    keys = [("snapshot", "graph", "string"), ("seed", "graph", "int"), *((name, "edge", kind) for name, kind in _EDGE_KEYS)]
    for name, owner, kind in keys:
        ElementTree.SubElement(root, f"{{{_SPACE}}}key", {"id": name, "for": owner, "attr.name": name, "attr.type": kind})
    graph = ElementTree.SubElement(root, f"{{{_SPACE}}}graph", {"edgedefault": "directed"})
    for name, value in (("snapshot", network.snapshot), ("seed", str(network.seed))):
        ElementTree.SubElement(graph, f"{{{_SPACE}}}data", {"key": name}).text = value
    for place in sorted({place for edge in network.edges for place in (edge.source, edge.target)}):
        ElementTree.SubElement(graph, f"{{{_SPACE}}}node", {"id": place})
    for edge in network.edges:
        element = ElementTree.SubElement(graph, f"{{{_SPACE}}}edge", {"source": edge.source, "target": edge.target})
        for name, _ in _EDGE_KEYS:
            value = getattr(edge, name)
            ElementTree.SubElement(element, f"{{{_SPACE}}}data", {"key": name}).text = str(value).lower() if isinstance(value, bool) else str(value)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)
