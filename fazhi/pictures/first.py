"""Who may have been first here: a bar a candidate. The interval stands beside it."""

from __future__ import annotations

from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Candidate, Story
from fazhi.spreading.wording import write_first, write_interval

_MOST = 30
COLUMNS = ("place", "name", "county_name", "t_lower", "t_upper", "censored", "p_none_earlier", "p_alone", "p_before")


def draw_first(story: Story, t: Texts) -> Chart:
    rows = tuple(
        (row.place, row.name, row.county_name, row.t_lower, row.t_upper, row.censored, row.p, row.p_alone, row.before) for row in story.first.candidates
    )
    return Chart(name="first", spec=_draw(story, t), columns=COLUMNS, titled=True, rows=rows)


def _draw(story: Story, t: Texts) -> dict[str, Any]:
    import altair as alt

    shown = story.first.candidates[:_MOST]
    names = [f"{row.name}（{row.county_name}）" for row in shown]
    y = alt.Y("name:N", title=None, sort=names, scale=alt.Scale(domain=names))
    pairs = list(zip(names, shown, strict=True))
    chart = _draw_bars(t, pairs, y)
    chart = chart.properties(width=420, height=22 * max(len(names), 1), title=title(t, "spread.first", story, write_first(t, story)))
    return finish(chart, description=t("spread.first.alt", program=story.name))


def _draw_bars(t: Texts, pairs: list[tuple[str, Candidate]], y: Any) -> Any:
    import altair as alt

    kinds = {t("spread.first.p"): "#9cc3d6", t("spread.first.alone"): "#155a7d"}
    rows = [
        {"name": name, "kind": kind, "value": value}
        for name, row in pairs
        for kind, value in zip(kinds, (row.p, row.p_alone), strict=True)
    ]  # fmt: skip
    said = [{"name": name, "value": row.p, "interval": write_interval(t, row.t_lower, row.t_upper)} for name, row in pairs]
    x = alt.X("value:Q", title=t("spread.first.p"), scale=alt.Scale(domain=[0, 1.25]), axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]))
    colour = alt.Color("kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=list(kinds.values())), legend=alt.Legend(columns=1, symbolType="square"))
    bars = alt.Chart(values(rows)).mark_bar(height=12, aria=False).encode(y=y, x=x.stack(None), color=colour, order=alt.Order("value:Q", sort="descending"))
    return alt.layer(bars, alt.Chart(values(said)).mark_text(aria=False, align="left", fontSize=11, color=INK, dx=6).encode(y=y, x=x, text="interval:N"))
