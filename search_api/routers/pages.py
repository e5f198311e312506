"""For people with a browser: a search page, a report with its facts marked, problems in words, the API manual."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import yaml
from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from fazhi.errors import FazhiError, NotFound
from ingest.model import Fact
from search_api import models, problems
from search_api.marking import choose_facts, mark_lines
from search_api.parameters import FacetName, FactKind
from search_api.reader import Reading
from search_api.searching import SearchQuestion, answer_search

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# Sections of a report say nothing about where the words stand in it, so their counts would mislead: the form asks for them instead.
_FACETS = tuple(facet for facet in FacetName if facet is not FacetName.section)
_FACET_FILTERS = {"level": "level", "program": "program"}  # all levels of places filter by place
_KEPT = ("q", "place", "from", "to", "level", "program", "section", "modality", "sort", "lang")
_ASSETS = {"style.css": "text/css", "docs.js": "text/javascript", "icon.svg": "image/svg+xml"}


class Texts:
    """The words of a page in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = "en" if lang == "en" else "zh"

    def __call__(self, name: str, **values: object) -> str:
        words = _labels().get(name)
        return str(words[self.lang]).format(**values) if words else name.rpartition(".")[2]


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    labels: dict[str, dict[str, str]] = yaml.safe_load(files("search_api").joinpath("pages/labels.yaml").read_bytes())
    return labels


@cache
def _templates() -> Environment:
    return Environment(loader=PackageLoader("search_api", "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _render(request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
    t = Texts(request.query_params.get("lang", ""))
    there = {**request.query_params, "lang": "zh" if t.lang == "en" else "en"}
    body = (
        _templates()
        .get_template(template)
        .render(
            t=t, lang=t.lang, home_url=_link("/", {"lang": t.lang if t.lang == "en" else None}), other_language_url=_link(request.url.path, there), **values
        )
    )
    return HTMLResponse(body, status, headers)


def _link(path: str, parameters: Mapping[str, object], fragment: str = "") -> str:
    """An address with those parameters that have a value."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return quote(path) + (f"?{urlencode(given)}" if given else "") + (f"#{fragment}" if fragment else "")


# -- search ----------------------------------------------------------------------------------------------------------------------------------------


@router.get("/")
def show_search(request: Request, reader: Reading) -> HTMLResponse:
    t = Texts(request.query_params.get("lang", ""))
    asked = {name: value.strip() for name in (*_KEPT, "cursor") if (value := request.query_params.get(name, "")).strip()}
    kept = {name: asked.get(name) for name in _KEPT}
    try:
        question = SearchQuestion.model_validate({**{name: value for name, value in asked.items() if name != "lang"}, "facets": list(_FACETS)})
        answer = answer_search(reader, question)
    except ValidationError as error:
        problem = problems.of_validation(RequestValidationError([{**entry, "loc": ("query", *entry["loc"])} for entry in error.errors()]))
        return _render(request, "search.html", problem["status"], asked=kept, problem=problem, answer=None)
    except FazhiError as error:
        return _render(request, "search.html", error.status, asked=kept, problem=problems.of_error(error), answer=None)

    def report_url(report: str, passage: models.Passage | None = None) -> str:
        at = f"{passage.start}-{passage.end}" if passage else None
        return _link(f"/reports/{report}", {"at": at, "lang": kept["lang"]}, f"c{passage.start}" if passage else "")

    return _render(
        request,
        "search.html",
        asked=kept,
        problem=None,
        answer=answer,
        narrowed=any(kept[name] for name in ("q", "place", "from", "to", "level", "program", "section", "modality")),
        facets=_facet_links(t, answer, kept),
        chips=_chips(t, reader.name_place, kept),
        coverage_line=_coverage_line(t, answer.coverage),
        cut=cut_highlights,
        name_path=name_path,
        report_url=report_url,
        next_url=_link("/", {**kept, "cursor": answer.next}) if answer.next else None,
        first_url=_link("/", kept) if asked.get("cursor") else None,
    )


def _facet_links(t: Texts, answer: models.SearchAnswer, kept: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Facets that would narrow the answer, each value with the address that does so."""
    shown = []
    for name, values in answer.facets.items():
        if len(values) < 2 or kept.get(_FACET_FILTERS.get(name, "")):
            continue
        links = []
        for value in values[:8]:
            if name == "year":
                change = {"from": value.value, "to": value.value}
            else:
                change = {_FACET_FILTERS.get(name, "place"): value.value}
            label = t(f"level.{value.label}") if name == "level" else t("unknown_place") if value.label.startswith("?") else value.label
            links.append({"label": label, "reports": value.reports, "url": _link("/", {**kept, **change})})
        shown.append({"name": name, "values": links})
    return shown


def _chips(t: Texts, name_place: Callable[[str], str], kept: Mapping[str, str | None]) -> list[dict[str, str]]:
    """The filters that hold, each with the address without it."""
    chips = []
    for name in ("place", "level", "program", "section", "modality"):
        value = kept[name]
        if not value:
            continue
        if name == "place":
            label = name_place(value) if value.startswith("cn:") else value
        else:
            label = value.removeprefix("program:") if name == "program" else t(f"{name}.{value}")
        chips.append({"label": label, "url": _link("/", {**kept, name: None})})
    if kept["from"] or kept["to"]:
        label = f"{kept['from'] or ''}–{kept['to'] or ''}" if kept["from"] != kept["to"] else str(kept["from"])
        chips.append({"label": label, "url": _link("/", {**kept, "from": None, "to": None})})
    return chips


def _coverage_line(t: Texts, coverage: models.Coverage) -> str:
    years = t("no_years")
    if coverage.years:
        years = ", ".join(_runs(coverage.years))
    line = t("coverage", reports=coverage.reports, townships=coverage.townships, years=years)
    more = [t("undated", count=coverage.undated)] if coverage.undated else []
    more += [t("unreadable", count=coverage.unreadable)] if coverage.unreadable else []
    if t.lang == "en":
        return f"{'; '.join([line, *more])}. {t('coverage_note')}"
    return f"{'；'.join([line, *more])}。{t('coverage_note')}"


def _runs(years: Sequence[int]) -> Iterator[str]:
    """2019, 2020, 2021, 2023 → 2019–2021, 2023: a year without any report must show."""
    first = years[0]
    for year, following in pairwise([*years, 0]):
        if following != year + 1:
            yield f"{first}–{year}" if year > first else str(year)
            first = following


def name_path(path: Sequence[str], place_name: str | None) -> list[str]:
    """Names from the province down to the place that reports, also where the path ends above it because the text does not name it."""
    return [*path] if not place_name or place_name in path else [*path, place_name]


def cut_highlights(passage: models.Passage) -> list[tuple[str, bool]]:
    """The sentence in pieces, (text, whether it is highlighted)."""
    pieces: list[tuple[str, bool]] = []
    here = passage.start
    for span in sorted(passage.highlights, key=lambda span: span.start):
        start, end = max(span.start, here), min(span.end, passage.end)
        if start >= end:
            continue
        pieces += [(passage.text[here - passage.start : start - passage.start], False), (passage.text[start - passage.start : end - passage.start], True)]
        here = end
    pieces.append((passage.text[here - passage.start :], False))
    return [(text, lit) for text, lit in pieces if text]


# -- report ----------------------------------------------------------------------------------------------------------------------------------------


@router.get("/reports/{id}")
def show_report(request: Request, reader: Reading, id: str) -> HTMLResponse:
    t = Texts(request.query_params.get("lang", ""))
    lang, at = request.query_params.get("lang"), request.query_params.get("at")
    item = reader.read(id)
    pointed = _read_span(at, len(item.text))
    types = [kind.value for kind in FactKind if kind.value in request.query_params.getlist("type")]
    counts = Counter(fact.type for fact in item.analysis.facts)
    marked = choose_facts(item.analysis.facts, types)
    lines = mark_lines(item.text, marked, item.analysis.sections, pointed)
    anchors = {fact.start for fact in marked} | ({pointed[0]} if pointed else set())
    line_of = {start: line.start for line in lines for start in line.opens}
    return _render(
        request,
        "report.html",
        item=item,
        lines=lines,
        listed=marked,
        anchors=anchors,
        pointed_start=pointed[0] if pointed else None,
        headings=[
            {"heading": section.heading, "level": section.level, "line": line_of[section.start]}
            for section in item.analysis.sections
            if section.start in line_of
        ],
        legend=[
            {
                "type": kind.value,
                "count": counts[kind.value],
                "chosen": kind.value in types,
                "url": _link(f"/reports/{id}", {"type": kind.value, "at": at, "lang": lang}),
            }
            for kind in FactKind
            if counts[kind.value]
        ],
        all_url=_link(f"/reports/{id}", {"at": at, "lang": lang}) if types else None,
        linkable=urlsplit(item.document.url or "").scheme in ("http", "https"),
        tooltip=lambda facts: "\n".join(_describe(t, fact) for fact in facts),
        name_of=_name,
        name_path=name_path,
        value_of=lambda fact: _value(t, fact),
    )


def _read_span(at: str | None, length: int) -> tuple[int, int] | None:
    """``120-131`` → (120, 131); None for anything that is no span of the text."""
    left, _, right = (at or "").partition("-")
    if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit() and len(left) < 12 and len(right) < 12):
        return None
    start, end = int(left), int(right)
    return (start, end) if start < end <= length else None


def _name(fact: Fact) -> str:
    if fact.type == "relation":
        return f"{fact.subject or '?'} –{fact.relation}→ {fact.object or '?'}"
    return fact.indicator or fact.canonical or fact.surface


def _value(t: Texts, fact: Fact) -> str:
    if fact.value is None:
        return fact.date or ""
    return f"{t(f'approx.{fact.approx}') if fact.approx else ''}{' ' if t.lang == 'en' and fact.approx else ''}{fact.value:g}{fact.unit or ''}"


def _describe(t: Texts, fact: Fact) -> str:
    parts = [f"{t(f'type.{fact.type}')}: {_name(fact)}", _value(t, fact), t(f"modality.{fact.modality}")]
    parts += [t("polarity.negative")] if fact.polarity == "negative" else []
    parts += [f"{fact.rule} {fact.confidence:.2f}"]
    return " · ".join(part for part in parts if part)


# -- problems, manual ------------------------------------------------------------------------------------------------------------------------------


def render_problem(request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return _render(request, "problem.html", problem["status"], headers, problem=problem)


@router.get("/problems/{slug}")
def show_problem_type(request: Request, slug: str) -> HTMLResponse:
    if slug not in problems.TYPES:
        raise NotFound(f"There is no kind of problem called {slug}.", cure=f"There are {', '.join(problems.TYPES)}.")
    title, explanation = problems.TYPES[slug]
    return _render(request, "problem_type.html", type=f"/problems/{slug}", title=title, explanation=explanation)


@router.get("/docs")
def show_manual(request: Request) -> HTMLResponse:
    return HTMLResponse(_templates().get_template("docs.html").render(title=request.app.title, openapi_url=request.app.openapi_url))


@router.get("/assets/{name}")
def send_asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound(f"There is no file {name}.")
    return Response(_read_asset(name), media_type=_ASSETS[name])


@cache
def _read_asset(name: str) -> bytes:
    return files("search_api").joinpath("pages", name).read_bytes()
