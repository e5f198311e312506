"""Signing in to the pages: a session that no script reads and no other site makes a browser send, and forms that carry its token."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from search_api_corpus import LOCAL, fill
from starlette.testclient import TestClient

from archive.keys import Actor, Role
from fazhi import workspace
from fazhi.jobs import Jobs
from fazhi.settings import Settings
from ingest.ids import report_id
from search_api import auth
from search_api.app import create_app
from search_api.routers import pages
from search_api.routers.pages.forms import local_address

PUBLIC = "https://fazhi.example.org"
PAGE = {"accept": "text/html"}
ME = Actor(who="wang", door="command")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def keep(home: Path) -> Callable[[Role], str]:
    def make(role: Role) -> str:
        with workspace.open(home, mode="read") as space:
            return space.archive.new_key(role, role, ME).secret

    return make


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A browser elsewhere, which follows no redirect by itself."""
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0)), base_url=PUBLIC, follow_redirects=False) as client:
        yield client


def sign_in(client: TestClient, key: str, following: str = "/") -> Any:
    return client.post("/sign-in", data={"key": key, "next": following}, headers=PAGE)


def token_on(client: TestClient, path: str) -> str:
    page = html.document_fromstring(client.get(path, headers=PAGE).text)
    found = {field.get("value") for field in page.xpath("//input[@name='csrf']")}
    assert len(found) == 1, path
    return str(found.pop())


def test_a_browser_signs_in_with_a_key_and_out_again(client: TestClient, keep: Callable[[Role], str]) -> None:
    key = keep("editor")
    refused = client.get("/", headers=PAGE)
    assert refused.status_code == 401
    assert "/sign-in?next=" in refused.text and "Basic" not in refused.headers["www-authenticate"]
    answer = sign_in(client, key, "/?q=法律八进")
    assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
    assert answer.headers["location"].startswith("/?q=")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "secure" in cookie and "max-age=43200" in cookie
    assert key not in cookie
    page = client.get("/", headers=PAGE)
    assert page.status_code == 200 and 'action="/sign-out"' in page.text
    session = client.cookies[auth.COOKIE]
    gone = client.post("/sign-out", data={"csrf": token_on(client, "/")}, headers=PAGE)
    assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in")
    client.cookies.set(auth.COOKIE, session)  # somebody has kept it
    assert client.get("/", headers=PAGE).status_code == 401


def test_a_wrong_key_signs_nobody_in(client: TestClient, keep: Callable[[Role], str]) -> None:
    keep("reader")
    for key in ("", "wrong", "fazhi_0f8fad5b_wrong", "\ud800", "x" * 100_000):
        answer = client.post(
            "/sign-in", content=b"key=" + key.encode("utf-8", "replace"), headers={**PAGE, "content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_a_session_ends_with_its_time_with_its_key_and_with_another_setting(home: Path, keep: Callable[[Role], str], monkeypatch: pytest.MonkeyPatch) -> None:
    key = keep("reader")
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0, api_key="right")), base_url=PUBLIC, follow_redirects=False) as client:  # type: ignore[arg-type]
        assert sign_in(client, key).status_code == 303
        assert client.get("/", headers=PAGE).status_code == 200
        monkeypatch.setattr("search_api.auth.time.time", lambda: 9e9)
        assert client.get("/", headers=PAGE).status_code == 401
        monkeypatch.undo()
        with workspace.open(home, mode="read") as space:
            space.archive.revoke_key("reader", ME)
        assert client.get("/", headers=PAGE).status_code == 401
        assert sign_in(client, "right").status_code == 303
        assert client.get("/settings", headers=PAGE).status_code == 200
        session = client.cookies[auth.COOKIE]
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0, api_key="other")), base_url=PUBLIC) as client:  # type: ignore[arg-type]
        client.cookies.set(auth.COOKIE, session)
        assert client.get("/", headers=PAGE).status_code == 401


def test_a_session_may_what_its_key_may(client: TestClient, keep: Callable[[Role], str]) -> None:
    for role, statuses in (("reader", [200, 403, 403]), ("editor", [200, 403, 303]), ("admin", [200, 200, 303])):
        assert sign_in(client, keep(role)).status_code == 303  # type: ignore[arg-type]
        data = {"csrf": token_on(client, "/"), "kind": "search", "q": "法律"}
        found = [client.get("/alerts", headers=PAGE), client.get("/settings", headers=PAGE), client.post("/alerts/questions", data=data, headers=PAGE)]
        assert [answer.status_code for answer in found] == statuses, role
        client.cookies.clear()


def posts() -> list[str]:
    def flat(routes: Any) -> Iterator[Any]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            yield from flat(inner.routes) if inner is not None else [route]

    return sorted(route.path for route in flat(pages.router.routes) if set(route.methods) & {"POST", "PUT", "PATCH", "DELETE"})


POSTS = [path for path in posts() if path != "/sign-in"]


def test_the_forms_are_found() -> None:
    assert {"/review", "/upload", "/settings/keys", "/sign-out", "/alerts/questions"} <= set(POSTS)


def test_no_form_is_taken_without_the_token_of_its_session(client: TestClient, keep: Callable[[Role], str]) -> None:
    key = keep("admin")
    assert sign_in(client, key).status_code == 303
    of_another_session = token_on(client, "/")
    client.cookies.clear()
    assert sign_in(client, key).status_code == 303
    assert token_on(client, "/") != of_another_session
    for path in POSTS:
        address = re.sub(r"\{[^}]*\}", "1", path)
        for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": of_another_session}, {"csrf": "\u2028"}):
            answer = client.post(address, data=data, headers=PAGE)
            assert answer.status_code == 403, (path, data, answer.text)
    assert client.get("/", headers=PAGE).status_code == 200  # not even signed out


def test_the_api_takes_a_session_only_with_its_token_in_a_header(client: TestClient, keep: Callable[[Role], str]) -> None:
    sign_in(client, keep("editor"))
    order = {"name": "x", "question": {"kind": "search", "q": "法律"}}
    assert client.get("/api/search").status_code == 200
    assert client.post("/api/watches", json=order).status_code == 403
    assert client.post("/api/cypher", json={"statement": "RETURN 1 AS x"}).status_code == 403
    assert client.post("/reconcile", data={"queries": "{}"}).status_code == 403
    assert client.post("/api/watches", json=order, headers={"x-csrf-token": token_on(client, "/")}).status_code == 201
    client.cookies.clear()


def test_another_site_can_not_use_a_session(client: TestClient, keep: Callable[[Role], str]) -> None:
    sign_in(client, keep("admin"))
    data = {"csrf": token_on(client, "/"), "name": "evil", "role": "admin"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert client.post("/settings/keys", data=data, headers={**PAGE, **headers}).status_code == 403


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "", "evil"]
)
def test_nobody_is_led_away(address: str) -> None:
    assert local_address(address) == "/"


def test_an_own_address_is_kept() -> None:
    assert local_address("/review?report=x&type=program") == "/review?report=x&type=program"


def test_a_key_has_a_limit_of_its_own(client: TestClient, home: Path) -> None:
    with workspace.open(home, mode="read") as space:
        small = space.archive.new_key("small", "editor", ME, max_body=1000).secret
        large = space.archive.new_key("large", "editor", ME, max_body=10**12).secret
    files = {"file": ("a.txt", b"x" * 2000)}
    refused = client.post("/api/documents", files=files, headers={"x-api-key": small})
    assert (refused.status_code, "1000" in refused.json()["detail"]) == (413, True)
    assert (
        client.post(
            "/api/documents", content=iter([b"x" * 600] * 3), headers={"x-api-key": small, "content-type": "multipart/form-data; boundary=b"}
        ).status_code
        == 413
    )
    assert client.post("/api/cypher", json={"statement": "RETURN 1 AS x"}, headers={"x-api-key": small}).status_code == 200
    assert client.post("/api/cypher", content=b" " * (2 << 20), headers={"x-api-key": large}).status_code == 413  # it never widens what the server takes
    sign_in(client, small)
    assert client.post("/upload", data={"csrf": token_on(client, "/upload")}, files=files, headers=PAGE).status_code == 413


# -- on this machine, without any key ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def local(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(Jobs, "start", lambda self: None)
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0)), base_url=LOCAL, follow_redirects=False) as client:
        yield client


def submit(client: TestClient, path: str, form: str, **change: str) -> Any:
    """What a browser sends for a form of a page, found by a part of its XPath."""
    page = html.document_fromstring(client.get(path, headers=PAGE).text)
    found = page.xpath(f"//form{form}")
    assert found, (path, form)
    fields = {field.get("name"): field.get("value") or "" for field in found[0].xpath(".//input[@type='hidden']")}
    return client.post(found[0].get("action"), data={**fields, **change}, headers=PAGE)


def test_without_keys_this_machine_needs_no_sign_in(local: TestClient) -> None:
    assert 'name="key"' not in local.get("/sign-in", headers=PAGE).text
    for path in ("/upload", "/jobs", "/review", "/alerts", "/settings"):
        for lang in ("zh", "en"):
            assert local.get(path, params={"lang": lang}, headers=PAGE).status_code == 200, path


def test_facts_are_decided_by_form_and_taken_back(local: TestClient) -> None:
    path = f"/review?report={report_id('甲溪镇2023.txt')}&type=program"
    assert local.get(path, headers=PAGE).text.count('value="reject"') == 1
    answer = submit(local, path, "[.//input[@value='reject']]")
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert 'value="reject"' not in local.get(path, headers=PAGE).text
    assert local.get("/api/reviews").json()["reviews"][0]["user"] == "this machine"
    assert submit(local, path, "[@action='/review/undo']").status_code == 303
    assert local.get(path, headers=PAGE).text.count('value="reject"') == 1
    assert submit(local, path, "[.//input[@value='accept']]").status_code == 303
    assert [review["state"] for review in local.get("/api/reviews").json()["reviews"]] == ["applies", "undone"]


def test_nodes_are_merged_by_form_and_what_can_not_be_is_said(local: TestClient) -> None:
    assert submit(local, "/review", "[@id='merge']", node="program:法律七进", target="program:法律八进").status_code == 303
    assert local.get("/api/reviews").json()["reviews"][0]["action"] == "merge"
    wrong = submit(local, "/review", "[@id='merge']", node="program:没有", target="program:<script>")
    assert wrong.status_code in (400, 404) and "<script>" not in wrong.text.replace('<script src="/assets/', "")
    assert local.post("/review", data={"action": "split"}, headers=PAGE).status_code == 400
    assert local.post("/review/undo", data={"review": "x"}, headers=PAGE).status_code == 400


def test_files_are_uploaded_by_form_and_followed(local: TestClient) -> None:
    answer = local.post("/upload", files=[("file", ("2024/甲溪镇2024.txt", "甲溪镇2024年报告".encode())), ("file", ("乙.txt", b"x"))], headers=PAGE)
    assert answer.status_code == 303
    waiting = local.get(answer.headers["location"], headers=PAGE)
    assert "甲溪镇2024.txt" in waiting.text and '<noscript><meta http-equiv="refresh"' in waiting.text
    assert "甲溪镇2024.txt" in local.get("/jobs", headers=PAGE).text
    id = answer.headers["location"].rpartition("/")[2]
    jobs: Jobs = local.app.state.jobs  # type: ignore[attr-defined]
    jobs._space.archive.change_job(id, state="failed", finished="2026-01-01", error="<b>no</b>", result={})
    done = local.get(answer.headers["location"], headers=PAGE).text
    assert "&lt;b&gt;no" in done and "refresh" not in done
    jobs._space.archive.change_job(id, state="failed", error="<b>no</b>", result={"failures": [{"name": "<i>", "reason": "r", "cure": "c"}]})
    listed = local.get(answer.headers["location"], headers=PAGE).text
    assert "&lt;i&gt;" in listed and "&lt;b&gt;no" not in listed  # the table says it already, file by file
    events = local.get(f"/api/jobs/{id}/events")
    assert events.headers["content-type"].startswith("text/event-stream")
    assert events.text.startswith("data: {") and '"state":"failed"' in events.text
    assert local.post("/upload", data={"file": ""}, headers=PAGE).status_code == 400


def test_questions_are_saved_shown_and_deleted_by_form(local: TestClient) -> None:
    assert submit(local, "/alerts", "[.//input[@value='adoption']]", program="法律八进", planned="1", name="<b>八进").status_code == 303
    shown = local.get("/alerts", headers=PAGE).text
    assert "&lt;b&gt;八进" in shown
    assert local.get("/api/watches").json()["watches"][0]["question"]["modality"] == ["done", "ongoing", "planned"]
    wrong = submit(local, "/alerts", "[.//input[@value='search']]", q="((")
    assert wrong.status_code == 400
    assert submit(local, "/alerts", "[contains(@action, '/delete')]").status_code == 303
    assert local.get("/api/watches").json()["watches"] == []


def test_keys_are_made_by_form_shown_once_and_revoked(local: TestClient) -> None:
    made = submit(local, "/settings", "[@action='/settings/keys']", name="li", role="admin", max_body="5000")
    (secret,) = re.findall(r"fazhi_\w{8}_[\w-]{40,}", made.text)
    assert made.headers["cache-control"] == "no-store"
    assert local.get("/settings", headers=PAGE).status_code == 401  # from the first key on
    assert sign_in(local, secret, "/settings").headers["location"] == "/settings"
    settings = local.get("/settings", headers=PAGE)
    assert settings.status_code == 200 and secret not in settings.text and "5,000" in settings.text
    assert submit(local, "/settings", "[contains(@action, '/revoke')]").status_code == 303
    assert local.get("/settings", headers=PAGE).status_code == 401


def test_settings_show_no_secret(home: Path) -> None:
    settings = Settings(home=home, refresh_seconds=0.0, api_key="geheim-1", text_password="geheim-2")  # type: ignore[arg-type]
    with TestClient(create_app(settings), base_url=PUBLIC) as client:
        page = client.get("/settings", headers={**PAGE, "x-api-key": "geheim-1"})
    assert page.status_code == 200
    assert "geheim" not in page.text and "FAZHI_TEXT_PASSWORD" in page.text
