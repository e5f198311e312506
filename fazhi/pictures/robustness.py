"""What is left of a result when reports are hidden, counties left out, templates not counted: how alike order and adopters stay, the median and the worst."""

from __future__ import annotations

from typing import Any

from diffusion.robustness import Robustness, Shaken
from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Story
from fazhi.spreading.telling import name_place

COLUMNS = ("change", "tries", "order_tau", "order_tau_least", "adopters_jaccard", "adopters_jaccard_least", "intervals_holding", "same_law")


def draw_robustness(story: Story, t: Texts, block: Robustness) -> Chart:
    shaken = _list(block)
    rows = tuple((one.name, one.tries, one.tau, one.least_tau, one.jaccard, one.least_jaccard, one.holding, one.same_label) for one in shaken)
    return Chart(name="robustness", spec=_draw(story, t, block, shaken), columns=COLUMNS, rows=rows, titled=True)


def _list(block: Robustness) -> list[Shaken]:
    return [*block.hidden, *(one for one in (block.counties, block.templates) if one is not None)]


def _name(t: Texts, block: Robustness, one: Shaken) -> str:
    if one is block.counties:
        return t("spread.robustness.county")
    if one is block.templates:
        return t("spread.robustness.templates")
    return t("spread.robustness.hidden", share=f"{one.name.removeprefix('hidden_')} %")


def _draw(story: Story, t: Texts, block: Robustness, shaken: list[Shaken]) -> dict[str, Any]:
    import altair as alt

    kinds = {t("spread.robustness.tau"): "#155a7d", t("spread.robustness.jaccard"): "#c25a12", t("spread.robustness.law"): "#4b7f2f"}
    tau, jaccard, law = kinds
    rows: list[dict[str, Any]] = []
    for one in shaken:
        name = f"{_name(t, block, one)} ({one.tries})"
        for kind, value, least in ((tau, one.tau, one.least_tau), (jaccard, one.jaccard, one.least_jaccard), (law, one.same_label, None)):
            if value is not None:
                low = value if least is None else least
                rows.append({"name": name, "kind": kind, "value": value, "least": low, "said": f"{name}, {kind}: {value:.2f} ({low:.2f})"})
    names = list(dict.fromkeys(row["name"] for row in rows))
    colour = alt.Color(
        "kind:N", title=None, scale=alt.Scale(domain=list(kinds), range=list(kinds.values())), legend=alt.Legend(columns=1, labelLimit=420)
    )  # fmt: skip
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("name:N", title=None, sort=names, scale=alt.Scale(domain=names)),
        yOffset=alt.YOffset("kind:N", scale=alt.Scale(domain=list(kinds))),
        color=colour,
        description="said:N",
        tooltip="said:N",
    )
    x = alt.X("value:Q", title=t("spread.robustness.axis"), scale=alt.Scale(domain=[min([0.0, *(row["least"] for row in rows)]), 1]))
    layers = [base.mark_rule(strokeWidth=2, opacity=0.5).encode(x=x, x2="least:Q"), base.mark_point(filled=True, size=80, opacity=1).encode(x=x)]
    weightiest = t("spread.robustness.weightiest", county=name_place(block.weightiest)) if block.weightiest else None
    chart = alt.layer(*layers).properties(
        width=460, height=54 * max(len(names), 1), title=title(t, "spread.robustness", story, weightiest, t("spread.robustness.note"))
    )
    return finish(chart, description=t("spread.robustness.alt", program=story.name))
