"""Errors as RFC 9457 problem documents: one shape for everything that goes wrong, with what was wrong and what would be right."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from fazhi.errors import FazhiError

log = logging.getLogger("fazhi.http")

MEDIA_TYPE = "application/problem+json"
_SCHEMAS = "#/components/schemas/"
_METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")

# slug → (title, what a reader of the type's page should know); slugs of fazhi.errors and those that only HTTP has
TYPES: dict[str, tuple[str, str]] = {
    "invalid": (
        "The request can't be understood",
        "A parameter, a query or a statement is wrong. errors or position says where, cure what would be right.",
    ),
    "not-found": (
        "Nothing has this id or address",
        "Nothing here is known by it. Ids are case-sensitive; percent-encode ? # and % in them.",
    ),
    "method-not-allowed": ("This address does not take this method", "The header Allow lists the methods it takes."),
    "unauthorized": ("An API key is needed", "Send the key as Authorization: Bearer KEY or as X-API-Key: KEY; a browser asks for it as the password."),
    "forbidden": (
        "This is not allowed from here",
        "The request came from another site, from another machine or under another host name, or the key's role does not allow it.",
    ),
    "conflict": ("Somebody else holds what is needed", "Embedded stores have one writer at a time. Try again when it is done."),
    "contradiction": ("It goes against an earlier decision", "detail names that decision; undo it first (DELETE /api/reviews/{id}), or decide otherwise."),
    "too-large": ("The request is too large", "The limit is in detail; an operator can change it in the settings."),
    "too-many": ("The key asks too often", "Each key may ask so many times a second; Retry-After says when it may again. An operator can change the limit."),
    "timed-out": ("The question took too long", "Narrow it: name a place, years or a type, or ask for fewer rows."),
    "unavailable": ("A store does not answer now", "The same request may work in a moment; /readyz says which store is down."),
    "internal": ("The server failed", "This is a defect of the program. The server's log has the details under the id in instance."),
}
_SLUG_OF_STATUS = {
    400: "invalid", 401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method-not-allowed",
    408: "timed-out", 409: "conflict", 413: "too-large", 422: "invalid", 429: "too-many", 503: "unavailable",
}  # fmt: skip
_ADVICE = {
    404: ("Nothing is at this address.", "See /docs for all addresses."),
    405: ("This address does not take this method.", "See /docs for the methods of each address."),
}


class WrongParameter(BaseModel):
    """One parameter that failed validation."""

    parameter: str = Field(title="Parameter", description="Its name; for a body the path of the field.", examples=["level"])
    where: str = Field(title="Where", description="query, path, header or body.", examples=["query"])
    detail: str = Field(title="What would be right", examples=["Input should be 'done', 'ongoing', 'planned' or 'exhorted'"])
    got: Any = Field(None, title="What was sent", examples=["city"])


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(title="Type", description="Stable name of the kind of problem; the address explains it.", examples=["/problems/invalid"])
    title: str = Field(title="Title", description="The kind of problem in words.", examples=["The request can't be understood"])
    status: int = Field(title="Status", description="The HTTP status.", examples=[422])
    detail: str = Field(title="Detail", description="What was wrong this time.", examples=["The parameter level is wrong."])
    cure: str | None = Field(None, title="Cure", description="What would be right.", examples=["Give one of province, prefecture, county, township, village."])
    position: int | None = Field(None, title="Position", description="Character in the query or statement where it went wrong, counted from 0.", examples=[7])
    errors: list[WrongParameter] | None = Field(None, title="Wrong parameters", description="Each parameter that failed validation.")
    instance: str | None = Field(None, title="Instance", description="Id of this failure in the server's log.")


def describe(slug: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem document; those without a value are left out."""
    title, _ = TYPES.get(slug, TYPES["internal"])
    members = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail, **more}
    return {name: value for name, value in members.items() if value is not None and value != ""}


def of_error(error: FazhiError) -> dict[str, Any]:
    return describe(error.slug, error.status, error.detail, cure=error.cure, position=error.position)


def of_validation(error: RequestValidationError) -> dict[str, Any]:
    wrong = [_wrong_parameter(entry) for entry in error.errors()]
    first = wrong[0] if wrong else {"where": "request", "parameter": "", "detail": "It can't be read."}
    detail = f"The {first['where']} parameter {first['parameter']} is wrong." if first["parameter"] else f"The {first['where']} is wrong."
    return describe("invalid", 422, detail, cure=f"{first['detail']}.", errors=wrong)


def _wrong_parameter(entry: dict[str, Any]) -> dict[str, Any]:
    where, *names = [str(part) for part in entry.get("loc", ())] or ["request"]
    wrong: dict[str, Any] = {"parameter": ".".join(names), "where": where, "detail": str(entry.get("msg", "")).rstrip(".")}
    got = entry.get("input")
    if isinstance(got, str | int | float | bool) and entry.get("type") != "missing":
        wrong["got"] = got[:200] if isinstance(got, str) else got
    return wrong


def of_http(error: HTTPException) -> dict[str, Any]:
    slug = _SLUG_OF_STATUS.get(error.status_code, "internal" if error.status_code >= 500 else "invalid")
    phrase = HTTPStatus(error.status_code).phrase
    detail, cure = _ADVICE.get(error.status_code, (phrase, ""))
    if error.detail and error.detail != phrase:
        detail = str(error.detail)
    return describe(slug, error.status_code, detail, cure=cure)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks: only addresses outside /api answer with pages."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def respond(request: Request, problem: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    """The problem as JSON, or as a page where a browser asks for one."""
    if wants_page(request):
        from search_api.routers.pages import render_problem

        return render_problem(request, problem, headers)
    # half a surrogate pair, which JSON can carry and UTF-8 can't, goes back as JSON carries it
    body = json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    return Response(body, problem["status"], headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Turn every error of the application into a problem document."""

    # Starlette types handlers by Exception; each of these is only ever called with its own class
    async def fazhi_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, FazhiError)
        return respond(request, of_error(error), {"Retry-After": "1"} if error.slug in ("conflict", "unavailable") else None)

    async def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return respond(request, of_validation(error))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(find_methods(request))
        return respond(request, of_http(error), headers)

    app.add_exception_handler(FazhiError, fazhi_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)


def find_methods(request: Request) -> list[str]:
    """The methods that the address takes; a route by itself knows only its own."""
    routes = request.app.router.routes
    return [method for method in _METHODS if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)]


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error answers of a route for the OpenAPI document; ``add_schema`` puts the schema there that they point to."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}Problem"}}}
    return {status: {"description": TYPES[_SLUG_OF_STATUS[status]][0], "content": content} for status in statuses}


def add_schema(document: dict[str, Any]) -> None:
    """FastAPI adds a model by itself only as application/json, which a problem document is not."""
    schema = Problem.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    document["components"]["schemas"].update({**schema.pop("$defs"), "Problem": schema})
