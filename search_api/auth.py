"""Who may ask: with a key set, those who send it; without one, this machine only, and no page of another site through the user's browser."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from search_api.problems import describe

OPEN = ("/healthz", "/readyz", "/api/healthz", "/api/readyz")  # a load balancer has no key
OPEN_BELOW = ("/assets/", "/problems/")  # stylesheets, the viewer of the API page: nothing of the data
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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


def refuse(method: str, path: str, headers: Headers, client: str | None, key: str | None) -> dict[str, object] | None:
    """The problem that stands against a request, or None where it may pass."""
    if method not in SAFE_METHODS and is_cross_site(headers):
        return describe("forbidden", 403, "A page of another site sent this request.", cure="Send it from this server's own pages or from a program.")
    if key is not None:
        sent = sent_key(headers)
        if is_open(path) or (sent is not None and hmac.compare_digest(sent, key.encode())):
            return None
        detail = "This server needs its API key." if sent is None else "This is not the server's API key."
        return describe("unauthorized", 401, detail, cure="Send Authorization: Bearer KEY or X-API-Key: KEY.")
    # Without a key any web page could reach this server under a name of its own that it points here (DNS rebinding): the Host header gives it away.
    if not is_loopback(host_of(headers.get("host", ""))):
        return describe("forbidden", 403, "Without an API key this server answers only as localhost.", cure="Ask http://127.0.0.1, or set FAZHI_API_KEY.")
    if client is not None and _is_address(client) and not is_loopback(client):
        return describe("forbidden", 403, "Without an API key this server answers only this machine.", cure="Set FAZHI_API_KEY and send it.")
    return None


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
