"""Pages of other sites that may use the reconciliation service: those that the operator names, and that service only.

OpenRefine asks partly from its server and partly from its page in the browser, which is another site. A browser hands an answer on to such a page only with
the headers of CORS, shows a preview in it only where framing is allowed, and the guard refuses what another site posts. All of it stays closed unless a
site is named; then this layer, outside the guard, lets its requests through to the reconciliation service. Keys are asked for all the same.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATHS = ("/reconcile", "/api/reconcile")
FRAMED = tuple(f"{path}/preview" for path in PATHS)
_KEPT_SECONDS = "600"  # how long a browser may remember what it may send


class Crossing:
    """ASGI middleware around the guard. ``origins`` as browsers write them: http://127.0.0.1:3333; without any it does nothing."""

    def __init__(self, app: ASGIApp, *, origins: Collection[str]) -> None:
        self.app = app
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.origins or scope["type"] != "http" or not _is_reconciling(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if origin not in self.origins:
            await self.app(scope, receive, _Framing(send, self.origins).send if scope["path"] in FRAMED else send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=_allow_asking(origin))(scope, receive, send)
        else:
            # the guard takes what is left for a program's request, which it is as good as
            kept = [(name, value) for name, value in scope["headers"] if name.lower() not in (b"origin", b"sec-fetch-site")]
            await self.app({**scope, "headers": kept}, receive, _Allowing(send, origin).send)


class _Allowing:
    """Lets the browser hand the answer on to the page that asked."""

    def __init__(self, send: Send, origin: str) -> None:
        self._send = send
        self._origin = origin

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = self._origin
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            headers.add_vary_header("Origin")
        await self._send(message)


class _Framing:
    """Lets the browser show the answer inside pages of the named sites."""

    def __init__(self, send: Send, origins: Collection[str]) -> None:
        self._send = send
        self._origins = " ".join(sorted(origins))

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            policy = headers.get("Content-Security-Policy", "")
            headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", f"frame-ancestors {self._origins}")
            if "X-Frame-Options" in headers:
                del headers["X-Frame-Options"]
        await self._send(message)


def _is_reconciling(path: str) -> bool:
    return path in PATHS or path.startswith(tuple(f"{start}/" for start in PATHS))


def _allow_asking(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Authorization, X-API-Key, Content-Type",
        "Access-Control-Max-Age": _KEPT_SECONDS,
        "Vary": "Origin",
    }
