"""Who may ask, and what: with a key set or made, those who send one, as its role allows; without any, this machine only. Never a page of another site.

Whether a key is right takes the same time whatever was sent: the same digests are made and compared, with keys that are all in memory.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import secrets
import time
from collections.abc import Mapping
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from archive.keys import ROLES, Actor, Key, Known, Role, digest_of, id_in, name_setting
from fazhi.errors import Forbidden
from search_api.problems import describe

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
OPEN = ("/healthz", "/readyz", "/api/healthz", "/api/readyz", SIGN_IN)  # a load balancer has no key
OPEN_BELOW = ("/assets/", "/problems/")  # stylesheets, the viewer of the API page: nothing of the data
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# questions that are too long for an address; whatever else is sent changes something
READING_POSTS = frozenset({"/api/cypher", "/api/query", "/api/reuse", "/reconcile", "/api/reconcile"})
ADMIN = ("/api/keys", "/api/log", "/settings")  # with all below them
COOKIE = "fazhi_session"
PROOF_HEADER = "x-csrf-token"
_ASKED_BY_PROGRAMS = ("/api/", "/reconcile")  # where a signed-in page sends its token in a header; elsewhere it is a field of the form

_HOSTS = 256  # names and addresses of which it is remembered what they are: nearly all requests come from the same few
_KEYLESS = Known({}, any=False)
_NOBODY = digest_of(secrets.token_bytes(32))  # what a key is compared with where there is none to compare it with
_DUTIES: Mapping[Role, str] = {"reader": "read", "editor": "change the collection", "admin": "see keys and log"}


_FORGED = describe("forbidden", 403, "This request does not carry the token of its page.", cure="Load the page again and send its form.")


class Visitor:
    """Who is asking. ``actor`` is None at addresses that are open to everybody; ``session`` is the token of a browser that has signed in.

    ``max_body``: bytes that one body of this key may have, where it has a limit of its own.
    """

    def __init__(self, role: Role, actor: Actor | None, *, session: str | None = None, max_body: int | None = None) -> None:
        self.role: Role = role
        self.actor = actor
        self.session = session
        self.max_body = max_body

    @property
    def csrf(self) -> str:
        """What every form of a signed-in page carries; no other site can know it. Empty where there is no session."""
        return "" if self.session is None else hmac.new(self.session.encode(), b"csrf", "sha256").hexdigest()


@lru_cache(maxsize=_HOSTS)
def is_loopback(host: str) -> bool:
    """Whether a host name or address, without a port, is this machine. Only names that no DNS server can point elsewhere count."""
    name = host.strip().rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=_HOSTS)
def host_of(header: str) -> str:
    """The host in a Host header, without the port: [::1]:8000 → ::1. Empty where it can't be read."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def sent_key(headers: Headers) -> bytes | None:
    """The key that a request carries: Bearer, X-API-Key, or the password of Basic, which is what a browser can send."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip().encode("latin-1")  # headers are bytes, read as latin-1
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials.strip(), validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return None
    key = headers.get("x-api-key")
    return None if key is None else key.encode("latin-1")


def sent_session(headers: Headers) -> str | None:
    """The token of a session that a browser sends."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return found.value if found is not None and found.value else None


def is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def needed_role(method: str, path: str) -> Role:
    """Which role a request needs; a route that nobody thought of is taken for one that changes something."""
    if any(path == beginning or path.startswith(f"{beginning}/") for beginning in ADMIN):
        return "admin"
    return "reader" if method in SAFE_METHODS or path in READING_POSTS or path == SIGN_OUT else "editor"


def changes_something(method: str, path: str) -> bool:
    return method not in SAFE_METHODS and path not in READING_POSTS


def admit(method: str, path: str, headers: Headers, client: str | None, setting: str | None, known: Known = _KEYLESS) -> Visitor | dict[str, Any]:
    """Who sends this request, or the problem that stands against it. ``setting``: the key of the settings, which may do everything.

    What the visitor's role allows is another question, which ``refuse_role`` answers.
    """
    if method not in SAFE_METHODS and is_cross_site(headers):
        return describe("forbidden", 403, "A page of another site sent this request.", cure="Send it from this server's own pages or from a program.")
    if setting is not None or known.any:
        if is_open(path):
            return Visitor("reader", None)
        sent = sent_key(headers)
        token = sent_session(headers) if sent is None else None
        visitor = recognise_session(token, setting, known) if token is not None else None if sent is None else recognise(sent, setting, known)
        if visitor is not None:
            return refuse_forged(visitor, method, path, headers) or visitor
        detail = "This server needs an API key." if sent is None else "This is not a key of this server, or not any more."
        return describe("unauthorized", 401, detail, cure="Send Authorization: Bearer KEY or X-API-Key: KEY.")
    # Without a key any web page could reach this server under a name of its own that it points here (DNS rebinding): the Host header gives it away.
    if not is_loopback(host_of(headers.get("host", ""))):
        return describe("forbidden", 403, "Without an API key this server answers only as localhost.", cure="Ask http://127.0.0.1, or set FAZHI_API_KEY.")
    if client is not None and _is_address(client) and not is_loopback(client):
        return describe("forbidden", 403, "Without an API key this server answers only this machine.", cure="Set FAZHI_API_KEY and send it.")
    return Visitor("admin", Actor(who="this machine", door="local"))


def recognise(sent: bytes, setting: str | None, known: Known) -> Visitor | None:
    """Whose key this is. Both comparisons are always made, each between digests, so that neither length nor beginning nor a known id shows in the time."""
    digest = digest_of(sent)
    key: Key | None = known.active.get(id_in(sent))
    is_kept = hmac.compare_digest(digest, key.digest if key else _NOBODY)
    is_setting = hmac.compare_digest(digest, _NOBODY if setting is None else digest_of(setting.encode()))
    if is_setting:
        return Visitor("admin", Actor(who="FAZHI_API_KEY", door="setting"))
    if is_kept and key is not None:
        return Visitor(key.role, Actor(who=key.name, door="key", key=key.id), max_body=key.max_body)
    return None


def recognise_session(token: str, setting: str | None, known: Known) -> Visitor | None:
    """Whose browser this is. A session ends with its time, with its key, and when it is signed out."""
    session = known.sessions.get(digest_of(token.encode("utf-8", "surrogatepass")))
    if session is None or session.expires <= time.time():
        return None
    if setting is not None and session.key == name_setting(setting):
        return Visitor("admin", Actor(who="FAZHI_API_KEY", door="setting"), session=token)
    key = known.active.get(session.key)
    return None if key is None else Visitor(key.role, Actor(who=key.name, door="key", key=key.id), session=token, max_body=key.max_body)


def refuse_forged(visitor: Visitor, method: str, path: str, headers: Headers) -> dict[str, Any] | None:
    """The problem where a browser sends a session along with what its page has not asked for. Forms are looked at where they are read (``check_form``)."""
    if visitor.session is None or method in SAFE_METHODS or not path.startswith(_ASKED_BY_PROGRAMS):
        return None
    return None if is_token(visitor, headers.get(PROOF_HEADER)) else _FORGED


def is_token(visitor: Visitor, sent: object) -> bool:
    """Whether this is the token of the visitor's session."""
    return isinstance(sent, str) and hmac.compare_digest(visitor.csrf.encode(), sent.encode("utf-8", "surrogatepass"))


def check_form(visitor: Visitor, sent: object) -> None:
    """Raises Forbidden where a form of a signed-in browser does not carry its token."""
    if visitor.session is not None and not is_token(visitor, sent):
        raise Forbidden(_FORGED["detail"], cure=_FORGED["cure"])


def refuse_role(visitor: Visitor, method: str, path: str) -> dict[str, Any] | None:
    """The problem where this takes a higher role, or None."""
    needed = needed_role(method, path)
    if visitor.actor is None or ROLES.index(visitor.role) >= ROLES.index(needed):
        return None
    return describe(
        "forbidden", 403, f"This key's role is {visitor.role}; it may not {_DUTIES[needed]}.", cure=f"Ask an administrator for a key with the role {needed}."
    )


def is_cross_site(headers: Headers) -> bool:
    """Whether a browser says that another origin made this request. Programs send neither header."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True


@lru_cache(maxsize=_HOSTS)
def _is_address(client: str) -> bool:
    try:
        ipaddress.ip_address(client)
    except ValueError:
        return False  # a Unix socket or a test has no address
    return True
