"""Alerts sent to addresses: only to those that the settings allow, to no private machine unless they allow that too, and tried again later from the archive.

An alert is told once, and sent at least once: where the sender is killed between the answer and its note, the receiver gets it again with the same
``X-Fazhi-Alert``. Nothing is sent where no watch has a webhook. No redirect is followed, and the address that was checked is the one that is called, so that a
name which points elsewhere a moment later gains nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import msgspec

from archive.watches import Alert, Delivery
from fazhi.errors import FazhiError, Forbidden, Invalid, NotFound, Unavailable

if TYPE_CHECKING:
    from archive.store import Archive
    from fazhi.settings import Settings

log = logging.getLogger("fazhi.webhooks")

TIMEOUT = 10.0  # seconds for each step of a call
HOLD = 120.0  # seconds that a delivery belongs to whoever took it
_WAITS = (60.0, 300.0, 1800.0, 7200.0, 21600.0, 43200.0, 86400.0, 86400.0, 86400.0)  # seconds before the next tries: about four days in all
_LONGEST = 2000  # characters of an address

Resolve = Callable[[str, int], list[str]]
"""Host and port → its addresses."""


def check_allowed(url: str, settings: Settings) -> SplitResult:
    """Raises Invalid for what is no address of the web, Forbidden for one that the settings do not allow."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("This is no address.", cure="Give one such as https://example.org/alerts.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None or len(url) > _LONGEST or port == 0:
        raise Invalid("A webhook is an address that begins with https:// or http://, without user and password.", cure="Such as https://example.org/alerts.")
    if not url.isprintable() or not url.isascii() or any(sign in url for sign in ' "<>\\^`{|}#') or ".." in parts.path or "%2e" in parts.path.lower():
        raise Invalid("This address has signs in it that an address has not.", cure="Percent-encode what is not a letter, a digit or one of -._~/?&=.")
    if not any(_is_below(parts, allowed) for allowed in settings.webhooks.split(",") if allowed):
        raise Forbidden("No alerts are sent to this address.", cure="An administrator allows addresses in FAZHI_WEBHOOKS.")
    return parts


def _is_below(parts: SplitResult, allowed: str) -> bool:
    """Whether the address is the allowed one, or lies below one that ends in a slash."""
    known = urlsplit(allowed)
    if (parts.scheme, _host(parts), _port(parts)) != (known.scheme, _host(known), _port(known)):
        return False
    path, beginning = parts.path or "/", known.path or "/"
    return path.startswith(beginning) if beginning.endswith("/") else (path, parts.query) == (beginning, known.query)


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def resolve(host: str, port: int) -> list[str]:
    """Raises OSError."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def choose_address(parts: SplitResult, settings: Settings, look_up: Resolve = resolve) -> str:
    """The address to call. Raises Forbidden where one of the host's addresses is private, Unavailable where it has none."""
    try:
        found = look_up(_host(parts), _port(parts))
    except OSError:
        found = []
    if not found:
        raise Unavailable(f"The host {_host(parts)} is not known.")
    if not settings.webhook_private:
        private = [address for address in found if not is_public(address)]
        if private:
            raise Forbidden(f"{_host(parts)} is a private address.", cure="FAZHI_WEBHOOK_PRIVATE=true allows such addresses.")
    return found[0]


def is_public(address: str) -> bool:
    """Whether anybody's machine may have it: not this one's, not one of a local network, no metadata service, nothing that hides an address of version 4."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if inner is not None:
            return is_public(str(inner)) and known.is_global
        if known in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)))
    return known.is_global and not known.is_multicast and not known.is_reserved


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name means by now."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        super().__init__(_host(parts), _port(parts), timeout=TIMEOUT)
        self._address = address
        self._secure = parts.scheme == "https"
        self.default_port = 443 if self._secure else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def post(parts: SplitResult, address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer, of which nothing more is read. Raises OSError, http.client.HTTPException."""
    connection = _Pinned(parts, address)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def deliver(archive: Archive, settings: Settings, *, moment: float | None = None, look_up: Resolve = resolve) -> int:
    """Send what is due; returns how many were taken. What fails is due again later, and given up after four days."""
    taken = 0
    for delivery in archive.claim_deliveries(time.time() if moment is None else moment, HOLD):
        taken += 1
        try:
            alert = archive.alert(delivery.alert)
        except NotFound:  # its watch was deleted meanwhile
            continue
        state, told = _send(alert, delivery, settings, look_up)
        if state:
            archive.finish_delivery(alert.id, "sent", told)
        elif delivery.attempts >= len(_WAITS):
            archive.finish_delivery(alert.id, "given_up", told)
        else:
            now = time.time() if moment is None else moment
            archive.finish_delivery(alert.id, "waiting", told, now + _WAITS[delivery.attempts])
    return taken


def _send(alert: Alert, delivery: Delivery, settings: Settings, look_up: Resolve) -> tuple[bool, str]:
    """Whether it arrived, and what came of it. The settings of now count: what is not allowed any more is not called."""
    import fazhi

    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"fazhi-graph/{fazhi.__version__}",
        "X-Fazhi-Alert": name_alert(alert),
        "Connection": "close",
    }
    try:
        parts = check_allowed(delivery.url, settings)
        status = post(parts, choose_address(parts, settings, look_up), msgspec.json.encode(tell(alert)), headers)
    except FazhiError as error:
        return False, error.detail
    except (OSError, http.client.HTTPException, ValueError) as error:
        return False, f"{type(error).__name__}"
    return 200 <= status < 300, f"HTTP {status}"


def name_alert(alert: Alert) -> str:
    """A name that no other alert has, also where numbers are used again after a watch was deleted."""
    return f"{alert.watch}-{alert.id}-{alert.time}"


def tell(alert: Alert) -> dict[str, Any]:
    """What a receiver gets."""
    return {"name": name_alert(alert), "id": alert.id, "watch": alert.watch, "time": alert.time, "snapshot": alert.snapshot, **alert.content}
