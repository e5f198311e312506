"""The outermost layer: refuses what may not pass, bounds bodies, hides failures, sets security headers. Plain ASGI, for it runs on every request."""

from __future__ import annotations

import logging
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api import auth, problems

log = logging.getLogger("fazhi.http")

SMALL_BODY = 1 << 20  # bytes; questions are short, only uploads are not
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:; "
_PAGE_POLICY = f"{_POLICY}style-src 'self'; form-action 'self'"
# The API page is a viewer: it runs its script from this server, asks this server, and sets styles on its elements.
_VIEWER_POLICY = f"{_POLICY}script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="fazhi", Basic realm="fazhi", charset="UTF-8"'}


class Guard:
    """ASGI middleware around the whole application. ``key`` None: loopback only."""

    def __init__(self, app: ASGIApp, *, key: str | None, max_upload_bytes: int) -> None:
        self.app = app
        self.key = key
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        path = request.url.path
        limit = self.max_upload_bytes if path == "/api/documents" else SMALL_BODY
        client = request.client.host if request.client else None
        answer = _Answer(send, _VIEWER_POLICY if path == "/docs" else _PAGE_POLICY)
        problem = auth.refuse(request.method, path, request.headers, client, self.key) or _refuse_length(request.headers, limit)
        if problem is None:
            body = _Body(receive, limit, answer)
            try:
                await self.app(scope, body.receive, answer.send)
            except Exception as error:
                if not answer.muted:
                    problem = _report_failure(request, error)
            if answer.muted:
                problem = _too_large(limit)
        if problem is not None and not answer.started:
            answer.muted = False
            response = problems.respond(request, problem, _CHALLENGE if problem["status"] == 401 else None)
            await response(scope, receive, answer.send)


class _Answer:
    """What goes back, with the security headers added; nothing goes back while it is muted."""

    def __init__(self, send: Send, policy: str) -> None:
        self._send = send
        self._policy = policy
        self.started = False
        self.muted = False

    async def send(self, message: Message) -> None:
        if self.muted:
            return
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            headers.setdefault("Content-Security-Policy", self._policy)
            headers.setdefault("Cache-Control", "no-cache")
            for name, value in _HEADERS.items():
                headers[name] = value
        await self._send(message)


class _Body:
    """A request's body up to ``limit`` bytes. Beyond it the application sees an error and the client our answer in place of the application's."""

    def __init__(self, receive: Receive, limit: int, answer: _Answer) -> None:
        self._receive = receive
        self._left = limit
        self._answer = answer

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self._answer.muted = not self._answer.started
                raise ValueError("the request's body is too large")
        return message


def _refuse_length(headers: Headers, limit: int) -> dict[str, object] | None:
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        return problems.describe("invalid", 400, "The header Content-Length is not a number.")
    return _too_large(limit) if int(length) > limit else None


def _too_large(limit: int) -> dict[str, object]:
    return problems.describe(
        "too-large", 413, f"The request's body is larger than {limit} bytes.", cure="Send less at a time; FAZHI_MAX_UPLOAD_BYTES sets the limit of uploads."
    )


def _report_failure(request: Request, error: Exception) -> dict[str, object]:
    """Log the failure under an id and tell the client no more than the id: a traceback shows paths and contents."""
    instance = uuid.uuid4().hex
    log.error("%s %s failed (%s)", request.method, request.url.path, instance, exc_info=error)
    return problems.describe("internal", 500, "The server failed.", cure=f"Report it with the log lines of {instance}.", instance=f"urn:uuid:{instance}")
