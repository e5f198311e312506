"""Charts: Altair says what is drawn, vl-convert draws it here, without a browser and without a network. The rows behind a chart are its CSV.

Both are read when the first chart is drawn: they take a second that nobody should wait for at start.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from fazhi.errors import Unavailable
from fazhi.measuring.tables import defuse
from search_api.locating import Point

FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
INK, SOFT, LINE = "#1d2327", "#59636b", "#dcdfe2"
# told apart by people who don't see colours well, and dark enough on white
COLOURS = ("#155a7d", "#c25a12", "#4b7f2f", "#7a3e9d", "#a8324a", "#6b6300", "#00756b", "#5b5f97", "#8a4b2a", "#3c3c3c", "#b0357c", "#2b6cb0")
MODALITIES = {"done": "#155a7d", "ongoing": "#2f87b5", "planned": "#c25a12", "exhorted": "#8a6d1d"}
WIDTH, HEIGHT = 640, 280
_TALL, _LEAST = 520, 300  # pixels of a map: its greatest height, its least side
_LABELLED = 40  # points with names at most
_SHAPES = ["circle", "square", "triangle-up", "cross"]
_KEPT = 64  # drawings, at most some 100 kB each
_SCALE = 2.0  # of a PNG


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """``spec`` is Vega-Lite with its values in it, or a picture that is drawn already; ``columns`` and ``rows`` are the same as a table."""

    name: str
    spec: dict[str, Any] | str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def digest(self) -> str:
        """Equal charts have equal ones."""
        return hashlib.sha256(msgspec.json.encode([self.spec, self.columns, self.rows])).hexdigest()[:32]


class NoFont(Unavailable):
    """This machine could only draw boxes in place of Chinese characters."""


# -- drawing ---------------------------------------------------------------------------------------------------------------------------------------

_drawn: OrderedDict[str, str] = OrderedDict()
_keeping = threading.Lock()


def draw_svg(chart: Chart) -> str:
    if isinstance(chart.spec, str):
        return chart.spec
    digest = chart.digest
    with _keeping:
        if digest in _drawn:
            _drawn.move_to_end(digest)
            return _drawn[digest]
    import vl_convert

    svg = str(vl_convert.vegalite_to_svg(chart.spec, allowed_base_urls=[]))  # nothing is fetched, whatever the values say
    with _keeping:
        _drawn[digest] = svg
        while len(_drawn) > _KEPT:
            _drawn.popitem(last=False)
    return svg


def draw_png(chart: Chart) -> bytes:
    """Raises NoFont where Chinese characters would come out as boxes."""
    if not has_chinese_font():
        raise NoFont(
            "No font of this server has Chinese characters, so a PNG would show boxes.",
            cure="Take the SVG, which uses the reader's fonts, or install a font such as fonts-noto-cjk on the server.",
        )
    import vl_convert

    return bytes(vl_convert.svg_to_png(draw_svg(chart), scale=_SCALE))


@cache
def has_chinese_font() -> bool:
    """Whether two different characters are drawn differently: without a font for them both are the same box."""
    import vl_convert

    def draw(character: str) -> bytes:
        text = f'<text x="1" y="17" font-size="16" font-family="{FONT}">{character}</text>'
        return bytes(vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>'))

    return draw("法") != draw("治")


def write_csv(chart: Chart) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know it; text is defused."""
    page = io.StringIO()
    page.write("\ufeff")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(chart.columns)
    writer.writerows([defuse(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row] for row in chart.rows)
    return page.getvalue().encode()


# -- what is drawn ---------------------------------------------------------------------------------------------------------------------------------


def finish(chart: Any, *, description: str) -> dict[str, Any]:
    """An Altair chart as Vega-Lite in the look of the pages."""
    words = {"labelColor": INK, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 240}
    spec: dict[str, Any] = chart.properties(description=description, background="#ffffff", padding=8).to_dict()
    spec["config"] = {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**words, "gridColor": LINE, "domainColor": SOFT, "tickColor": SOFT},
        "legend": {**words, "orient": "bottom", "symbolOpacity": 1, "columnPadding": 24, "rowPadding": 4},
    }
    return spec


def values(rows: Sequence[Mapping[str, Any]]) -> Any:
    import altair as alt

    return alt.InlineData(values=[dict(row) for row in rows])


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


class Frame(msgspec.Struct, frozen=True):
    """What a map shows, in degrees, and its size in pixels."""

    south: float
    north: float
    west: float
    east: float
    width: float
    height: float

    @classmethod
    def of(cls, lats: Sequence[float], lons: Sequence[float]) -> Frame:
        """All of these points with some room around them, never less than a county; the middle of China where there are none."""
        (south, north), (west, east) = _widen(lats or [35.0]), _widen(lons or [105.0])
        true = math.cos(math.radians((south + north) / 2))  # a degree of longitude is that much shorter
        per_degree = min(WIDTH / ((east - west) * true), _TALL / (north - south))
        width, height = max((east - west) * true * per_degree, _LEAST), max((north - south) * per_degree, _LEAST)
        middle_x, half_x = (west + east) / 2, width / true / per_degree / 2
        middle_y, half_y = (south + north) / 2, height / per_degree / 2
        return cls(middle_y - half_y, middle_y + half_y, middle_x - half_x, middle_x + half_x, width, height)

    def choose_labels(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Those whose names can be written above their points without covering another name; none of many."""
        chosen: list[tuple[float, float, float, Mapping[str, Any]]] = []
        for row in rows if len(rows) <= _LABELLED else ():
            x = (row["lon"] - self.west) / (self.east - self.west) * self.width
            y = (self.north - row["lat"]) / (self.north - self.south) * self.height
            half = 6 * len(row["name"]) + 3
            if all(abs(x - left) > half + wide or abs(y - top) > 15 for left, top, wide, _ in chosen):
                chosen.append((x, y, half, row))
        return [row for *_, row in chosen]


def _widen(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = max((high - low) * 0.06, 0.12)
    return low - margin, high + margin
