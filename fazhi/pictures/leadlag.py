"""Who leads whom: a matrix of counties, a cell the shrunk difference between practices that came to the row first and to the column first."""

from __future__ import annotations

from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, Chart, finish, values
from fazhi.pictures.titling import head
from fazhi.spreading.leading import Q_MOST, Leads

_MOST = 40  # counties: those with the most comparable practices
COLUMNS = ("leader", "leader_name", "other", "other_name", "before", "after", "comparable", "score", "p", "q")


def draw_leadlag(found: Leads, t: Texts) -> Chart:
    rows = tuple(
        (one.leader, one.leader_name, one.other, one.other_name, one.before, one.after, one.comparable, one.score, one.p, one.q) for one in found.leads
    )  # fmt: skip
    return Chart(name="leadlag", spec=_draw(found, t), columns=COLUMNS, rows=rows, titled=True)


def _draw(found: Leads, t: Texts) -> dict[str, Any]:
    import altair as alt

    weight: dict[str, int] = dict.fromkeys(found.counties, 0)
    total: dict[str, float] = dict.fromkeys(found.counties, 0.0)
    names: dict[str, str] = {}
    for one in found.leads:
        for county, name, sign in ((one.leader, one.leader_name, 1), (one.other, one.other_name, -1)):
            weight[county] += one.comparable
            total[county] += sign * one.score
            names[county] = f"{name} {county.removeprefix('cn:')}"
    kept = set(sorted(names, key=lambda county: (-weight[county], county))[:_MOST])
    order = [names[county] for county in sorted(kept, key=lambda county: (-total[county], county))]
    cells: list[dict[str, Any]] = []
    for one in found.leads:
        if one.leader in kept and one.other in kept:
            for row, column, sign, ahead, behind in ((one.leader, one.other, 1, one.before, one.after), (one.other, one.leader, -1, one.after, one.before)):
                cells.append(
                    {"row": names[row], "column": names[column], "score": sign * one.score, "label": f"{ahead}:{behind}", "sure": one.q <= Q_MOST,
                     "said": f"{names[row]} / {names[column]}: {ahead}:{behind}, q {one.q:.2g}"}
                )  # fmt: skip
    most = max([0.2, *(abs(cell["score"]) for cell in cells)])
    base = alt.Chart(values(cells)).encode(
        x=alt.X("column:N", title=t("spread.leadlag.other"), sort=order, scale=alt.Scale(domain=order), axis=alt.Axis(orient="top", labelAngle=-50)),
        y=alt.Y("row:N", title=t("spread.leadlag.leader"), sort=order, scale=alt.Scale(domain=order)),
        description="said:N",
        tooltip="said:N",
    )
    colour = alt.Color(
        "score:Q", title=t("spread.leadlag.score"), scale=alt.Scale(domain=[-most, 0, most], range=["#c25a12", "#f6f5f1", "#155a7d"]),
        legend=alt.Legend(gradientLength=180),
    )  # fmt: skip
    rects = base.mark_rect(stroke="#ffffff").encode(color=colour, strokeWidth=alt.value(1))
    sure = base.transform_filter("datum.sure").mark_rect(filled=False, stroke=INK, strokeWidth=2, aria=False)
    text = base.mark_text(fontSize=10, aria=False).encode(
        text="label:N", color=alt.condition(f"abs(datum.score) > {most / 2}", alt.value("#ffffff"), alt.value(INK))
    )
    size = 34 * max(len(order), 1)
    chart = alt.layer(rects, text, sure).properties(
        width=size, height=26 * max(len(order), 1), title=head(t, t("spread.leadlag"), found.banner, found.snapshot, t("spread.leadlag.note"))
    )  # fmt: skip
    return finish(chart, description=t("spread.leadlag.alt"))
