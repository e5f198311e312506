"""The start page, and the answer to a search: facets, hits with their sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from fazhi.errors import FazhiError, Invalid
from fulltext.query import Query, parse
from search_api import charts, models, problems
from search_api.parameters import FacetName
from search_api.reader import Reader, Reading
from search_api.routers.pages.charts import Form, send_chart
from search_api.routers.pages.layout import SCRIPTED, Page, Paging, new_router
from search_api.routers.pages.terms import ASKED, list_terms
from search_api.searching import SearchQuestion, answer_search, answer_suggest, read_conditions

router = new_router()

# Sections of a report say nothing about where the words stand in it, so their counts would mislead: the form asks for them instead.
_FACETS = (FacetName.place, FacetName.year, FacetName.level, FacetName.program, FacetName.body, FacetName.indicator)
_FACET_FILTERS = {"level": "level", "program": "program", "body": "body", "indicator": "indicator"}
_FILTERS = ("place", "from", "to", "level", "program", "body", "indicator", "section", "modality")
_CONDITIONS = ("q", "synonyms", "reading")
_KEPT = (*_CONDITIONS, *_FILTERS, "sort")
_SUGGESTED = 6  # names where nothing was found, and words that they are sought for
_LOOKED_UP = 20  # names that begin like one word: those that reports have are wanted, and are not always the first
_OPERATORS = ("AND", "OR", "NOT", "与", "或", "非")
_WORD = re.compile(r"[^\s\"“”()（）]+")
_SHOWN = 8  # values of a facet
_SHOWN_PLACES = 120  # of all levels: the others come when a place is chosen


@router.get("/")
def show_search(page: Paging, reader: Reading) -> HTMLResponse:
    asked = _read_asked(page, (*_KEPT, "cursor"))
    kept = {name: asked.get(name) for name in _KEPT}
    more = {"facets": list(_FACETS), "size": 10 if asked else 1, "histogram": bool(asked)}
    try:
        answer = answer_search(reader, SearchQuestion.model_validate({**asked, **more}), most_places=_SHOWN_PLACES)
    except ValidationError as error:
        problem = problems.of_validation(RequestValidationError([{**entry, "loc": ("query", *entry["loc"])} for entry in error.errors()]))
        return page.render("search.html", problem["status"], SCRIPTED, asked=kept, problem=problem, answer=None)
    except FazhiError as error:
        return page.render("search.html", error.status, SCRIPTED, asked=kept, problem=problems.of_error(error), answer=None)
    values: dict[str, Any] = {
        "asked": kept,
        "problem": None,
        "answer": answer,
        "facets": _facet_links(page, answer, kept),
        "places": _place_links(page, answer, kept),
    }
    if not asked and answer.total:
        return page.render("home.html", 200, SCRIPTED, **values)
    return page.render(
        "search.html",
        200,
        SCRIPTED,
        narrowed=any(kept[name] for name in ("q", *_FILTERS)),
        suggested=[] if answer.total else _suggest(page, reader, answer, kept),
        unknown=[_show_unknown(page, place, answer, kept) for place in answer.unknown_places],
        understood=_show_understood(page, answer.understood, kept),
        chips=_chips(page, reader.name_place, kept),
        terms=list_terms(page, reader, {name: kept[name] for name in (*_CONDITIONS, *_FILTERS)}) if answer.hits else None,
        terms_url=page.here(**{ASKED: 1}) + "#terms",
        exported=[(form, page.link("/api/search/export", {**_without(kept, "sort"), "format": form})) for form in ("csv", "jsonl", "parquet")],
        **values,
    )


def _suggest(page: Page, reader: Reader, answer: models.SearchAnswer, kept: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Names that those words may have been the beginning of (pinyin, initials, characters) which no report has, each with the address of the question with the
    name in the word's place: those that most reports have come first, those that none has are shown only where there are no others."""
    question = kept["q"] or ""
    others = {one.q for one in answer.did_you_mean}
    names: dict[str, str] = {}  # question → name
    queries: list[Query] = []
    for word in list(_WORD.finditer(question))[:_SUGGESTED]:
        alone = None if word[0] in _OPERATORS else _parse(word[0])
        if alone is None or reader.count([alone])[0]:
            continue
        for one in answer_suggest(reader, word[0], _LOOKED_UP).suggestions:
            changed = question[: word.start()] + one.text + question[word.end() :]
            query = _parse(changed) if one.text != word[0] and changed not in others and changed not in names else None
            if query is not None:
                names[changed] = one.text
                queries.append(query)
    if not names:
        return []
    filters = read_conditions(reader, SearchQuestion.model_validate({name: kept[name] for name in _FILTERS if kept[name]})).filters
    found = reader.workspace.text.count(queries, filters)
    counted = sorted(zip(names.items(), found, strict=True), key=lambda one: -one[1])
    counted = [one for one in counted if one[1]] or counted
    return [{"text": name, "reports": reports, "url": page.here(q=changed)} for (changed, name), reports in counted[:_SUGGESTED]]


def _show_unknown(page: Page, place: models.UnknownPlace, answer: models.SearchAnswer, kept: Mapping[str, str | None]) -> dict[str, Any]:
    """What is said of a place that no report is of, with the near names that are not offered as a question anyway."""
    question = kept["q"] or ""
    offered = {one.q for one in answer.did_you_mean}
    changed = {name: question.replace(place.name, name) for name in place.near if place.name in question}
    near = [{"text": name, "url": page.here(q=other)} for name, other in changed.items() if other not in offered]
    return {"said": page.t("unknown_place.registered" if place.registered else "unknown_place.name", place=place.name), "near": near}


def _parse(question: str) -> Query | None:
    try:
        return parse(question)
    except Invalid:  # a name with a bracket, or a question that is too long with it
        return None


def _read_asked(page: Page, names: Sequence[str]) -> dict[str, str]:
    """The parameters that have a value; what else stands in the address is nobody's business."""
    given = page.request.query_params
    return {name: given[name].strip() for name in names if given.get(name, "").strip()}


def _without(kept: Mapping[str, str | None], name: str) -> dict[str, str | None]:
    return {one: value for one, value in kept.items() if one != name}


@router.get("/charts/search-years.{form}")
def send_years(page: Paging, reader: Reading, form: Form) -> Response:
    asked = _read_asked(page, ("q", *_FILTERS, "synonyms", "reading"))
    try:
        question = SearchQuestion.model_validate({**asked, "size": 1, "histogram": True})
    except ValidationError as error:
        raise RequestValidationError([{**entry, "loc": ("query", *entry["loc"])} for entry in error.errors()]) from error
    return send_chart(page.request, form, chart_years(page, answer_search(reader, question).years or ()), reader.snapshot)


def chart_years(page: Page, years: Sequence[models.YearCount]) -> charts.Chart:
    """Matching reports a year as bars, beside how many there are here at all."""
    t = page.t
    names = {"reports": t("years.matching"), "covered": t("years.covered")}
    return charts.Chart(
        name="search-years",
        spec=charts.draw_bars_by_year(
            [{"year": year.year, "series": words, "value": getattr(year, name)} for year in years for name, words in names.items()],
            series={names["reports"]: "#155a7d", names["covered"]: charts.SOFT},
            line=names["covered"],
            words={"x": t("year"), "y": t("reports")},
            description=t("years.alt"),
        ),
        columns=("year", "matching", "reports_here"),
        rows=tuple((year.year, year.reports, year.covered) for year in years),
    )


def _facet_links(page: Page, answer: models.SearchAnswer, kept: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Facets that would narrow the answer, each value with the address that does so."""
    shown = []
    for name, values in answer.facets.items():
        if len(values) < 2 or kept.get(_FACET_FILTERS.get(name, "")):
            continue
        links = []
        for value in sorted(values, key=lambda value: value.value, reverse=True) if name == "year" else values[:_SHOWN]:
            if name == "year":
                change = {"from": value.value, "to": value.value}
            else:
                change = {_FACET_FILTERS[name]: value.value}
            label = page.t(f"level.{value.label}") if name == "level" else value.label
            links.append({"label": label, "reports": value.reports, "url": page.link("/", {**kept, **change})})
        shown.append({"name": name, "values": links})
    return shown


def _place_links(page: Page, answer: models.SearchAnswer, kept: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Places at every level with the address that narrows to each; nothing where there is no choice. What has no neighbours stands open."""
    roots = answer.places.roots if answer.places else ()

    def link(node: models.PlaceCount, alone: bool) -> dict[str, Any]:
        below = [link(one, len(node.below) == 1) for one in node.below]
        return {
            "label": page.t("unknown_place") if node.label.startswith("?") else node.label,
            "reports": node.reports,
            "url": page.link("/", {**kept, "place": node.id}),
            "here": kept["place"] in (node.id, node.label),
            "below": below,
            "more": node.more,
            "open": alone or any(one["here"] or one["open"] for one in below) or kept["place"] in (node.id, node.label),
        }

    shown = [link(node, len(roots) == 1) for node in roots]
    return shown if _branches(shown) else []


def _branches(nodes: Sequence[Mapping[str, Any]]) -> bool:
    return len(nodes) > 1 or any(_branches(node["below"]) for node in nodes)


def _show_understood(page: Page, understood: models.Understood | None, kept: Mapping[str, str | None]) -> dict[str, Any] | None:
    """A question as it was read: conditions, each with the address of the question without it, and a line for each kind of words."""
    if understood is None:
        return None
    question = kept["q"] or ""
    conditions = []
    for part in understood.conditions:
        without = question[: part.start] + question[part.end :]
        label = page.t(f"level.{part.value}") if part.kind == "level" else part.value.replace("-", "–") if part.kind == "years" else part.value
        if part.kind == "years" and part.value.partition("-")[0] == part.value.partition("-")[2]:
            label = part.value.partition("-")[0]
        conditions.append({"kind": part.kind, "text": part.text, "label": label.replace("|", " / "), "url": page.here(q=without)})
    comma = "、"
    optional = (*understood.doing, *(() if understood.least else understood.words))
    lines = []
    if understood.names:
        lines.append(page.t("understood.names", words=comma.join(part.text for part in understood.names)))
    if understood.words and understood.least:
        lines.append(page.t("understood.least", least=understood.least, words=comma.join(part.text for part in understood.words)))
    if optional:
        lines.append(page.t("understood.doing", words=comma.join(part.text for part in optional)))
    if understood.dropped:
        lines.append(page.t("understood.dropped", words=comma.join(understood.dropped)))
    return {"conditions": conditions, "lines": lines}


def _chips(page: Page, name_place: Callable[[str], str], kept: Mapping[str, str | None]) -> list[dict[str, str]]:
    """The filters that hold, each with the address without it."""
    chips = []
    for name in ("place", "level", "program", "body", "indicator", "section", "modality"):
        value = kept[name]
        if not value:
            continue
        if name == "place":
            label = name_place(value) if value.startswith("cn:") else value
        else:
            label = value.partition(":")[2] or value if name in ("program", "body", "indicator") else page.t(f"{name}.{value}")
        chips.append({"label": label, "url": page.link("/", {**kept, name: None})})
    if kept["from"] or kept["to"]:
        label = f"{kept['from'] or ''}–{kept['to'] or ''}" if kept["from"] != kept["to"] else str(kept["from"])
        chips.append({"label": label, "url": page.link("/", {**kept, "from": None, "to": None})})
    return chips
