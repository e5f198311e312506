from __future__ import annotations

import base64

import pytest
from starlette.datastructures import Headers

from search_api.auth import host_of, is_loopback, refuse

KEY = "s3cret-钥匙"


def ask(headers: dict[str, str], method: str = "GET", path: str = "/api/search", key: str | None = None, client: str | None = "127.0.0.1") -> int | None:
    sent = Headers(raw=[(name.lower().encode(), value.encode()) for name, value in {"host": "127.0.0.1:8000", **headers}.items()])
    problem = refuse(method, path, sent, client, key)
    return None if problem is None else int(str(problem["status"]))


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "api.localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"])
def test_loopback_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.org", "localhost.example.org", "127.0.0.1.nip.io", "10.0.0.1", "0.0.0.0", "::", "2130706433"])
def test_other_names(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(("header", "host"), [("127.0.0.1:8000", "127.0.0.1"), ("[::1]:80", "::1"), ("localhost", "localhost"), ("", ""), ("[::1", "")])
def test_the_host_of_a_header(header: str, host: str) -> None:
    assert host_of(header) == host


def test_without_a_key_a_loopback_client_may_read_and_write() -> None:
    assert ask({}) is None
    assert ask({}, method="DELETE") is None


def test_without_a_key_another_host_name_is_refused() -> None:
    assert ask({"host": "rebound.example.org:8000"}) == 403


def test_without_a_key_another_machine_is_refused() -> None:
    assert ask({}, client="192.0.2.7") == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer " + KEY},
        {"authorization": "bearer  " + KEY},
        {"x-api-key": KEY},
        {"authorization": "Basic " + base64.b64encode(f"anyone:{KEY}".encode()).decode()},
    ],
)
def test_the_key_opens(headers: dict[str, str]) -> None:
    raw = [(b"host", b"fazhi.example.org"), *((name.encode(), value.encode()) for name, value in headers.items())]
    assert refuse("GET", "/api/search", Headers(raw=raw), "192.0.2.7", KEY) is None


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "wrong"}, {"authorization": "Bearer wrong"}, {"authorization": "Basic !!"}, {"authorization": "Bearer"}])
def test_without_the_right_key_nothing_opens(headers: dict[str, str]) -> None:
    for path in ("/api/search", "/", "/reports/0123456789abcdef", "/openapi.json", "/docs"):
        assert ask(headers, path=path, key="right") == 401


def test_health_needs_no_key() -> None:
    assert ask({"host": "10.0.0.5"}, path="/healthz", key=KEY, client="10.0.0.9") is None


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://evil.example"}, {"origin": "null"}])
def test_another_sites_page_can_not_write(headers: dict[str, str]) -> None:
    assert ask(headers, method="POST", path="/api/documents") == 403
    assert ask({**headers, "x-api-key": "right"}, method="DELETE", path="/api/documents/x", key="right") == 403


def test_the_own_page_can_write() -> None:
    assert ask({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, method="POST") is None
