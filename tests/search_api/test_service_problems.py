from __future__ import annotations

import logging
from pathlib import Path

import pytest
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from fazhi.settings import Settings
from search_api.app import create_app
from search_api.guard import SMALL_BODY
from search_api.problems import TYPES
from search_api.reader import Reader


def test_nothing_at_an_address(client: TestClient) -> None:
    response = client.get("/api/nothing")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/not-found"


def test_a_wrong_method(client: TestClient) -> None:
    response = client.put("/api/search")
    assert response.status_code == 405
    assert response.json()["type"] == "/problems/method-not-allowed"
    assert response.headers["allow"] == "GET"


def test_an_unknown_report(client: TestClient) -> None:
    response = client.get("/api/reports/0123456789abcdef/facts")
    assert response.status_code == 404
    assert "0123456789abcdef" in response.json()["detail"]


def test_a_failure_shows_an_id_and_no_traceback(client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(self: Reader, report: str) -> None:
        raise RuntimeError("the secret is /home/somebody")

    monkeypatch.setattr(Reader, "read", fail)
    with caplog.at_level(logging.ERROR, "fazhi.http"):
        response = client.get("/api/reports/0123456789abcdef")
    assert response.status_code == 500
    assert "somebody" not in response.text
    assert "Traceback" not in response.text
    instance = response.json()["instance"].removeprefix("urn:uuid:")
    assert instance in caplog.text
    assert "the secret" in caplog.text


def test_a_body_that_says_it_is_too_large(client: TestClient) -> None:
    response = client.post("/api/cypher", content=b" " * (SMALL_BODY + 1), headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert response.json()["type"] == "/problems/too-large"


def test_a_body_that_hides_its_size(client: TestClient) -> None:
    response = client.post("/api/cypher", content=(b" " * 65536 for _ in range(40)), headers={"content-type": "application/json"})
    assert response.status_code == 413


def test_an_upload_beyond_the_limit(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(home=tmp_path, max_upload_bytes=1000)), base_url=LOCAL) as client:
        response = client.post("/api/documents", files={"file": ("a.txt", b"x" * 2000)})
    assert response.status_code == 413
    assert "1000" in response.json()["detail"]


def test_a_body_that_is_no_json(client: TestClient) -> None:
    response = client.post("/api/cypher", content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert response.json()["type"] == "/problems/invalid"


def test_a_browser_gets_a_page(client: TestClient) -> None:
    response = client.get("/reports/0123456789abcdef", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "0123456789abcdef" in response.text


@pytest.mark.parametrize("slug", sorted(TYPES))
def test_every_type_has_a_page(client: TestClient, slug: str) -> None:
    assert TYPES[slug][0].replace("'", "&#39;") in client.get(f"/problems/{slug}?lang=en").text
    client.cookies.clear()  # the language is kept in a cookie


def test_every_answer_has_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/api/search", "/api/nothing", "/docs"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].replace("style-src 'self' 'unsafe-inline'", "")


def test_another_host_name_is_refused_without_a_key(client: TestClient) -> None:
    response = client.get("/api/search", headers={"host": "rebound.example.org"})
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"


def test_a_key_protects_pages_and_api_but_not_health(settings: Settings) -> None:
    locked = Settings(home=settings.home, api_key="right")  # type: ignore[arg-type]
    with TestClient(create_app(locked), base_url="http://fazhi.example.org") as client:
        for path in ("/", "/api/search", "/openapi.json", "/docs"):
            refused = client.get(path)
            assert refused.status_code == 401
            assert "Basic" in refused.headers["www-authenticate"]
        assert client.get("/healthz").status_code == 200
        assert client.get("/api/search", headers={"x-api-key": "right"}).status_code == 200
        assert client.get("/", auth=("me", "right")).status_code == 200


def test_another_sites_page_can_not_upload(client: TestClient) -> None:
    response = client.post("/api/documents", files={"file": ("a.txt", b"x")}, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
