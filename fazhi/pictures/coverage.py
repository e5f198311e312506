"""Which reports there are: share of each county's townships with a report, year by year. It stands beside every result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diffusion.attribution.assembling import county_of
from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Story
from fazhi.spreading.telling import name_place

_MOST = 60  # counties: those with the most reports
COLUMNS = ("county", "county_name", "year", "with_report", "townships", "share")


def draw_coverage(story: Story, t: Texts, present: Mapping[str, tuple[int, ...]]) -> Chart:
    """``present``: years of each township's reports."""
    rows = tuple(_count(story, present))
    return Chart(name="coverage", spec=_draw(story, t, rows), columns=COLUMNS, rows=rows)


def _count(story: Story, present: Mapping[str, tuple[int, ...]]) -> list[tuple[Any, ...]]:
    counties: dict[str, list[tuple[int, ...]]] = {}
    for place, years in sorted(present.items()):
        counties.setdefault(county_of(place), []).append(years)
    return [
        (county, name_place(county), year, there := sum(year in years for years in places), len(places), round(there / len(places), 4))
        for county, places in counties.items()
        for year in range(story.banner.from_year, story.banner.to_year + 1)
    ]


def _draw(story: Story, t: Texts, rows: tuple[tuple[Any, ...], ...]) -> dict[str, Any]:
    import altair as alt

    totals: dict[str, int] = {}
    for county, _, _, there, _, _ in rows:
        totals[county] = totals.get(county, 0) + there
    kept = sorted(totals, key=lambda county: (-totals[county], county))[:_MOST]
    names = {county: f"{name} {county.removeprefix('cn:')}" for county, name, *_ in rows if county in kept}
    drawn = [
        {"county": names[county], "year": year, "share": share, "label": f"{there}/{places}"}
        for county, _, year, there, places, share in rows if county in names
    ]  # fmt: skip
    order = [names[county] for county in sorted(kept)]
    base = alt.Chart(values(drawn)).encode(
        x=alt.X("year:O", title=t("spread.year"), axis=alt.Axis(orient="top", labelAngle=0)), y=alt.Y("county:N", title=None, sort=order)
    )
    cells = base.mark_rect(stroke="#ffffff").encode(
        color=alt.Color(
            "share:Q",
            title=t("spread.coverage.share"),
            scale=alt.Scale(domain=[0, 1], range=["#f3ede2", "#155a7d"]),
            legend=alt.Legend(format=".0%", gradientLength=180),
        )
    )
    text = base.mark_text(fontSize=11).encode(text="label:N", color=alt.condition("datum.share > 0.55", alt.value("#ffffff"), alt.value(INK)))
    span = story.banner.to_year - story.banner.from_year + 1
    chart = alt.layer(cells, text).properties(width=56 * span, height=24 * max(len(order), 1), title=title(t, "spread.coverage", story))
    return finish(chart, description=t("spread.coverage.alt"))
