from __future__ import annotations

import base64

import pytest
from starlette.datastructures import Headers

from archive.keys import Key, Known, Role, digest_of, make_secret
from search_api.auth import Visitor, admit, host_of, is_loopback, needed_role, refuse_role

KEY = "s3cret-钥匙"


NO_KEYS = Known({}, any=False)


def ask(
    headers: dict[str, str],
    method: str = "GET",
    path: str = "/api/search",
    key: str | None = None,
    client: str | None = "127.0.0.1",
    known: Known = NO_KEYS,
) -> int | None:
    sent = Headers(raw=[(name.lower().encode(), value.encode()) for name, value in {"host": "127.0.0.1:8000", **headers}.items()])
    visitor = admit(method, path, sent, client, key, known)
    problem = refuse_role(visitor, method, path) if isinstance(visitor, Visitor) else visitor
    return None if problem is None else int(str(problem["status"]))


def keep(role: Role, id: str = "0f8fad5b") -> tuple[str, Known]:
    """A key of this role, and what a server knows of it."""
    secret = make_secret(id)
    return secret, Known({id: Key(id=id, name="li.hua", role=role, digest=digest_of(secret.encode()), created="2026", created_by="wang")}, any=True)


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
    visitor = admit("DELETE", "/api/keys/0f8fad5b", Headers(raw=raw), "192.0.2.7", KEY)
    assert isinstance(visitor, Visitor) and visitor.actor
    assert (visitor.role, visitor.actor.door) == ("admin", "setting")


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


# -- keys with roles ---------------------------------------------------------------------------------------------------------------------------------------

READING = [("GET", "/api/search"), ("HEAD", "/"), ("POST", "/api/cypher"), ("POST", "/api/query")]
CHANGING = [
    ("POST", "/api/documents"),
    ("DELETE", "/api/documents/x"),
    ("POST", "/api/reviews"),
    ("DELETE", "/api/reviews/1"),
    ("PUT", "/api/nobody-knows"),
    ("POST", "/api/cypher/"),
]
ADMINISTERING = [("GET", "/api/keys"), ("POST", "/api/keys"), ("DELETE", "/api/keys/0f8fad5b"), ("GET", "/api/log"), ("HEAD", "/api/log")]


@pytest.mark.parametrize(("role", "allowed"), [("reader", READING), ("editor", READING + CHANGING), ("admin", READING + CHANGING + ADMINISTERING)])
def test_a_role_allows_what_it_says_and_no_more(role: Role, allowed: list[tuple[str, str]]) -> None:
    secret, known = keep(role)
    for method, path in READING + CHANGING + ADMINISTERING:
        assert ask({"x-api-key": secret}, method, path, known=known) == (None if (method, path) in allowed else 403), (method, path)


def test_the_log_is_not_what_only_begins_like_it() -> None:
    assert needed_role("GET", "/api/logs-of-courts") == "reader"


def test_a_kept_key_opens_from_elsewhere_beside_the_settings_own() -> None:
    secret, known = keep("reader")
    for sent in (secret, KEY):
        raw = [(b"host", b"fazhi.example.org"), (b"authorization", f"Bearer {sent}".encode())]
        assert isinstance(admit("GET", "/api/search", Headers(raw=raw), "192.0.2.7", KEY, known), Visitor)


def test_a_kept_key_closes_the_door_for_everybody_else() -> None:
    _, known = keep("reader")
    assert ask({}, known=known) == 401
    assert ask({}, known=Known({}, any=True)) == 401  # all are revoked: that must not open it again
    assert ask({}, path="/healthz", known=known) is None


@pytest.mark.parametrize("sent", ["", "fazhi_0f8fad5b_", "fazhi_0f8fad5b_wrong", "fazhi_ffffffff_wrong", "fazhi_钥匙_x", "fazhi__", "0f8fad5b", "\x00"])
def test_what_only_looks_like_a_key_opens_nothing(sent: str) -> None:
    _, known = keep("admin")
    assert ask({"x-api-key": sent}, known=known) == 401


def test_the_same_is_compared_whether_the_id_is_known_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, known = keep("reader")
    compared: list[tuple[int, int]] = []

    def compare(left: str, right: str) -> bool:
        compared.append((len(left), len(right)))
        return left == right

    monkeypatch.setattr("search_api.auth.hmac.compare_digest", compare)
    answers = [ask({"x-api-key": sent}, known=known, key=key) for sent in (secret, "fazhi_0f8fad5b_no", "fazhi_12345678_no", "x") for key in (None, KEY)]
    assert answers == [None, None] + [401] * 6
    assert compared == [(64, 64)] * 16
