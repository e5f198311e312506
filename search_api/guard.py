"""The outermost layer: refuses what may not pass, bounds bodies and the pace of each key, notes every change in the log, hides failures, sets security headers.

Plain ASGI, for it runs on every request.
"""

from __future__ import annotations

import asyncio
import logging
import math
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.keys import Known
from fazhi.errors import FazhiError
from search_api import auth, problems
from search_api.keyring import Keyring

log = logging.getLogger("fazhi.http")

SMALL_BODY = 1 << 20  # bytes; questions are short, only uploads are not
UPLOADS = ("/api/documents", "/upload")
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:; "
_PAGE_POLICY = f"{_POLICY}style-src 'self'; form-action 'self'"
# Pages that are quicker with a script, all of it in files of this server; without it they work as well.
SCRIPTED_POLICY = f"{_PAGE_POLICY}; script-src 'self'; connect-src 'self'"
# The API page is a viewer: it runs its script from this server, asks this server, and sets styles on its elements.
_VIEWER_POLICY = f"{_POLICY}script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'"
_HEADERS = {  # as ASGI has them
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}
_PAGE_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="fazhi"'}  # a browser that is challenged with Basic asks by itself and never shows the page to sign in
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="fazhi", Basic realm="fazhi", charset="UTF-8"'}


class Guard:
    """ASGI middleware around the whole application. ``key``: that of the settings. Without any key, kept ones among them, loopback only."""

    def __init__(self, app: ASGIApp, *, key: str | None, keyring: Keyring, max_upload_bytes: int) -> None:
        self.app = app
        self.key = key
        self.keyring = keyring
        self.max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        path = scope["path"]  # as the routes see it; request.url is made of the Host header as well, which the client chooses
        limit = self.max_upload_bytes if path in UPLOADS else SMALL_BODY
        answer = _Answer(send, _VIEWER_POLICY if path == "/docs" else _PAGE_POLICY)
        problem = await self._refuse(request, path, answer)
        if problem is None and request.state.visitor.max_body is not None:
            limit = min(limit, request.state.visitor.max_body)
        problem = problem or _refuse_length(request.headers, limit)
        problem = problem or await self._begin_entry(request, path, answer)
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
            response = problems.respond(request, problem, _headers_of(problem, page=problems.wants_page(request)))
            await response(scope, receive, answer.send)

    async def _refuse(self, request: Request, path: str, answer: _Answer) -> dict[str, Any] | None:
        """The problem that stands against the request. Of a visitor who may pass ``request.state.visitor`` tells who it is."""
        known, failure = await self._ask_keyring(path)
        client = request.client.host if request.client else None
        visitor = auth.admit(request.method, path, request.headers, client, self.key, known)
        if not isinstance(visitor, auth.Visitor):
            return problems.of_error(failure) if failure is not None and visitor["status"] == 401 else visitor
        request.state.visitor = visitor
        actor = visitor.actor
        if actor is not None and actor.key is not None:
            wait = self.keyring.buckets.take(actor.key)
            if wait:
                return _too_many(wait)
            if self.keyring.note_use(actor.key):
                asyncio.get_running_loop().run_in_executor(None, self.keyring.flush)  # beside the answer, which need not wait for it
        problem = auth.refuse_role(visitor, request.method, path)
        if problem is not None and auth.changes_something(request.method, path):
            return await self._begin_entry(request, path, answer) or problem
        return problem

    async def _ask_keyring(self, path: str) -> tuple[Known, FazhiError | None]:
        """Which keys open. Where the archive can't tell, none of them does, and why."""
        if auth.is_open(path) and path != auth.SIGN_IN:
            return self.keyring.last_known, None
        try:
            if self.keyring.is_due:
                return await run_in_threadpool(self.keyring.read, only_due=True), None
            return self.keyring.known(), None
        except FazhiError as error:
            return Known({}, any=True), error

    async def _begin_entry(self, request: Request, path: str, answer: _Answer) -> dict[str, Any] | None:
        """Note in the log who is about to change something, and have the answer note how it went.

        Gives back the problem where the log can't be written: then nothing may change.
        """
        actor, archive = request.state.visitor.actor, self.keyring.archive
        if actor is None or archive is None or not auth.changes_something(request.method, path):
            return None
        try:
            id = await run_in_threadpool(archive.begin_entry, actor, f"{request.method} {path}")
        except FazhiError as error:
            return problems.of_error(error)

        async def finish(status: int, made: str | None) -> None:
            try:
                await run_in_threadpool(archive.finish_entry, id, str(status), made)
            except Exception as error:  # what was done is done, and the entry says who did it
                log.error("the log's entry %d could not be finished with %d: %s", id, status, error)

        answer.finish = finish
        return None


class _Answer:
    """What goes back, with the security headers added; nothing goes back while it is muted. ``finish`` hears of status and Location before the client does."""

    def __init__(self, send: Send, policy: str) -> None:
        self._send = send
        self._policy = policy.encode("ascii")
        self.started = False
        self.muted = False
        self.finish: Callable[[int, str | None], Awaitable[None]] | None = None

    async def send(self, message: Message) -> None:
        if self.muted:
            return
        if message["type"] == "http.response.start":
            self.started = True
            raw = [(name, value) for name, value in message["headers"] if name not in _HEADERS]
            told = {name for name, _ in raw}
            raw += [(name, value) for name, value in ((b"content-security-policy", self._policy), (b"cache-control", b"no-cache")) if name not in told]
            message["headers"] = [*raw, *_HEADERS.items()]
            if self.finish is not None:
                await self.finish(message["status"], Headers(raw=raw).get("location"))
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


def _refuse_length(headers: Headers, limit: int) -> dict[str, Any] | None:
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        return problems.describe("invalid", 400, "The header Content-Length is not a number.")
    return _too_large(limit) if int(length) > limit else None


def _too_large(limit: int) -> dict[str, Any]:
    return problems.describe(
        "too-large",
        413,
        f"The request's body is larger than {limit} bytes.",
        cure="Send less at a time; FAZHI_MAX_UPLOAD_BYTES sets the limit of uploads, and a key may have one of its own.",
    )


def _too_many(wait: float) -> dict[str, Any]:
    seconds = math.ceil(wait)
    return problems.describe(
        "too-many", 429, "This key asks too often.", cure=f"Ask again in {seconds} s. FAZHI_RATE_LIMIT sets the limit.", retry_after=seconds
    )


def _headers_of(problem: dict[str, Any], *, page: bool) -> dict[str, str] | None:
    if problem["status"] == 401:
        return _PAGE_CHALLENGE if page else _CHALLENGE
    return {"Retry-After": str(problem.get("retry_after", 1))} if problem["status"] in (409, 429, 503) else None


def _report_failure(request: Request, error: Exception) -> dict[str, Any]:
    """Log the failure under an id and tell the client no more than the id: a traceback shows paths and contents."""
    instance = uuid.uuid4().hex
    log.error("%s %s failed (%s)", request.method, request.url.path, instance, exc_info=error)
    return problems.describe("internal", 500, "The server failed.", cure=f"Report it with the log lines of {instance}.", instance=f"urn:uuid:{instance}")
