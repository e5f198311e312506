"""Arguments that are read at once are those that FastAPI reads, and what it would refuse is refused in its words."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fazhi.settings import Settings
from search_api.answering import AnswerRoute
from search_api.app import create_app
from search_api.direct import Direct, plan
from search_api.parameters import refuse_unknown
from search_api.routers import around, curves, experts, measures, network, profiles, programs, query, reading, reuse, search, spreading, vocabulary

ROUTERS = (search, experts, query, profiles, around, reading, programs, spreading, network, curves, reuse, measures, vocabulary)
JSON = {"content-type": "application/json"}
ADOPTED = "/api/entities/program:法律八进/neighbours"

REQUESTS: list[tuple[str, str, Any, dict[str, str]]] = [
    ("GET", "/api/search", None, {}),
    ("GET", "/api/search?q=法律八进&facets=year,county&facets=level&size=2", None, {}),
    ("GET", "/api/search?q=法律八进&from=2022&to=2023&level=township&section=results&modality=done&sort=-year&synonyms=true&histogram=1", None, {}),
    ("GET", "/api/search?q=法律八进&q=调解", None, {}),
    ("GET", "/api/search?q=&place=", None, {}),
    ("GET", "/api/search?q=%20法律八进%20&size=0", None, {}),
    ("GET", "/api/search?from=", None, {}),
    ("GET", "/api/search?from=2023.0&to=%2B2023", None, {}),
    ("GET", "/api/search?from=1900", None, {}),
    ("GET", "/api/search?from=二〇二三", None, {}),
    ("GET", "/api/search?from_year=2023", None, {}),
    ("GET", "/api/search?Q=法律八进", None, {}),
    ("GET", "/api/search?level=Township", None, {}),
    ("GET", "/api/search?synonyms=vielleicht", None, {}),
    ("GET", "/api/search?facets=", None, {}),
    ("GET", "/api/search?facets=weather", None, {}),
    ("GET", "/api/search?q=%FF%FE", None, {}),
    ("GET", "/api/search?q=(", None, {}),
    ("GET", "/api/suggest?q=fljj&size=3", None, {}),
    ("GET", "/api/suggest", None, {}),
    ("GET", ADOPTED, None, {}),
    ("GET", f"{ADOPTED}?relation=ADOPTS&year=2023&direction=in&evidence=yes&size=1", None, {}),
    ("GET", f"{ADOPTED}?direction=sideways", None, {}),
    ("GET", f"{ADOPTED}?id=program:法律七进", None, {}),
    ("GET", f"{ADOPTED}?cursor=nonsense", None, {}),
    ("GET", "/api/entities/program:nobody/neighbours", None, {}),
    ("GET", "/api/reports/0123456789ABCDEF", None, {}),
    ("GET", "/api/reports/0123456789abcdef", None, {}),
    ("GET", "/api/entities?type=Program&size=2", None, {}),
    ("GET", "/api/entities?type=Gnome", None, {}),
    ("GET", "/api/coverage?registered=false&size=2", None, {}),
    ("GET", "/api/compare?left=cn:350524/甲溪镇", None, {}),
    ("GET", "/api/schema?verbose=1", None, {}),
    ("POST", "/api/cypher", '{"statement": "MATCH (p:Program) RETURN p.name AS name ORDER BY name LIMIT 3"}', JSON),
    ("POST", "/api/cypher", '{"statement": "RETURN $x AS x", "parameters": {"x": [1, 2.5, null, "ä"]}, "timeout": 2}', JSON),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x"}', {"content-type": "application/json; charset=utf-8"}),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x"}', {"content-type": "application/vnd.api+json"}),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x"}', {"content-type": "application/jsonish"}),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x"}', {"content-type": "text/plain"}),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x"}', {}),
    ("POST", "/api/cypher", '{"statement": 1}', JSON),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x", "timeout": "2"}', JSON),
    ("POST", "/api/cypher", '{"statement": "RETURN 1 AS x", "more": 1}', JSON),
    ("POST", "/api/cypher", '{"statement": "RETURN 1', JSON),
    ("POST", "/api/cypher", "[" * 100_000, JSON),
    ("POST", "/api/cypher", '["RETURN 1 AS x"]', JSON),
    ("POST", "/api/cypher", "", JSON),
    ("POST", "/api/cypher", b"\xff\xfe", JSON),
    ("POST", "/api/cypher?x=1", '{"statement": "RETURN 1 AS x"}', JSON),
    ("POST", "/api/query", '{"program": "法律八进"}', JSON),
    ("POST", "/api/query", '{"find": "places", "conditions": [{"program": "法律八进"}], "size": 2}', JSON),
    ("POST", "/api/query", "null", JSON),
]


def ask(client: TestClient, method: str, path: str, body: Any, headers: dict[str, str]) -> tuple[int, bytes, str | None]:
    response = client.request(method, path, content=body, headers=headers)
    return response.status_code, response.content, response.headers.get("content-type")


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: f"{each[0]} {each[1]} {str(each[2])[:40]}")
def test_every_answer_is_that_of_fastapi(client: TestClient, monkeypatch: pytest.MonkeyPatch, request_: tuple[str, str, Any, dict[str, str]]) -> None:
    at_once = ask(client, *request_)

    async def nothing(self: Direct, request: Any) -> None:
        return None

    monkeypatch.setattr(Direct, "read", nothing)
    assert at_once == ask(client, *request_)


def test_good_requests_are_read_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    read, seen = Direct.read, []

    async def watch(self: Direct, request: Any) -> Any:
        found = await read(self, request)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(Direct, "read", watch)
    for request in (REQUESTS[1], REQUESTS[2], REQUESTS[21], REQUESTS[34]):
        assert ask(client, *request)[0] == 200
    assert seen == [True] * 4


def test_most_routes_are_read_at_once() -> None:
    routes = [route for module in ROUTERS for route in module.router.routes if isinstance(route, AnswerRoute)]
    assert len([route for route in routes if route._encodes and plan(route) is not None]) > 25


def test_nothing_but_the_known_dependency_stands_before_the_routes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """``Direct`` does not ask the application's dependencies: another one would be passed by."""
    include, found = FastAPI.include_router, []

    def watch(self: FastAPI, router: Any, **more: Any) -> None:
        found.extend([*more.get("dependencies", ()), *router.dependencies])
        include(self, router, **more)

    monkeypatch.setattr(FastAPI, "include_router", watch)
    app = create_app(settings)
    assert {one.dependency for one in [*found, *app.router.dependencies]} == {refuse_unknown}
