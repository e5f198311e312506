"""Names of a family through the years: how many townships state which, and how they went from one to another; the members of each beside it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import COLOURS, INK, SOFT, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Story, Variants

_HIGH = 300  # pixels of the fullest year
_MOST = 10  # names with a colour of their own; sets of names are taken by their last name
_OTHER = "#9aa4ab"
COLUMNS = ("year", "before_year", "before", "now", "places")


def draw_variants(story: Story, t: Texts, variants: Variants) -> Chart:
    rows = tuple((step.year, step.before_year, "、".join(step.before), "、".join(step.now), step.places) for step in variants.steps)
    return Chart(name="variants", spec=_draw(story, t, variants), columns=COLUMNS, titled=True, rows=rows)


def _join(names: tuple[str, ...]) -> str:
    return "＋".join(names)


def _draw(story: Story, t: Texts, variants: Variants) -> dict[str, Any]:
    import altair as alt

    years = sorted({step.year for step in variants.steps})
    states = {_join(step.now) for step in variants.steps}
    weight = Counter[str]()
    for step in variants.steps:
        weight[_join(step.now)] += step.places
    order = sorted(states, key=lambda state: (-weight[state], state))
    colours = {state: COLOURS[at] if at < _MOST else _OTHER for at, state in enumerate(order)}
    blocks: dict[tuple[int, str], tuple[float, float]] = {}
    rects: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    tallest = max((sum(step.places for step in variants.steps if step.year == year) for year in years), default=1)
    gap = 0.06 * tallest
    for year in years:
        low = 0.0
        for state in order:
            places = sum(step.places for step in variants.steps if step.year == year and _join(step.now) == state)
            if places:
                blocks[year, state] = low, low + places
                rects.append({"from": year - 0.1, "to": year + 0.1, "low": low, "high": low + places, "state": state, "places": places, "year": year,
                              "middle": low + places / 2, "said": f"{year}: {state}, {places}"})  # fmt: skip
                low += places + gap
    filled: Counter[tuple[int, str]] = Counter()
    left: Counter[tuple[int, str]] = Counter()
    for step in sorted(variants.steps, key=lambda step: (step.year, order.index(_join(step.now)), order.index(_join(step.before)) if step.before else -1)):
        now, old = _join(step.now), _join(step.before)
        earlier = step.before_year
        if not step.before or earlier is None or (earlier, old) not in blocks:
            filled[step.year, now] += step.places
            continue
        source, target = blocks[earlier, old], blocks[step.year, now]
        start = source[0] + left[earlier, old]
        end = target[0] + filled[step.year, now]
        left[earlier, old] += step.places
        filled[step.year, now] += step.places
        for part in range(13):
            share = part / 12
            eased = share * share * (3 - 2 * share)
            start_low, said = start + eased * (end - start), f"{earlier} {old} → {step.year} {now}: {step.places}"
            x = earlier + 0.1 + share * (step.year - earlier - 0.2)
            bands.append({"band": len(bands) // 13, "x": x, "low": start_low, "high": start_low + step.places, "state": now, "said": said})
    scale = alt.Scale(domain=order, range=[colours[state] for state in order])
    first, last = (years[0], years[-1]) if years else (story.banner.from_year, story.banner.to_year)
    x_scale = alt.Scale(domain=[first - 0.3, last + 0.4], nice=False, zero=False)
    x_axis = alt.Axis(values=years, format="d", title=t("spread.year"), grid=False)
    colour = alt.Color("state:N", title=None, scale=scale, legend=alt.Legend(columns=2, symbolType="square", labelLimit=320))
    y = alt.Y("low:Q", title=t("spread.places"), axis=None, scale=alt.Scale(zero=True, nice=False))
    layers = [
        alt.Chart(values(bands))
        .mark_area(opacity=0.35)
        .encode(x=alt.X("x:Q", scale=x_scale, axis=x_axis), y=y, y2="high:Q", detail="band:N", color=colour, description="said:N", tooltip="said:N"),
        alt.Chart(values(rects))
        .mark_rect()
        .encode(x=alt.X("from:Q", scale=x_scale, axis=x_axis), x2="to:Q", y=y, y2="high:Q", color=colour, description="said:N", tooltip="said:N"),
        alt.Chart(values(rects))
        .mark_text(aria=False, fontSize=11, color="#ffffff")
        .encode(x=alt.X("year:Q", scale=x_scale, axis=x_axis), y="middle:Q", text="places:Q"),
    ]
    flow = alt.layer(*layers).properties(width=max(420, 90 * max(len(years), 1)), height=_HIGH)
    members = _draw_members(t, variants)
    chart = alt.vconcat(flow, *([members] if members is not None else [])).resolve_scale(color="independent", shape="independent")
    chart = chart.properties(title=title(t, "spread.variants", story))
    return finish(chart, description=t("spread.variants.alt"))


def _draw_members(t: Texts, variants: Variants) -> Any:
    """A grid: which members the catalogue gives a name, and which only reports list."""
    import altair as alt

    rows = []
    for use in variants.uses:
        listed = {member for one in use.stated for member in one.members}
        for member in dict.fromkeys((*use.members, *sorted(listed))):
            where = t("spread.variants.members") if member in use.members else t("spread.variants.stated")
            rows.append({"name": use.name, "member": member, "where": where})
    if not rows:
        return None
    order = list(dict.fromkeys(row["member"] for row in rows))
    scale = alt.Scale(domain=[t("spread.variants.members"), t("spread.variants.stated")], range=[INK, SOFT])
    shapes = alt.Scale(domain=[t("spread.variants.members"), t("spread.variants.stated")], range=["circle", "square"])
    legend = alt.Legend(columns=2)
    return (
        alt.Chart(values(rows))
        .mark_point(filled=True, size=80, opacity=1)
        .encode(
            x=alt.X("member:N", title=None, sort=order, axis=alt.Axis(orient="top", labelAngle=-40, grid=True)),
            y=alt.Y("name:N", title=None, sort=[use.name for use in variants.uses]),
            color=alt.Color("where:N", title=None, scale=scale, legend=legend),
            shape=alt.Shape("where:N", title=None, scale=shapes, legend=legend),
        )
        .properties(width=max(240, 44 * len(order)), height=26 * len(variants.uses))
    )
