"""Small maps, one a year: where it has been seen by then, where it is seen for the first time, where a report is silent and where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fazhi.explaining.words import Texts
from fazhi.locating import ATTRIBUTION, locate
from fazhi.pictures.framing import Frame
from fazhi.pictures.rendering import Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Story

_COLOURS = {"missing": "#d5d9dc", "silent": "#8b959c", "seen": "#155a7d", "now": "#c25a12"}
_MOST_YEARS = 12  # the last ones
COLUMNS = ("year", "place", "state", "lat", "lon", "point")


def draw_maps(story: Story, t: Texts, present: Mapping[str, tuple[int, ...]]) -> Chart:
    """``present``: years of each township's reports. A CSV row for each township and year."""
    rows = tuple(_list_rows(story, present))
    return Chart(name="maps", spec=_draw(story, t, rows), columns=COLUMNS, rows=rows)


def _list_rows(story: Story, present: Mapping[str, tuple[int, ...]]) -> list[tuple[Any, ...]]:
    seen = {unit.place: unit.t_upper for unit in story.units if unit.claims}
    years = range(story.banner.from_year, story.banner.to_year + 1)
    rows: list[tuple[Any, ...]] = []
    for place in sorted({*present, *seen}):
        point = locate(place)
        where = (point.lat, point.lon, point.precision) if point else (None, None, None)
        first = seen.get(place)
        for year in years:
            state = "now" if first == year else "seen" if first is not None and first < year else "silent" if year in present.get(place, ()) else "missing"
            rows.append((year, place, state, *where))
    return rows


def _draw(story: Story, t: Texts, rows: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    import altair as alt

    first = max(story.banner.from_year, story.banner.to_year - _MOST_YEARS + 1)
    words = {state: t(f"spread.map.{state}") for state in _COLOURS}
    drawn = [
        {"year": year, "state": words[state], "order": list(_COLOURS).index(state), "lat": lat, "lon": lon}
        for year, _, state, lat, lon, _ in rows if lat is not None and year >= first
    ]  # fmt: skip
    drawn.sort(key=lambda row: row["order"])
    frame = Frame.of([row["lat"] for row in drawn], [row["lon"] for row in drawn], width=210, tall=210, least=120)
    chart = (
        alt.Chart(values(drawn))
        .mark_circle(opacity=1, stroke="#ffffff", strokeWidth=0.4)
        .encode(
            x=alt.X("lon:Q", title=None, axis=None, scale=alt.Scale(domain=[frame.west, frame.east], nice=False, zero=False)),
            y=alt.Y("lat:Q", title=None, axis=None, scale=alt.Scale(domain=[frame.south, frame.north], nice=False, zero=False)),
            color=alt.Color(
                "state:N", title=None, scale=alt.Scale(domain=list(words.values()), range=list(_COLOURS.values())), legend=alt.Legend(columns=2, symbolSize=80)
            ),
            size=alt.Size("state:N", scale=alt.Scale(domain=list(words.values()), range=[14, 20, 34, 60]), legend=None),
        )
        .properties(width=round(frame.width), height=round(frame.height), view=alt.ViewConfig(stroke="#dcdfe2"))
        .facet(alt.Facet("year:O", title=None, header=alt.Header(labelFontSize=12, labelFontWeight="bold")), columns=4, spacing=14)
        .properties(title=title(t, "spread.map", story, ATTRIBUTION))
    )
    return finish(chart, description=t("spread.map.alt", program=story.name))
