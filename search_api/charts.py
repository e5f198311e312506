"""What is drawn on the pages. How it is drawn stands in ``fazhi.pictures.rendering``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from fazhi.locating import Point
from fazhi.pictures.framing import Frame
from fazhi.pictures.rendering import COLOURS, FONT, INK, LINE, SOFT, Chart, NoFont, draw_png, draw_svg, finish, has_chinese_font, values, write_csv

__all__ = [
    "COLOURS", "FONT", "INK", "LINE", "MODALITIES", "SOFT", "Chart", "Frame", "NoFont", "draw_bars_by_year", "draw_dots", "draw_lines", "draw_map", "draw_png",
    "draw_shares", "draw_spread", "draw_svg", "has_chinese_font", "write_csv",
]  # fmt: skip

MODALITIES = {"done": "#155a7d", "ongoing": "#2f87b5", "planned": "#c25a12", "exhorted": "#8a6d1d"}
WIDTH, HEIGHT = 640, 280
_SHAPES = ["circle", "square", "triangle-up", "cross"]


def draw_bars_by_year(
    rows: Sequence[Mapping[str, Any]], *, series: Mapping[str, str], line: str | None, words: Mapping[str, str], description: str
) -> dict[str, Any]:
    """Stacked bars a year, with one series as a line over them. ``rows``: year, series, value. ``series``: its words → colour, from the bottom up.

    ``line`` is the series that is drawn as a line; ``words``: x and y, the titles of the axes.
    """
    import altair as alt

    bars = [name for name in series if name != line]
    x = alt.X("year:O", title=words["x"], axis=alt.Axis(labelAngle=0))
    colour = alt.Color(
        "series:N", title=None, scale=alt.Scale(domain=list(series), range=list(series.values())), legend=alt.Legend(columns=2, symbolType="square")
    )
    tallest = max([sum(row["value"] for row in rows if row["year"] == year and row["series"] != line) for year in {row["year"] for row in rows}], default=0)
    tallest = max([tallest, *(row["value"] for row in rows if row["series"] == line)])
    ticks = alt.Axis(format=",d", values=list(range(tallest + 1))) if tallest <= 5 else alt.Axis(format=",d")  # whole numbers only
    y = alt.Y("value:Q", title=words["y"], axis=ticks)
    order = {name: number for number, name in enumerate(bars)}
    stacked = [{**row, "order": order[row["series"]]} for row in rows if row["series"] in order]
    layers = [alt.Chart(values(stacked)).mark_bar().encode(x=x, y=y.stack("zero"), color=colour, order=alt.Order("order:Q"))]
    if line is not None:
        points = [row for row in rows if row["series"] == line]
        base = alt.Chart(values(points)).encode(x=x, y=y, color=colour)
        layers += [base.mark_line(strokeWidth=2, strokeDash=[5, 3]), base.mark_point(filled=True, size=45)]
    return finish(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), description=description)


def draw_lines(rows: Sequence[Mapping[str, Any]], *, names: Sequence[str], words: Mapping[str, str], description: str, sums: bool = False) -> dict[str, Any]:
    """A line a series over the years, with gaps where a year has no value. ``rows``: year, series, value (None: a gap), low, high, note.

    ``sums`` of different numbers of places are no course over time: they are points, each with its ``note`` beside it.
    """
    import altair as alt

    years = sorted({row["year"] for row in rows})
    x = alt.X("year:O", title=words["x"], axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=years))
    colours = [COLOURS[number % len(COLOURS)] for number in range(len(names))]
    colour = alt.Color("series:N", title=None, scale=alt.Scale(domain=list(names), range=colours), legend=alt.Legend(columns=4, symbolLimit=len(names) + 1))
    shape = alt.Shape("series:N", title=None, scale=alt.Scale(domain=list(names)), legend=None)
    base = alt.Chart(values(rows)).encode(x=x, y=alt.Y("value:Q", title=words["y"]), color=colour)
    spans = [row for row in rows if row.get("low") is not None and row.get("high") is not None and row["low"] != row["high"]]
    layers = [base.encode(shape=shape).mark_point(filled=True, size=60, opacity=1)]
    if sums:
        layers.append(base.mark_text(align="left", dx=8, fontSize=11).encode(text="note:N"))
    else:
        layers.insert(0, base.mark_line(strokeWidth=1.6, invalid="break-paths-filter-domains"))
    if spans:
        layers.insert(0, alt.Chart(values(spans)).mark_rule(strokeWidth=4, opacity=0.35).encode(x=x, y="low:Q", y2="high:Q", color=colour))
    return finish(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT), description=description)


def draw_shares(
    rows: Sequence[Mapping[str, Any]], *, groups: Sequence[str], series: Mapping[str, str], words: Mapping[str, str], description: str
) -> dict[str, Any]:
    """A lying bar a group, parted by series. ``rows``: group, series, value. ``series``: its words → colour, from the left."""
    import altair as alt

    order = {name: number for number, name in enumerate(series)}
    scale = alt.Scale(domain=list(series), range=list(series.values()))
    bars = (
        alt.Chart(values([{**row, "order": order[row["series"]]} for row in rows]))
        .mark_bar(height=22)
        .encode(
            y=alt.Y("group:N", title=None, sort=list(groups), scale=alt.Scale(domain=list(groups))),
            x=alt.X("value:Q", title=words["x"], axis=alt.Axis(format=",d")).stack("zero"),
            color=alt.Color("series:N", title=None, scale=scale, legend=alt.Legend(columns=3, symbolType="square")),
            order=alt.Order("order:Q"),
        )
    )
    return finish(bars.properties(width=WIDTH, height=34 * max(len(groups), 1)), description=description)


def draw_spread(each: Sequence[Mapping[str, Any]], medians: Sequence[Mapping[str, Any]], *, words: Mapping[str, str], description: str) -> dict[str, Any]:
    """Every number of a year as a tick, the medians as a line. ``each`` and ``medians``: year, value."""
    import altair as alt

    scale = alt.Scale(domain=[words["each"], words["median"]], range=["#7fb0cb", "#c25a12"])
    colour = alt.Color("series:N", title=None, scale=scale, legend=alt.Legend(columns=2, symbolType="square"))
    x = alt.X("year:O", title=words["x"], axis=alt.Axis(labelAngle=0))
    y = alt.Y("value:Q", title=words["y"])
    ticks = (
        alt.Chart(values([{**row, "series": words["each"]} for row in each])).mark_tick(thickness=1.5, opacity=0.6, bandSize=28).encode(x=x, y=y, color=colour)
    )
    middle = alt.Chart(values([{**row, "series": words["median"]} for row in medians])).encode(x=x, y=y, color=colour)
    layers = alt.layer(ticks, middle.mark_line(strokeWidth=2), middle.mark_point(filled=True, size=60, opacity=1))
    return finish(layers.properties(width=WIDTH, height=HEIGHT), description=description)


def draw_dots(
    rows: Sequence[Mapping[str, Any]], *, names: Sequence[str], kinds: Mapping[str, str], years: Sequence[int], words: Mapping[str, str], description: str
) -> dict[str, Any]:
    """A dot a name and year, names from above in their order. ``rows``: name, year, kind. ``kinds``: words → colour."""
    import altair as alt

    told = sorted({*years, *(row["year"] for row in rows)})
    span = list(range(told[0], told[-1] + 1)) if told else []
    scale = alt.Scale(domain=list(kinds), range=list(kinds.values()))
    chart = alt.Chart(values(rows)).encode(
        x=alt.X("year:O", title=words["x"], scale=alt.Scale(domain=span), axis=alt.Axis(labelAngle=0, orient="top", grid=True)),
        y=alt.Y("name:N", title=None, sort=list(names), scale=alt.Scale(domain=list(names))),
        color=alt.Color("kind:N", title=None, scale=scale, legend=alt.Legend(columns=4)),
        shape=alt.Shape(
            "kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=["circle", "square", "triangle-up", "cross"]), legend=alt.Legend(columns=4)
        ),
    )
    drawn = chart.mark_point(filled=True, size=90, opacity=1).properties(width=max(240, 70 * len(span)), height=22 * max(len(names), 1))
    return finish(drawn, description=description)


def draw_map(
    rows: Sequence[Mapping[str, Any]], around: Sequence[Point], *, kinds: Mapping[str, str], small: Collection[str], words: Mapping[str, str], description: str
) -> dict[str, Any]:
    """Points on an equirectangular map, degrees true to scale at the middle latitude. ``rows``: name, kind, lat, lon.

    ``kinds``: words → colour, those drawn last on top; ``small`` ones are drawn small. ``around``: the register's points, of the kind ``words["around"]``.
    """
    import altair as alt

    places = [(row["lat"], row["lon"]) for row in rows] + [(point.lat, point.lon) for point in around]
    frame = Frame.of([lat for lat, _ in places], [lon for _, lon in places])
    x = alt.X("lon:Q", title=words["x"], scale=alt.Scale(domain=[frame.west, frame.east], nice=False, zero=False), axis=alt.Axis(tickCount=6, grid=False))
    y = alt.Y("lat:Q", title=words["y"], scale=alt.Scale(domain=[frame.south, frame.north], nice=False, zero=False), axis=alt.Axis(tickCount=5, grid=False))
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=list(kinds.values())), legend=alt.Legend(columns=2))
    layers = []
    if around:
        grey = [{"lat": point.lat, "lon": point.lon, "kind": words["around"]} for point in around]
        layers.append(alt.Chart(values(grey)).mark_circle(size=9, opacity=1).encode(x=x, y=y, color=colour))
    for kind in kinds:
        chosen = [row for row in rows if row["kind"] == kind]
        if chosen:
            size = 28 if kind in small else 75
            layers.append(alt.Chart(values(chosen)).mark_circle(size=size, opacity=1, stroke="#ffffff", strokeWidth=0.6).encode(x=x, y=y, color=colour))
    named = frame.choose_labels(rows)
    if named:
        layers.append(alt.Chart(values(named)).mark_text(dy=-11, fontSize=11, color=INK).encode(x=x, y=y, text="name:N"))
    return finish(alt.layer(*layers).properties(width=round(frame.width), height=round(frame.height)), description=description)
