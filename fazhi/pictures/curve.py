"""The curve of adoption: what is seen with bounds for missing reports, Turnbull's estimate, laws of growth, superiors' acts; the risk set beneath."""

from __future__ import annotations

from typing import Any

from diffusion.curves.model import Curve, CurveFit, CurveYear, Estimate
from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import COLOURS, LINE, SOFT, Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Story
from fazhi.spreading.telling import name_place

_WIDTH, _HIGH, _LOW = 600, 300, 90
_SEEN, _TURNBULL = "#9aa4ab", "#155a7d"
COLUMNS = ("year", "observed", "missing", "at_risk", "events", "adopted", "open", "share", "lower", "upper", "estimate", "value", "low", "high")


def draw_curve(story: Story, t: Texts, curve: Curve) -> Chart:
    """A CSV row for each year and each estimate or law; where laws are refused the reason stands in the title."""
    drawn: list[Estimate | CurveFit] = [*curve.estimates, *curve.fits]
    rows: list[tuple[Any, ...]] = []
    for at, year in enumerate(curve.years):
        seen = (year.year, year.observed, year.missing, year.at_risk, year.events, year.adopted, year.open, year.share, year.lower, year.upper)
        rows.append((*seen, None, None, None, None))
        rows += [(*seen, one.name, one.values[at], one.low[at], one.high[at]) for one in drawn]
    return Chart(name="curve", spec=_draw(story, t, curve), columns=COLUMNS, rows=tuple(rows), titled=True)


def _draw(story: Story, t: Texts, curve: Curve) -> dict[str, Any]:
    import altair as alt

    years = [year.year for year in curve.years]
    first, last = (years[0], years[-1]) if years else (story.banner.from_year, story.banner.to_year)
    scale = alt.Scale(domain=[first - 0.5, last + 0.5], nice=False, zero=False)
    axis = alt.Axis(values=list(range(first, last + 1)), format="d", title=None, grid=False)
    x = alt.X("year:Q", scale=scale, axis=axis)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", title=t("spread.curve.share"), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))

    bounds = [{"year": year.year, "lower": year.lower, "upper": year.upper, "said": _say(t, year)} for year in curve.years]
    lines: list[dict[str, Any]] = []
    bands: list[dict[str, Any]] = []
    names: dict[str, tuple[str, list[int]]] = {}
    drawn: list[Estimate | CurveFit] = [*curve.estimates, *curve.fits]
    for number, one in enumerate(drawn):
        chosen = one.name in (curve.chosen, "turnbull")
        name = t(f"spread.curve.{one.name}") + (f" ({t('spread.curve.chosen')})" if one.name == curve.chosen else "")
        shade = _TURNBULL if one.name == "turnbull" else SOFT if one.name == "kaplan_meier" else COLOURS[1 + number % (len(COLOURS) - 1)]
        names[name] = shade, [1, 0] if chosen else [4, 4]
        for at, year in enumerate(curve.years):
            if one.values[at] is not None:
                lines.append({"year": year.year, "value": one.values[at], "name": name})
            if chosen and one.low[at] is not None and one.high[at] is not None:
                bands.append({"year": year.year, "low": one.low[at], "high": one.high[at], "name": name})
    colours = alt.Scale(domain=list(names), range=[shade for shade, _ in names.values()])
    dashes = alt.Scale(domain=list(names), range=[dash for _, dash in names.values()])
    colour = alt.Color(
        "name:N", title=None, scale=colours, legend=alt.Legend(columns=2, symbolType="stroke", symbolSize=600, symbolStrokeWidth=2, labelLimit=300)
    )
    dash = alt.StrokeDash("name:N", title=None, scale=dashes)
    acts = [
        {"year": act.year, "name": f"{name_place(act.superior) if act.superior != 'cn' else t('spread.curve.centre')} {act.year}"} for act in curve.mandates
    ]
    layers = [
        alt.Chart(values(bounds)).mark_area(color=_SEEN, opacity=0.25, aria=False).encode(x=x, y=y("lower"), y2="upper:Q"),
        alt.Chart(values(bands))
        .mark_area(opacity=0.13, aria=False)
        .encode(x=x, y=y("low"), y2="high:Q", color=alt.Color("name:N", scale=colours, legend=None)),
        alt.Chart(values(acts)).mark_rule(color="#6b4f00", strokeDash=[2, 2]).encode(x=x, description="name:N", tooltip="name:N"),
        alt.Chart(values(lines)).mark_line(strokeWidth=2, aria=False).encode(x=x, y=y("value"), color=colour, strokeDash=dash),
        alt.Chart(values(bounds)).mark_point(filled=True, size=40, color=_SEEN, opacity=1).encode(x=x, y=y("lower"), description="said:N", tooltip="said:N"),
    ]
    upper = alt.layer(*layers).resolve_scale(color="independent", strokeDash="independent").properties(width=_WIDTH, height=_HIGH)
    words = {"at_risk": t("spread.curve.at_risk"), "had": t("spread.curve.had"), "missing": t("spread.curve.missing")}
    counts = [
        {"year": year.year, "kind": words[kind], "count": count, "order": order}
        for year in curve.years
        for order, (kind, count) in enumerate((("had", year.observed - year.at_risk), ("at_risk", year.at_risk), ("missing", year.missing)))
    ]  # fmt: skip
    risk = (
        alt.Chart(values(counts))
        .mark_bar(size=min(36, _WIDTH // (last - first + 2)), aria=False)
        .encode(
            x=x, y=alt.Y("count:Q", title=t("spread.curve.risk"), axis=alt.Axis(format=",d", tickCount=3)).stack("zero"), order="order:Q",
            color=alt.Color(
                "kind:N", title=None, legend=alt.Legend(columns=3, symbolType="square"),
                scale=alt.Scale(domain=[words["had"], words["at_risk"], words["missing"]], range=["#9cc3d6", _TURNBULL, LINE]),
            ),
        )
        .properties(width=_WIDTH, height=_LOW)
    )  # fmt: skip
    refusal = curve.refused or curve.reading_refused
    notes = [t("spread.curve.bounds"), t("spread.curve.no_cause"), f"{t('spread.curve.refused')} {refusal.reason}" if refusal else None]
    chart = alt.vconcat(upper, risk).resolve_scale(color="independent").properties(title=title(t, "spread.curve", story, *notes))
    return finish(chart, description=t("spread.curve.alt", program=story.name))


def _say(t: Texts, year: CurveYear) -> str:
    return f"{year.year}: {t('spread.curve.adopted')} {year.adopted}, {year.lower:.0%}–{year.upper:.0%}"
