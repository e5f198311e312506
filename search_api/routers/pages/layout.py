"""What every page is made with: its words, its addresses, the navigation around it. docs/pages.md tells how a page is added.

The language is that of ``?lang=``, else the one that was asked for last (a cookie), else Chinese. Every address reproduces its view: what a form leaves
empty is dropped from it, and ``lang`` is kept in the links of a page whose own address has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import cache
from typing import Annotated, Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from jinja2 import ChoiceLoader, Environment, PackageLoader
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archive.keys import ROLES, Role
from fazhi.explaining import make_templates, template_loader
from fazhi.explaining.view import name_path
from fazhi.explaining.words import LANGUAGES, Labels, Texts, labels, read_labels
from fazhi.spreading import wording as spreading
from search_api import models
from search_api.guard import SCRIPTED_POLICY
from search_api.routers.pages.telling import tell
from search_api.routers.pages.wording import cut_highlights, show_number, write_coverage
from search_api.turns import turn_of

SCRIPTED = {"Content-Security-Policy": SCRIPTED_POLICY}
"""Headers of a page that has a script of ours."""

_COOKIE = "lang"
_CHARTS = "/charts/"  # are drawn by a program beside Python, and nobody waits for them to read the page
_YEAR = 365 * 24 * 3600  # seconds that the cookie is kept


class Door(NamedTuple):
    """An entry of the navigation: its label in labels.yaml, where it leads, which role may enter."""

    label: str
    path: str
    role: Role = "reader"


NAVIGATION: tuple[Door, ...] = (
    Door("nav.search", "/"),
    Door("nav.places", "/places"),
    Door("nav.programs", "/programs"),
    Door("nav.measures", "/measures"),
    Door("nav.coverage", "/coverage"),
    Door("nav.graph", "/graph"),
    Door("nav.compare", "/compare"),
    Door("nav.alerts", "/alerts"),
    Door("nav.review", "/review", "editor"),
    Door("nav.upload", "/upload", "editor"),
    Door("nav.settings", "/settings", "admin"),
)
_BELONGS = {"/paths": "/graph"}  # pages of an entry that do not lie below its address
_PAGES_OF_LABELS = {"Place": "/places", "Program": "/programs", "Report": "/reports"}  # whatever else is in the graph has the page of an entity


@cache
def read_words() -> Labels:
    """Words of all pages; those of a report's view stand beside its templates."""
    return {**labels(), **spreading.labels(), **read_labels("search_api", "pages/labels.yaml"), **read_labels("search_api", "pages/desk.yaml")}


@cache
def templates() -> Environment:
    return make_templates(ChoiceLoader([PackageLoader("search_api", "pages"), template_loader(), spreading.template_loader()]))


def make_link(path: str, parameters: Mapping[str, object] | None = None, fragment: str = "") -> str:
    """An address with those parameters that have a value; a list gives its parameter several times."""
    given = {name: value for name, value in (parameters or {}).items() if value not in (None, "", (), [])}
    return quote(path) + (f"?{urlencode(given, doseq=True)}" if given else "") + (f"#{quote(fragment)}" if fragment else "")


class Page:
    """One request for a page: ``page: Paging`` among a route's parameters gives it, ``page.render(template, …)`` answers."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.asked_lang = _read_language(request.query_params.get("lang"))
        self.t = Texts(self.asked_lang or _read_language(request.cookies.get(_COOKIE)), read_words())

    @property
    def lang(self) -> str:
        return self.t.lang

    @property
    def role(self) -> Role:
        """What the visitor may do; a reader's role where the request was refused before that was known."""
        visitor = getattr(self.request.state, "visitor", None)
        return visitor.role if visitor is not None else "reader"

    def link(self, path: str, parameters: Mapping[str, object] | None = None, fragment: str = "") -> str:
        """An address of this server, in the language that the present address names."""
        return make_link(path, {**(parameters or {}), "lang": self.asked_lang}, fragment)

    def here(self, **changes: object) -> str:
        """The present address with some parameters changed, or left out where None. The cursor goes: another question begins at its first page."""
        kept: dict[str, object] = {}
        for name in self.request.query_params:
            values = self.request.query_params.getlist(name)
            kept[name] = values if len(values) > 1 else values[0]
        kept.pop("cursor", None)
        return make_link(self.request.url.path, {**kept, **changes})

    def entity_link(self, id: str, kinds: Collection[str] = (), parameters: Mapping[str, object] | None = None) -> str:
        """The page of a node, by its labels; by its id where they are not known."""
        kind = next((kind for kind in _PAGES_OF_LABELS if kind in kinds), None)
        if kind is None and not kinds:
            kind = "Place" if id.startswith("cn:") else "Program" if id.startswith("program:") else None
        return self.link(f"{_PAGES_OF_LABELS.get(kind or '', '/entities')}/{id}", parameters)

    def report_link(self, report: str, passage: models.Passage | None = None) -> str:
        """A report's page, at a sentence where one is given."""
        at = f"{passage.start}-{passage.end}" if passage else None
        return self.link(f"/reports/{report}", {"at": at}, f"c{passage.start}" if passage else "")

    def render(self, template: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:
        """The page. Beside ``values`` a template has what ``_context`` lists."""
        return HTMLResponse(templates().get_template(template).render(**{**self._context(), **values}), status, headers)

    def _context(self) -> dict[str, Any]:
        path = self.request.url.path
        visitor = getattr(self.request.state, "visitor", None)
        return {
            "t": self.t,
            "lang": self.lang,
            "told": lambda text: tell(text, self.lang),
            "path": path,
            "link": self.link,
            "here": self.here,
            "entity_link": self.entity_link,
            "report_link": self.report_link,
            "name_path": name_path,
            "cut": cut_highlights,
            "number": show_number,
            "coverage_line": lambda coverage: write_coverage(self.t, coverage),
            "home_url": self.link("/"),
            "other_language_url": self.here(lang="zh" if self.lang == "en" else "en"),
            "asked_lang": self.asked_lang,
            "csrf": visitor.csrf if visitor is not None else "",
            "signed_in": visitor is not None and visitor.session is not None,
            "may_edit": self.role in ("editor", "admin"),
            "doors": [(self.t(door.label), self.link(door.path), is_inside(path, door.path)) for door in self._doors()],
            "query": self.request.query_params,
        }

    def _doors(self) -> Sequence[Door]:
        return [door for door in NAVIGATION if ROLES.index(self.role) >= ROLES.index(door.role)]


Paging = Annotated[Page, Depends(Page)]


def is_inside(path: str, door: str) -> bool:
    """Whether a page belongs to an entry of the navigation."""
    path = _BELONGS.get(path, path)
    return path == door or (door != "/" and path.startswith(f"{door}/"))


def _read_language(asked: str | None) -> str | None:
    return asked if asked in LANGUAGES else None


class PageRoute(APIRoute):
    """A route that answers with a page when it is its turn: drops what a form left empty, and remembers the language that was asked for."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            asked = parse_qsl(request.url.query, keep_blank_values=True)
            given = [(name, value.strip()) for name, value in asked if value.strip()]
            response: Response
            if request.method in ("GET", "HEAD") and len(given) < len(asked):
                response = RedirectResponse(quote(request.url.path) + (f"?{urlencode(given)}" if given else ""), 303)
            else:
                async with self._turn(request):
                    response = await handle(request)
            lang = _read_language(request.query_params.get("lang"))
            if lang is not None:
                response.set_cookie(_COOKIE, lang, max_age=_YEAR, httponly=True, samesite="lax")
            return response

        return answer

    def _turn(self, request: Request) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self.path.startswith(_CHARTS) else turn_of(request)


def new_router() -> APIRouter:
    """A router for pages: outside the OpenAPI document, its routes are ``PageRoute``."""
    return APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)
