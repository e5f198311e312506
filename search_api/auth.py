"""Who may ask, and what: with a key set or made, those who send one, as its role allows; without any, this machine only. Never a page of another site.

Whether a key is right takes the same time whatever was sent: the same digests are made and compared, with keys that are all in memory.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from archive.keys import ROLES, Actor, Key, Known, Role, digest_of, id_in
from search_api.problems import describe

OPEN = ("/healthz", "/readyz", "/api/healthz", "/api/readyz")  # a load balancer has no key
OPEN_BELOW = ("/assets/", "/problems/")  # stylesheets, the viewer of the API page: nothing of the data
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# questions that are too long for an address; whatever else is sent changes something
READING_POSTS = frozenset({"/api/cypher", "/api/query", "/api/reuse", "/reconcile", "/api/reconcile"})
ADMIN = ("/api/keys", "/api/log")  # with all below them

_KEYLESS = Known({}, any=False)
_NOBODY = digest_of(secrets.token_bytes(32))  # what a key is compared with where there is none to compare it with
_DUTIES: Mapping[Role, str] = {"reader": "read", "editor": "change the collection", "admin": "see keys and log"}


class Visitor:
    """Who is asking. ``actor`` is None at addresses that are open to everybody."""

    def __init__(self, role: Role, actor: Actor | None) -> None:
        self.role: Role = role
        self.actor = actor


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without a port, is this machine. Only names that no DNS server can point elsewhere count."""
    name = host.strip().rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


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


def is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_BELOW)


def needed_role(method: str, path: str) -> Role:
    """Which role a request needs; a route that nobody thought of is taken for one that changes something."""
    if any(path == beginning or path.startswith(f"{beginning}/") for beginning in ADMIN):
        return "admin"
    return "reader" if method in SAFE_METHODS or path in READING_POSTS else "editor"


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
        visitor = None if sent is None else recognise(sent, setting, known)
        if visitor is not None:
            return visitor
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
        return Visitor(key.role, Actor(who=key.name, door="key", key=key.id))
    return None


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


def _is_address(client: str) -> bool:
    try:
        ipaddress.ip_address(client)
    except ValueError:
        return False  # a Unix socket or a test has no address
    return True
