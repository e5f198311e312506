"""For people with a browser: a search page, a report with its facts marked, problems in words, the API manual."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import ChoiceLoader, Environment, PackageLoader
from pydantic import ValidationError
from starlette.responses import HTMLResponse, Response

from archive.model import Projectable
from fazhi.errors import FazhiError, NotFound
from fazhi.explaining import make_templates, read_style, template_loader
from fazhi.explaining.view import About, build_view, name_path
from fazhi.explaining.words import Labels, Texts, labels, read_labels
from search_api import models, problems, rereading
from search_api.parameters import FacetName, FactKind
from search_api.reader import Reader, Reading
from search_api.searching import SearchQuestion, answer_search

log = logging.getLogger("fazhi.http")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

# Sections of a report say nothing about where the words stand in it, so their counts would mislead: the form asks for them instead.
_FACETS = tuple(facet for facet in FacetName if facet is not FacetName.section)
_FACET_FILTERS = {"level": "level", "program": "program"}  # all levels of places filter by place
_KEPT = ("q", "place", "from", "to", "level", "program", "section", "modality", "sort", "lang")
_ASSETS = {"style.css": "text/css", "view.css": "text/css", "docs.js": "text/javascript", "icon.svg": "image/svg+xml"}


@cache
def _labels() -> Labels:
    """Words of all pages; those of a report's view stand beside its templates."""
    return {**labels(), **read_labels("search_api", "pages/labels.yaml")}


@cache
def _templates() -> Environment:
    return make_templates(ChoiceLoader([PackageLoader("search_api", "pages"), template_loader()]))


def _texts(request: Request) -> Texts:
    return Texts(request.query_params.get("lang"), _labels())


def _render(request: Request, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
    t = _texts(request)
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
    t = _texts(request)
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
    t = _texts(request)
    lang, at = request.query_params.get("lang"), request.query_params.get("at")
    rejected = "1" if request.query_params.get("rejected") == "1" else None
    item = reader.read(id)
    types = [kind.value for kind in FactKind if kind.value in request.query_params.getlist("type")]

    def link(*, type: str | None = None, rejected: str | None = rejected, fragment: str = "") -> str:
        return _link(f"/reports/{id}", {"type": type, "rejected": rejected, "at": at, "lang": lang}, fragment)

    view = build_view(
        t,
        _about(item),
        item.text,
        item.analysis,
        types=types,
        pointed=_read_span(at, len(item.text)),
        only_url=lambda type: link(type=type),
        all_url=link() if types else None,
        ask_url=link(rejected="1", fragment="rejected"),
        node_url=lambda fact: (
            _link("/", {"place" if fact.type == "place" else "program": fact.node, "lang": lang})
            if fact.type in ("place", "program") and fact.node and "?" not in fact.node
            else None
        ),
        **(_read_again(t, reader, item) if rejected else {}),
    )
    return _render(request, "report.html", view=view, open_facts=False)


def _about(item: Projectable) -> About:
    document = item.document
    return About(
        title=document.title or document.key,
        key=document.key,
        url=document.url,
        linkable=urlsplit(document.url or "").scheme in ("http", "https"),
        published=document.published,
        duplicate_of=document.duplicate_of,
        original=f"/api/reports/{document.report}/original",
        json=f"/api/reports/{document.report}/facts",
    )


def _read_again(t: Texts, reader: Reader, item: Projectable) -> dict[str, Any]:
    """What the present rules turn down in the stored text, as ``build_view`` takes it. The facts on the page stay those of the archive."""
    if len(item.text) > rereading.LIMIT:
        return {"failed": t("rejected_too_long", limit=rereading.LIMIT)}
    try:
        explanation = rereading.explain_again(reader.archive, item)
    except FazhiError as error:
        return {"failed": str(error)}
    except Exception as error:  # the page is about stored facts: it must show, whatever today's rules make of the text
        log.error("reading %s again failed", item.document.report, exc_info=error)
        return {"failed": t("rejected_failed")}
    now = explanation.analysis
    same = (now.pipeline, now.vocabulary) == (item.analysis.pipeline, item.analysis.vocabulary)
    return {
        "rejections": explanation.rejections,
        "dropped": explanation.dropped,
        "note": t("rejected_again" if same else "rejected_differs"),
        "name_place": rereading.name_place,
    }


def _read_span(at: str | None, length: int) -> tuple[int, int] | None:
    """``120-131`` → (120, 131); None for anything that is no span of the text."""
    left, _, right = (at or "").partition("-")
    if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit() and len(left) < 12 and len(right) < 12):
        return None
    start, end = int(left), int(right)
    return (start, end) if start < end <= length else None


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
    return read_style().encode() if name == "view.css" else files("search_api").joinpath("pages", name).read_bytes()
