"""Keys with roles over HTTP, and the log of what was changed with them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from archive.keys import Actor, Role
from fazhi import workspace
from fazhi.errors import Unavailable
from fazhi.settings import Settings
from search_api.app import create_app
from search_api.auth import READING_POSTS
from search_api.keyring import Buckets

PUBLIC = "http://fazhi.example.org"
QUESTION = {"statement": "MATCH (p:Program) RETURN count(p) AS n"}

Keep = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def keep(home: Path) -> Keep:
    """Make a key as `fazhi keys new` does, beside a running server; gives what its owner sends."""

    def make(role: Role, name: str = "") -> str:
        with workspace.open(home, mode="read", create=True) as space:
            return space.archive.new_key(name or role, role, Actor(who="wang", door="command")).secret

    return make


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    """A client of an empty service, from elsewhere."""
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0)), base_url=PUBLIC) as client:
        yield client


def sending(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def logged(home: Path) -> list[tuple[str, str, str | None]]:
    with workspace.open(home, mode="read") as space:
        return [(entry.who, entry.what, entry.result) for entry in reversed(space.archive.log(limit=1000))]


def test_each_role_does_what_it_may_over_http(client: TestClient, keep: Keep) -> None:
    reader, editor, admin = keep("reader"), keep("editor"), keep("admin")
    asked: list[tuple[str, str, dict[str, Any], list[int]]] = [
        ("GET", "/api/search", {}, [200, 200, 200]),
        ("GET", "/", {}, [200, 200, 200]),
        ("POST", "/api/cypher", {"json": QUESTION}, [200, 200, 200]),
        ("DELETE", "/api/documents/nothing.txt", {}, [403, 404, 404]),
        ("POST", "/api/reviews", {"json": {"action": "accept", "fact": "x-y", "user": "li"}}, [403, 404, 404]),
        ("POST", "/api/documents", {"files": {"file": ("../x.txt", b"x")}}, [403, 400, 400]),
        ("GET", "/api/keys", {}, [403, 403, 200]),
        ("GET", "/api/log", {}, [403, 403, 200]),
        ("POST", "/api/keys", {"json": {"name": ""}}, [403, 403, 422]),
        ("DELETE", "/api/keys/ffffffff", {}, [403, 403, 404]),
    ]
    for method, path, more, statuses in asked:
        found = [client.request(method, path, headers=sending(secret), **more).status_code for secret in (reader, editor, admin)]
        assert found == statuses, (method, path)
    refused = client.delete("/api/documents/x", headers=sending(reader)).json()
    assert (refused["type"], "reader" in refused["detail"], "editor" in refused["cure"]) == ("/problems/forbidden", True, True)


def test_of_every_route_it_is_known_whether_it_asks_or_changes() -> None:
    """A POST that only asks belongs into READING_POSTS, so that readers may send it; one that changes something in here."""
    posts = {path for path, methods in create_app(Settings()).openapi()["paths"].items() if "post" in methods}
    assert posts - READING_POSTS == {"/api/documents", "/api/reviews", "/api/keys", "/api/watches", "/api/runs"}


def test_a_review_is_signed_with_the_key_it_came_with(client: TestClient, home: Path, keep: Keep, tmp_path: Path) -> None:
    text = "安溪县官桥镇2023年法治政府建设情况报告\n\n一、主要工作\n推行“法律明白人”制度。\n合成\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with workspace.open(home) as space:
        space.ingest([tmp_path / "a.txt"])
        (fact, *_) = (fact.id for fact in space.archive.latest(1) and space.archive.analysis(space.archive.latest(1)[0].report).facts if fact.type == "program")
    editor = sending(keep("editor", "li.hua"))
    made = client.post("/api/reviews", json={"action": "accept", "fact": fact, "user": "someone else"}, headers=editor)
    assert made.status_code == 201, made.text
    assert made.json()["review"]["user"] == "li.hua: someone else"
    undone = client.delete(f"/api/reviews/{made.json()['review']['id']}", params={"user": "li.hua"}, headers=editor)
    assert undone.json()["review"]["undone_by"] == "li.hua"


def test_an_upload_with_an_editors_key_is_taken(client: TestClient, home: Path, keep: Keep) -> None:
    editor = keep("editor", "li.hua")
    response = client.post("/api/documents", files={"file": ("a.txt", "甲镇2024年法治政府建设情况报告".encode())}, headers=sending(editor))
    assert response.status_code == 202
    with workspace.open(home, mode="read") as space:
        entry = space.archive.log()[0]
    assert (entry.who, entry.door, entry.what, entry.made, entry.result) == ("li.hua", "key", "POST /api/documents", response.headers["location"], "202")


def test_the_first_key_closes_a_running_server_and_revoking_it_does_not_open_it(home: Path, keep: Keep) -> None:
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0)), base_url="http://127.0.0.1:8000") as client:
        assert client.get("/api/search").status_code == 200
        secret = keep("reader")
        assert client.get("/api/search").status_code == 401
        assert client.get("/api/search", headers=sending(secret)).status_code == 200
        assert client.get("/", auth=("anybody", secret)).status_code == 200
        with workspace.open(home, mode="read") as space:
            space.archive.revoke_key("reader", Actor(who="wang", door="command"))
        revoked, unknown = client.get("/api/search", headers=sending(secret)), client.get("/api/search", headers=sending(secret[:-1]))
        assert (revoked.status_code, revoked.text) == (401, unknown.text)
        assert client.get("/api/search").status_code == 401
        assert client.get("/healthz").status_code == 200


def test_the_settings_key_does_everything_beside_kept_ones(home: Path, keep: Keep) -> None:
    secret = keep("reader")
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0, api_key="right", rate_limit=0.001)), base_url=PUBLIC) as client:  # type: ignore[arg-type]
        assert [client.get("/api/log", headers={"x-api-key": "right"}).status_code for _ in range(5)] == [200] * 5  # no pace is set for it
        assert client.get("/api/search", headers=sending(secret)).status_code == 200
        assert client.get("/api/search", headers=sending(secret)).status_code == 429
        assert client.delete("/api/documents/x", headers={"x-api-key": "right"}).status_code == 404
    assert logged(home)[-1] == ("FAZHI_API_KEY", "DELETE /api/documents/x", "404")


def test_keys_are_made_listed_and_revoked_over_http(client: TestClient, home: Path, keep: Keep) -> None:
    admin = sending(keep("admin", "chen"))
    made = client.post("/api/keys", json={"name": "li.hua", "role": "editor"}, headers=admin)
    assert made.status_code == 201, made.text
    key = made.json()
    assert (key["name"], key["role"], key["created_by"], made.headers["location"]) == ("li.hua", "editor", "chen", f"/api/keys/{key['id']}")
    assert made.headers["cache-control"] == "no-store"
    assert client.get("/api/search", headers=sending(key["secret"])).status_code == 200
    assert client.post("/api/keys", json={"name": "li.hua"}, headers=admin).status_code == 409
    listed = client.get("/api/keys", headers=admin)
    assert {row["name"]: row["role"] for row in listed.json()["keys"]} == {"chen": "admin", "li.hua": "editor"}
    assert key["secret"] not in listed.text and "digest" not in listed.text
    gone = client.delete(f"/api/keys/{key['id']}", headers=admin)
    assert (gone.status_code, gone.json()["revoked_by"]) == (200, "chen")
    assert client.get("/api/search", headers=sending(key["secret"])).status_code == 401
    assert client.delete(f"/api/keys/{key['id']}", headers=admin).status_code == 409
    assert logged(home) == [
        ("wang", f"new admin key {client.get('/api/log', headers=admin).json()['entries'][-1]['made'][-8:]} for chen", "done"),
        ("chen", "POST /api/keys", "201"),
        ("chen", f"new editor key {key['id']} for li.hua", "done"),
        ("chen", "POST /api/keys", "409"),
        ("chen", f"DELETE /api/keys/{key['id']}", "200"),
        ("chen", f"revoke editor key {key['id']} of li.hua", "done"),
        ("chen", f"DELETE /api/keys/{key['id']}", "409"),
    ]


def test_a_key_made_or_revoked_over_http_counts_at_once_whatever_the_pause(home: Path) -> None:
    with TestClient(create_app(Settings(home=home, refresh_seconds=3600.0)), base_url="http://127.0.0.1:8000") as client:
        made = client.post("/api/keys", json={"name": "chen", "role": "admin"}).json()
        assert client.get("/api/search").status_code == 401
        assert client.delete(f"/api/keys/{made['id']}", headers=sending(made["secret"])).status_code == 200
        assert client.get("/api/search", headers=sending(made["secret"])).status_code == 401


def test_every_change_is_logged_also_without_a_key_and_reading_is_not(own_client: TestClient) -> None:
    client = own_client
    client.get("/api/search")
    client.post("/api/cypher", json=QUESTION)
    assert client.delete("/api/documents/甲溪镇2023.txt").status_code == 200
    client.post("/api/documents", content=b"x" * 100, headers={"content-length": "99999999999"})  # refused before anything begins
    client.post("/api/documents", headers={"origin": "http://evil.example"})
    client.post("/api/nothing")
    entries = client.get("/api/log").json()["entries"]
    assert [(entry["who"], entry["door"], entry["what"], entry["result"]) for entry in entries] == [
        ("this machine", "local", "POST /api/nothing", "404"),
        ("this machine", "local", "DELETE /api/documents/甲溪镇2023.txt", "200"),
    ]


def test_what_a_role_does_not_allow_is_logged_and_what_a_stranger_sends_is_not(client: TestClient, home: Path, keep: Keep) -> None:
    reader = keep("reader", "li")
    client.delete("/api/documents/x", headers=sending(reader))
    client.get("/api/log", headers=sending(reader))
    client.delete("/api/documents/x", headers=sending("fazhi_0f8fad5b_wrong"))
    assert logged(home)[1:] == [("li", "DELETE /api/documents/x", "403")]


def test_a_body_that_grows_too_large_on_the_way_is_logged_as_that(client: TestClient, home: Path, keep: Keep) -> None:
    editor = keep("editor", "li")
    response = client.post("/api/reviews", content=iter([b"x" * 700_000, b"x" * 700_000]), headers={**sending(editor), "content-type": "application/json"})
    assert response.status_code == 413
    assert logged(home)[-1] == ("li", "POST /api/reviews", "413")


def test_nothing_is_changed_that_can_not_be_logged(own_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    app: Any = own_client.app

    def fail(*_: object, **__: object) -> int:
        raise Unavailable("The archive does not take changes.")

    monkeypatch.setattr(app.state.keyring.archive, "begin_entry", fail)
    response = own_client.delete("/api/documents/甲溪镇2023.txt")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert own_client.get("/api/search", params={"q": "茶香室"}).json()["hits"]


def test_the_log_pages(client: TestClient, keep: Keep) -> None:
    admin = sending(keep("admin", "chen"))
    for number in range(3):
        client.delete(f"/api/documents/{number}", headers=admin)
    first = client.get("/api/log", params={"size": 2, "who": "chen"}, headers=admin).json()
    second = client.get("/api/log", params={"size": 2, "who": "chen", "cursor": first["next"]}, headers=admin).json()
    assert [entry["what"][-1] for entry in (*first["entries"], *second["entries"])] == ["2", "1", "0"]
    assert second["next"] is None
    assert client.get("/api/log", params={"cursor": "x"}, headers=admin).status_code == 400


def test_a_key_that_asks_too_often_is_told_when_it_may_again(home: Path, keep: Keep) -> None:
    first, second = keep("reader", "li"), keep("reader", "wang")
    app = create_app(Settings(home=home, refresh_seconds=0.0))
    app.state.keyring.buckets = Buckets(0.5, lambda: 1000.0)  # a clock that stands still
    with TestClient(app, base_url=PUBLIC) as client:
        found = [client.get("/api/nothing", headers=sending(first)) for _ in range(6)]
        assert [response.status_code for response in found] == [404] * 5 + [429]
        assert (found[5].headers["retry-after"], found[5].json()["type"]) == ("2", "/problems/too-many")
        assert client.get("/api/nothing", headers=sending(second)).status_code == 404
        assert client.get("/healthz", headers=sending(first)).status_code == 200


def test_the_last_use_is_noted_without_a_write_for_each_request(home: Path, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = keep("reader")
    app = create_app(Settings(home=home, refresh_seconds=0.0))
    notes: list[dict[str, str]] = []
    with TestClient(app, base_url=PUBLIC) as client:
        archive = app.state.keyring.archive
        really = archive.note_uses
        monkeypatch.setattr(archive, "note_uses", lambda uses: (notes.append(dict(uses)), really(uses)))
        for _ in range(50):
            client.get("/api/nothing", headers=sending(secret))
    assert 1 <= len(notes) <= 3  # the first use, and what was left when the server stopped
    with workspace.open(home, mode="read") as space:
        assert space.archive.api_keys()[0].used is not None


def test_while_the_archive_is_away_only_the_settings_key_passes(home: Path, keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = keep("admin")
    app = create_app(Settings(home=home, refresh_seconds=0.0, api_key="right"))  # type: ignore[arg-type]
    with TestClient(app, base_url=PUBLIC) as client:

        def fail() -> None:
            raise Unavailable("PostgreSQL does not answer.")

        monkeypatch.setattr(app.state.keyring.archive, "known_keys", fail)
        assert client.get("/api/nothing", headers=sending(secret)).status_code == 503
        assert client.get("/api/nothing").status_code == 503
        assert client.get("/api/nothing", headers={"x-api-key": "right"}).status_code == 404
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz?", "/assets/x?", "/healthz#", "/assets/../"])
def test_a_host_header_with_a_path_in_it_opens_nothing(client: TestClient, keep: Keep, path: str) -> None:
    keep("reader")
    assert client.get("/api/search", headers={"host": f"x{path}"}).status_code == 401


def test_a_key_in_basic_of_a_browser(client: TestClient, keep: Keep) -> None:
    credentials = base64.b64encode(f"me:{keep('reader')}".encode()).decode()
    assert client.get("/", headers={"authorization": f"Basic {credentials}"}).status_code == 200


def test_another_sites_page_can_not_make_keys_through_a_browser(client: TestClient, home: Path, keep: Keep) -> None:
    admin = keep("admin")
    response = client.post("/api/keys", json={"name": "evil", "role": "admin"}, headers={**sending(admin), "sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert len(logged(home)) == 1
