"""Pages: whatever stands in reports, titles, keys and file names is text there; every answer has strict headers; no export runs in a spreadsheet.

The pages are found by following their links, so that a new one is looked at as soon as it is linked.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from httpx import Response
from lxml import etree, html
from search_api_corpus import LOCAL, A, Tale, adopts, build_entry, counts
from starlette.testclient import TestClient

from archive.model import Failure
from fazhi import projection, workspace
from fazhi.settings import Settings
from search_api.app import create_app
from search_api.routers import pages

PAGES = 200  # are looked at
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}${7*7}"
FORMULAS = ("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "＝1+1")
SECTIONS = "{}\n一、主要成效\n"
ROOM = "room:cn:350524/甲溪镇/<b>房"
ACTIVE = {"script", "iframe", "object", "embed", "base", "applet", "meta-refresh", "math", "template", "frame"}


def make_tales() -> list[Tale]:
    """Reports in which all that can be named is hostile."""
    tales = []
    for number, words in enumerate((EVIL, *FORMULAS)):
        text = f"{words}甲溪镇202{number}年法治政府建设情况报告\n一、主要成效\n全镇开展“{words}”活动。建成“{words}”调解工作室。全年{words}{30 + number}件。\n"
        facts: list[tuple[str, str, dict[str, Any]]] = [
            *adopts(A, f"{words}", f"“{words}”活动"),
            ("mediation_room", f"“{words}”调解工作室", {"canonical": words, "node": f"{ROOM}{number}"}),
            counts(f"{words}{30 + number}件", 30 + number, indicator=words, indicator_id=None),
        ]
        tales.append(Tale(f"{words}{number}.txt", text, A, 2020 + number, facts, title=f"{words}标题", url=f"javascript:alert({number})"))
    return tales


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path_factory.mktemp("hostile") / "home", refresh_seconds=0.0, workers=1)
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in make_tales()])
        failures = [Failure(name=f"甲溪镇2019{EVIL}.pdf", reason=EVIL, cure=EVIL, seen="2024-01-01T00:00:00+00:00")]
        space.archive.record_run("2024-01-01T00:00:00+00:00", {"new": 7}, failures)
        projection.drain(space)
    with TestClient(create_app(settings), base_url=LOCAL, raise_server_exceptions=False, follow_redirects=False) as client:
        client.post("/api/keys", json={"name": EVIL[:200], "role": "admin"})
        yield client


@pytest.fixture(scope="module")
def answers(hostile: TestClient) -> dict[str, Response]:
    """Every answer that links lead to from the start page, with a key named like an attack."""
    made = hostile.app.state.reader.archive.new_key("拿着钥匙的人", "admin", _actor())  # type: ignore[attr-defined]
    headers = {"accept": "text/html", "x-api-key": made.secret}
    waiting = ["/", "/?q=法律", f"/?q={EVIL}", f"/?place={EVIL}", f"/reports/{EVIL}", f"/{EVIL}", "/?lang=en", "/docs", f"/?cursor={EVIL}", f"/problems/{EVIL}"]
    waiting += [path for method, path in _list_pages() if method == "GET" and "{" not in path]
    seen: dict[str, Response] = {}
    while waiting and len(seen) < PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        response = seen[address] = hostile.get(address, headers=headers)
        if "location" in response.headers:
            waiting.append(urljoin(address, response.headers["location"]))
        if response.headers.get("content-type", "").startswith("text/html") and response.text:
            waiting += [link for link in _links(response.text) if link not in seen]
    return seen


def _actor() -> Any:
    from archive.keys import Actor

    return Actor(who="test", door="command")


def _list_pages() -> list[tuple[str, str]]:
    """(method, path) of every page and of what pages load."""
    return [(method, route.path) for route in _flat(pages.router.routes) for method in sorted(route.methods)]


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            yield route


def _links(page: str) -> list[str]:
    found = html.document_fromstring(page).xpath("//@href | //@src | //@action | //@srcset | //@data")
    return [link.partition("#")[0] for link in found if link.startswith("/") and not link.startswith("//") and link.partition("#")[0]]


def test_the_walk_finds_the_pages(answers: dict[str, Response]) -> None:
    paths = {unquote(urlsplit(address).path) for address in answers}
    assert len(answers) > 40
    assert any(path.startswith("/reports/") for path in paths)
    failed = [address for address, response in answers.items() if response.status_code >= 500]
    assert not failed


def test_whatever_stands_in_a_report_is_text_on_every_page(answers: dict[str, Response]) -> None:
    shown = 0
    for address, response in answers.items():
        kind = response.headers.get("content-type", "")
        if kind.startswith("image/svg"):
            drawn = etree.fromstring(response.content)
            names = {etree.QName(node).localname for node in drawn.iter() if isinstance(node.tag, str)}
            assert not names & {"script", "foreignObject", "iframe", "image"} or address.startswith("/assets/"), address
            assert not [name for node in drawn.iter() for name in node.attrib if str(name).lower().startswith("on")], address
        if not kind.startswith("text/html") or not response.text:
            continue
        page = html.document_fromstring(response.text)
        shown += "alert(1)" in "".join(page.itertext())
        for node in page.iter():
            if not isinstance(node.tag, str):
                continue
            if node.tag == "script":
                assert node.get("src", "").startswith("/assets/") and not (node.text or "").strip(), address
            assert node.tag not in ACTIVE - {"script"}, (address, node.tag)
            assert node.get("src") != "x", address
            for name, value in node.attrib.items():
                assert not name.lower().startswith("on") and name not in ("style", "srcdoc"), (address, name)
                if name in ("href", "src", "action", "formaction", "xlink:href"):
                    assert not re.match(r"\s*(javascript|data|vbscript):", value, re.IGNORECASE), (address, value)
        assert "49" not in re.findall(r"\{?(49)\}?\$", response.text)
    assert shown > 10  # the words of the attack are there to be read


def test_every_answer_has_strict_headers(answers: dict[str, Response]) -> None:
    for address, response in answers.items():
        policy = {part.split()[0]: part.split()[1:] for part in response.headers["content-security-policy"].split(";") if part.strip()}
        assert policy["default-src"] == ["'none'"], address
        if response.headers.get("content-type", "").startswith("text/html") and "sandbox" not in policy:
            assert policy["frame-ancestors"] in (["'none'"], ["'self'"]), address
            assert policy["base-uri"] == ["'none'"], address
            sources = {source for part, given in policy.items() if part != "style-src" for source in given}
            assert not sources & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}, (address, policy)
            assert "'unsafe-inline'" not in policy["style-src"] or urlsplit(address).path == "/docs", address
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["x-frame-options"] in ("DENY", "SAMEORIGIN")
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in response.headers
        assert "server" not in response.headers


def test_every_route_has_strict_headers(hostile: TestClient) -> None:
    """Also where no link leads, with nothing sensible in the address, and without a key."""
    document = hostile.app.openapi()["paths"]  # type: ignore[attr-defined]
    routes = [(method.upper(), path) for path, methods in document.items() for method in methods] + _list_pages()
    assert len(routes) > 50
    for method, path in [*routes, ("GET", "/openapi.json"), ("GET", "/assets/viewer/swagger-ui.css"), ("GET", "/nowhere"), ("PUT", "/")]:
        address = re.sub(r"\{[^}]*\}", "x", path)
        for accept in ("text/html", "*/*"):
            headers = hostile.request(method, address, headers={"accept": accept, "origin": "https://evil.example"}).headers
            assert "default-src 'none'" in headers["content-security-policy"], (method, address)
            assert "frame-ancestors 'none'" in headers["content-security-policy"] or "sandbox" in headers["content-security-policy"], (method, address)
            assert headers["x-content-type-options"] == "nosniff"
            assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("path", ["/api/search", "/reconcile", "/api/keys", "/"])
def test_other_sites_may_not_ask_by_default(client: TestClient, path: str) -> None:
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST", "access-control-request-headers": "x-api-key"}
    for response in (client.options(path, headers=asked), client.get(path, headers={"origin": "https://evil.example"})):
        assert not [name for name in response.headers if name.startswith("access-control-")]


def read_cells(text: str) -> Iterator[str]:
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))):
        yield from row


def test_no_cell_of_an_export_is_a_formula(hostile: TestClient, answers: dict[str, Response]) -> None:
    secret = hostile.app.state.reader.archive.new_key("export", "reader", _actor()).secret  # type: ignore[attr-defined]
    tables = [response.text for response in answers.values() if response.headers.get("content-type", "").startswith("text/csv")]
    for view in ("panel", "rollup"):
        for bom in ("true", "false"):
            asked = {"indicator": [words for words in FORMULAS if words.strip() == words], "view": view, "format": "csv", "bom": bom}
            response = hostile.get("/api/measures", params=asked, headers={"x-api-key": secret})
            assert response.status_code == 200, response.text
            tables.append(response.text)
    for q in (None, "活动"):
        response = hostile.get("/api/search/export", params={"format": "csv", **({"q": q} if q else {})}, headers={"x-api-key": secret})
        assert response.status_code == 200, response.text
        tables.append(response.text)
    numbers = re.compile(r"-?\d+(\.\d+)?$")
    cells = [cell for table in tables for cell in read_cells(table)]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") and not numbers.match(cell)] == []
    assert [cell for cell in cells if cell.startswith("'=HYPERLINK")]  # they are there, made harmless


def test_the_command_line_exports_no_formula_either(hostile: TestClient, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from fazhi.cli import app

    home = hostile.app.state.reader.workspace.settings.home  # type: ignore[attr-defined]
    out = tmp_path / "panel.csv"
    result = CliRunner().invoke(app, ["export", "panel", "--home", str(home), "--out", str(out)])
    assert result.exit_code == 0, result.output
    cells = list(read_cells(out.read_bytes().decode()))
    assert [cell for cell in cells if cell.startswith("'=HYPERLINK")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
