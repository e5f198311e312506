"""A tree in layers: years run to the right, an arrow leads from the likely source to the one who took it up. What an arrow rests on is its line."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Arrow, Story, Unit
from fazhi.spreading.wording import style_of, write_arrow, write_unit

MOST = 120  # townships; of more those with a source that words or superiors vouch for come first
_ROW = 21  # pixels
_COLOURS = {"peer_text": "#155a7d", "peer_time": "#155a7d", "above_text": "#6f7a82", "above_time": "#6f7a82", "hidden": "#7a3e9d"}
_DASHES = {"peer_text": [1, 0], "peer_time": [6, 4], "above_text": [1, 0], "above_time": [6, 4], "hidden": [2, 3]}
COLUMNS = (
    "target", "target_name", "source", "source_name", "channel", "posterior", "text_backed", "reason", "from_year", "to_year", "evidence_report",
    "evidence_start", "evidence_end", "evidence",
)  # fmt: skip


class Node(msgspec.Struct, kw_only=True):
    """Where a township or a superior stands: its row, its year, and how far right of it among those of the same year."""

    id: str
    name: str
    year: int
    kind: str  # place, deed or hidden
    said: str
    row: int = 0
    step: int = 0


def draw_tree(story: Story, t: Texts) -> Chart:
    """The chart with one CSV row an adoption, its evidence included."""
    return Chart(name="tree", spec=_draw(story, t), columns=COLUMNS, titled=True, rows=tuple(_row(arrow) for arrow in story.arrows))


def _row(arrow: Arrow) -> tuple[Any, ...]:
    said = arrow.sentences[0] if arrow.sentences else None
    return (
        arrow.target, arrow.target_name, arrow.source, arrow.source_name, arrow.channel, arrow.posterior, arrow.text_backed, arrow.reason, arrow.from_year,
        arrow.to_year, *((said.key, said.start, said.end, said.text) if said else (None, None, None, None)),
    )  # fmt: skip


def lay_out(story: Story, t: Texts, most: int = MOST) -> tuple[list[Node], list[tuple[Node, Node, Arrow]]]:
    """Nodes in rows, each beneath its source, and the arrows between them. An arrow without a source is none; a source is drawn once for all its targets."""
    chosen = {unit.place: unit for unit in _choose(story, most)}
    nodes = {
        place: Node(id=place, name=_short(unit), year=unit.t_upper or 0, kind="place", said=write_unit(t, unit)) for place, unit in chosen.items()
    }  # fmt: skip
    children: dict[str, list[tuple[str, Arrow]]] = defaultdict(list)
    for arrow in story.arrows:
        if arrow.source is None or arrow.target not in nodes:
            continue
        key = arrow.source
        if key not in nodes:
            year = arrow.from_year if arrow.from_year is not None else arrow.to_year
            hidden = arrow.channel == "hidden_common"
            if year is None or (arrow.source in {unit.place for unit in story.units} and not hidden):
                continue  # a township that did not fit in
            key = f"{arrow.source}@{arrow.channel}"
            if key not in nodes:
                name = f"{arrow.source_name}?" if hidden else arrow.source_name or ""
                nodes[key] = Node(id=key, name=name, year=year, kind="hidden" if hidden else "deed", said=f"{name} {year}")
            nodes[key].year = min(nodes[key].year, year)
        children[key].append((arrow.target, arrow))
    _number(nodes, children)
    drawn = [(nodes[key], nodes[target], arrow) for key, rows in children.items() for target, arrow in rows]
    return sorted(nodes.values(), key=lambda node: node.row), drawn


def _choose(story: Story, most: int) -> list[Unit]:
    adopters = [unit for unit in story.units if unit.claims]
    if len(adopters) <= most:
        return adopters
    weight: dict[str, int] = {}
    for arrow in story.arrows:
        if arrow.source is not None:
            rank = 0 if arrow.reason != "time" else 1
            for end in (arrow.target, arrow.source):
                weight[end] = min(weight.get(end, 9), rank)
    return sorted(adopters, key=lambda unit: (weight.get(unit.place, 2), unit.t_upper or 9999, unit.place))[:most]


def _short(unit: Unit) -> str:
    return f"{unit.name}（{unit.county_name}）" if unit.county_name else unit.name


def _number(nodes: dict[str, Node], children: dict[str, list[tuple[str, Arrow]]]) -> None:
    """Rows from above, sources before those who took it from them; those without either come last. Circles are cut where they close."""
    targets = {target for rows in children.values() for target, _ in rows}
    order = sorted(nodes.values(), key=lambda node: (node.id in targets, not children.get(node.id), node.year, node.id))
    placed: set[str] = set()
    row = 0
    for root in order:
        stack = [(root.id, 0)]
        while stack:
            id, step = stack.pop()
            if id in placed:
                continue
            placed.add(id)
            nodes[id].row, nodes[id].step = row, step
            row += 1
            below = sorted(children.get(id, ()), key=lambda pair: (nodes[pair[0]].year, pair[0]), reverse=True)
            stack += [(target, step + 1 if nodes[target].year == nodes[id].year else 0) for target, _ in below]


def _draw(story: Story, t: Texts) -> dict[str, Any]:
    import altair as alt

    nodes, arrows = lay_out(story, t)
    first, last = story.banner.from_year, story.banner.to_year
    first = min([first, *(node.year for node in nodes)])
    span, count = last - first + 1, max(len(nodes), 1)
    column = max(60, min(120, 860 // span))
    x_scale = alt.Scale(domain=[first - 0.3, last + 1.6], nice=False, zero=False)
    x_axis = alt.Axis(values=list(range(first, last + 1)), format="d", orient="top", grid=True, title=t("spread.tree.node"), domain=False, tickSize=0)
    y_scale = alt.Scale(domain=[count - 0.4, -0.6], nice=False, zero=False)
    words = {style: t(f"spread.style.{style}") for style in _COLOURS}

    def x_of(node: Node) -> float:
        return node.year + min(node.step, 6) * 0.13

    paths, heads = [], []
    for number, (source, target, arrow) in enumerate(arrows):
        style = style_of(arrow)
        if style is None:
            continue
        shared = {"arrow": number, "style": words[style], "p": arrow.posterior, "said": write_arrow(t, arrow)}
        corner = x_of(source) if x_of(target) > x_of(source) else x_of(target) - 0.1
        points = [(x_of(source), source.row), (corner, target.row), (x_of(target) - 7 / column, target.row)]
        paths += [{**shared, "x": x, "y": y, "order": at} for at, (x, y) in enumerate(points)]
        heads.append({**shared, "x": x_of(target) - 8 / column, "y": target.row})
    dots = [{"x": x_of(node), "y": node.row, "kind": node.kind, "name": node.name, "said": node.said} for node in nodes]
    present = [style for style in _COLOURS if any(path["style"] == words[style] for path in paths)]
    colours = alt.Scale(domain=[words[style] for style in present], range=[_COLOURS[style] for style in present])
    colour = alt.Color(
        "style:N", title=None, scale=colours,
        legend=alt.Legend(columns=2, symbolType="stroke", symbolSize=700, symbolStrokeWidth=2, labelLimit=400),
    )  # fmt: skip
    dash = alt.StrokeDash("style:N", title=None, scale=alt.Scale(domain=[words[style] for style in present], range=[_DASHES[style] for style in present]))
    opacity = alt.Opacity("p:Q", scale=alt.Scale(domain=[0, 1], range=[0.25, 1]), legend=None)
    x = alt.X("x:Q", scale=x_scale, axis=x_axis)
    y = alt.Y("y:Q", scale=y_scale, axis=None)
    lines = alt.Chart(values(paths)).encode(x=x, y=y, detail="arrow:N", order="order:Q", color=colour, opacity=opacity, description="said:N", tooltip="said:N")
    layers = [
        lines.mark_line(strokeWidth=1.8, strokeJoin="round").encode(strokeDash=dash),
        alt.Chart(values(heads))
        .mark_point(shape="triangle-right", size=55, filled=True)
        .encode(x=x, y=y, color=alt.Color("style:N", scale=colours, legend=None), opacity=opacity, description="said:N", tooltip="said:N"),
        alt.Chart(values(dots))
        .mark_point(filled=True, size=70, opacity=1, stroke="#ffffff", strokeWidth=1)
        .encode(
            x=x, y=y, description="said:N", tooltip="said:N",
            color=alt.Color("kind:N", scale=alt.Scale(domain=["place", "deed", "hidden"], range=[INK, "#6b4f00", "#7a3e9d"]), legend=None),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=["place", "deed", "hidden"], range=["circle", "triangle-up", "diamond"]), legend=None),
        ),
        alt.Chart(values(dots)).mark_text(align="left", baseline="middle", dx=9, fontSize=12, color=INK, aria=False).encode(x=x, y=y, text="name:N"),
    ]  # fmt: skip
    adopters = sum(unit.claims for unit in story.units)
    drawn = sum(node.kind == "place" for node in nodes)
    shown = t("spread.shown", shown=drawn, total=adopters) if drawn < adopters else None
    chart = alt.layer(*layers).resolve_scale(color="independent", shape="independent", strokeDash="independent", opacity="independent")
    chart = chart.properties(width=column * (span + 1), height=_ROW * count, title=title(t, "spread.tree", story, shown))
    return finish(chart, description=t("spread.tree.alt", program=story.name))
