"""Swim lanes: a row a township, by county; bars are intervals, hatched years have no report, triangles are superiors' texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, LINE, SOFT, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Deed, Story, Unit
from fazhi.spreading.wording import write_unit

MOST = 150  # rows; of more the first seen are drawn
_ROW = 20  # pixels
_BAR, _BEFORE, _PLAN, _DEED = "#155a7d", "#155a7d", "#c25a12", "#6b4f00"
COLUMNS = (
    "place", "name", "county", "county_name", "status", "t_lower", "t_upper", "censored", "basis", "p", "years_with_report", "years_without_report", "facts_in",
)  # fmt: skip


def draw_timeline(story: Story, t: Texts) -> Chart:
    """The chart with one CSV row a township."""
    return Chart(name="timeline", spec=_draw(story, t), columns=COLUMNS, titled=True, rows=tuple(_row(unit) for unit in story.units))


def _row(unit: Unit) -> tuple[Any, ...]:
    said = " ".join(sentence.fact or "" for sentence in unit.sentences).strip()
    return (
        unit.place, unit.name, unit.county, unit.county_name, unit.status, unit.t_lower, unit.t_upper, unit.censored, unit.basis, unit.p,
        " ".join(map(str, unit.present)), " ".join(map(str, unit.missing)), said,
    )  # fmt: skip


def choose_rows(units: Sequence[Unit], most: int = MOST) -> list[Unit]:
    """The units that are drawn, as they come: where there are too many, those first seen, then plans."""
    if len(units) <= most:
        return list(units)
    chosen = {unit.place for unit in sorted(units, key=lambda unit: (not unit.claims, unit.t_upper or 9999, unit.place))[:most]}
    return [unit for unit in units if unit.place in chosen]


def _lanes(units: Sequence[Unit], deeds: Sequence[Deed], t: Texts) -> tuple[dict[str, int], dict[str, int], list[dict[str, Any]]]:
    """Rows of townships and of counties, and the labels of both; counties in order of their first year, superiors above counties on top."""
    counties: dict[str, list[Unit]] = {}
    for unit in units:
        counties.setdefault(unit.county, []).append(unit)
    first = {county: min((unit.t_upper for unit in rows if unit.claims and unit.t_upper is not None), default=9999) for county, rows in counties.items()}
    townships: dict[str, int] = {}
    above: dict[str, int] = {}
    labels: list[dict[str, Any]] = []
    row = 0
    for deed in deeds:
        if deed.place not in counties and deed.place not in above:
            above[deed.place] = row
            labels.append({"row": row, "label": f"{t('spread.timeline.superiors')} {deed.name}", "head": True})
            row += 1
    for county in sorted(counties, key=lambda county: (first[county], county)):
        above[county] = row
        labels.append({"row": row, "label": counties[county][0].county_name, "head": True})
        row += 1
        for unit in counties[county]:
            townships[unit.place] = row
            labels.append({"row": row, "label": unit.name, "head": False})
            row += 1
    return townships, above, labels


def _draw(story: Story, t: Texts) -> dict[str, Any]:
    import altair as alt

    units = choose_rows(story.units)
    townships, above, labels = _lanes(units, story.deeds, t)
    first, last = story.banner.from_year, story.banner.to_year
    count, span = max(len(labels), 1), last - first + 1
    column = max(34, min(70, 640 // span))
    x_scale = alt.Scale(domain=[first - 0.5, last + 0.5], nice=False, zero=False, clamp=False)
    x_axis = alt.Axis(values=list(range(first, last + 1)), format="d", orient="top", grid=False, title=t("spread.year"), tickSize=0, domain=False)
    y_scale = alt.Scale(domain=[count - 0.5, -0.5], nice=False, zero=False)
    words = {name: t(f"spread.timeline.{name}") for name in ("looked", "missing", "seen", "before", "planned", "deed")}
    kinds = alt.Scale(
        domain=[words["looked"], words["missing"], words["seen"], words["before"], words["planned"], words["deed"]],
        range=["#e2eaee", "#98a2a9", _BAR, _BEFORE, _PLAN, _DEED],
    )
    shapes = alt.Scale(domain=list(words.values()), range=["square", "M-1,1L1,-1", "square", "triangle-left", "diamond", "triangle-up"])

    def x(field: str) -> Any:
        return alt.X(f"{field}:Q", scale=x_scale, axis=x_axis)

    def y(field: str = "row") -> Any:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    def coloured() -> dict[str, Any]:
        legend = alt.Legend(columns=3, symbolOpacity=1, symbolSize=90, symbolStrokeWidth=1.6)
        return {"color": alt.Color("kind:N", title=None, scale=kinds, legend=legend), "shape": alt.Shape("kind:N", title=None, scale=shapes, legend=legend)}

    cells = [
        {"row": townships[unit.place], "from": year - 0.47, "to": year + 0.47, "low": townships[unit.place] - 0.4, "high": townships[unit.place] + 0.4}
        for unit in units for year in unit.present if first <= year <= last
    ]  # fmt: skip
    hatches = [
        {"from": year + step - 0.11, "to": year + step + 0.11, "low": townships[unit.place] + 0.4, "high": townships[unit.place] - 0.4}
        for unit in units for year in unit.missing for step in (-0.36, -0.18, 0.0, 0.18, 0.36)
    ]  # fmt: skip
    bars, arrows, plans = [], [], []
    for unit in units:
        row, said = townships[unit.place], write_unit(t, unit)
        if unit.claims and unit.t_upper is not None:
            begin = first - 0.5 if unit.t_lower is None else max(unit.t_lower + 0.5, first - 0.5)
            bars.append({"row": row, "from": begin, "to": unit.t_upper + 0.5, "low": row - 0.24, "high": row + 0.24, "p": unit.p, "said": said})
            if unit.t_lower is None:
                arrows.append({"row": row, "year": first - 0.5 - 5 / column, "kind": words["before"], "said": said})
        else:
            for year in sorted({sentence.year for sentence in unit.sentences if sentence.year is not None}):
                plans.append({"row": row, "year": year, "kind": words["planned"], "said": said})
    deeds = [
        {"row": above[deed.place], "year": deed.year, "kind": words["deed"], "said": f"{deed.name} {deed.year}: {deed.key}"}
        for deed in story.deeds if deed.place in above and first <= deed.year <= last
    ]  # fmt: skip
    key = [{"row": 0, "year": first, "kind": word} for word in words.values()]  # every sign is in the legend, also those of which there are none
    heads = [label for label in labels if label["head"]]
    layers = [
        alt.Chart(values(heads)).mark_rule(color=LINE, aria=False).encode(y=y(), x=alt.value(0), x2=alt.value(column * span)),
        alt.Chart(values(cells)).mark_rect(color="#e2eaee", aria=False).encode(x=x("from"), x2="to:Q", y=y("low"), y2="high:Q"),
        alt.Chart(values(hatches)).mark_rule(color="#98a2a9", strokeWidth=1, aria=False).encode(x=x("from"), x2="to:Q", y=y("low"), y2="high:Q"),
        alt.Chart(values(bars))
        .mark_rect(color=_BAR, cornerRadius=2)
        .encode(
            x=x("from"), x2="to:Q", y=y("low"), y2="high:Q", description="said:N", tooltip="said:N",
            opacity=alt.Opacity("p:Q", scale=alt.Scale(domain=[0, 1], range=[0.35, 1]), legend=None),
        ),
        alt.Chart(values(key)).mark_point(opacity=0, size=1, aria=False).encode(x=x("year"), y=y(), **coloured()),
        alt.Chart(values([*arrows, *plans, *deeds]))
        .mark_point(filled=True, size=95, opacity=1)
        .encode(x=x("year"), y=y(), description="said:N", tooltip="said:N", **coloured()),
        alt.Chart(values(labels))
        .mark_text(align="right", baseline="middle", fontSize=12, aria=False)
        .encode(
            x=alt.value(-20), y=y(), text="label:N",
            color=alt.condition("datum.head", alt.value(SOFT), alt.value(INK)),
        ),
    ]  # fmt: skip
    shown = None if len(units) == len(story.units) else t("spread.shown", shown=len(units), total=len(story.units))
    chart = alt.layer(*layers).properties(width=column * span, height=_ROW * count, title=title(t, "spread.timeline", story, shown))
    return finish(chart, description=t("spread.timeline.alt", program=story.name))
