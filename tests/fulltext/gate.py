"""A gate before a real server: passes requests on, and can refuse, delay, demand credentials or close, as proxies, networks and busy servers do."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Refusal = tuple[int, Any]  # status and body


class Gate:
    """``refuse(method, path)`` answers instead of the server where it is not None; ``authorization`` is the header to demand; ``delay`` in seconds."""

    def __init__(self, server: str, certificate: Path | None = None) -> None:
        self.target = urlsplit(server)
        self.certificate = certificate
        self.refuse: Callable[[str, str], Refusal | None] = lambda method, path: None
        self.authorization: str | None = None
        self.delay = 0.0
        self.seen: list[str] = []
        self.largest = 0
        self.most = 0  # requests at a time
        self._now = 0
        self._lock = threading.Lock()
        self._port = 0
        self._listening: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self._port}"

    def open(self) -> None:
        gate = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_one(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if gate._listening is None:  # closed: connections that are still open break
                    self.close_connection = True
                    return
                with gate.counting(self.command, self.path, len(body)):
                    status, headers, content = gate.answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one

            def log_message(self, *_: object) -> None:
                pass

        class Listening(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_: object) -> None:  # a client that has gone
                pass

        self._listening = Listening(("127.0.0.1", self._port), Handler)
        self._port = self._listening.server_address[1]
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._listening.socket = context.wrap_socket(self._listening.socket, server_side=True)
        threading.Thread(target=self._listening.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        if self._listening:
            self._listening.shutdown()
            self._listening.server_close()
            self._listening = None

    @contextmanager
    def counting(self, method: str, path: str, size: int) -> Iterator[None]:
        with self._lock:
            self.seen.append(f"{method} {path}")
            self.largest = max(self.largest, size)
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            yield
        finally:
            with self._lock:
                self._now -= 1

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        time.sleep(self.delay)
        if self.authorization and {name.lower(): value for name, value in headers.items()}.get("authorization") != self.authorization:
            return (
                401,
                [("Content-Type", "application/json"), ("WWW-Authenticate", "Basic")],
                b'{"error":{"type":"security_exception","reason":"unable to authenticate"}}',
            )
        if refusal := self.refuse(method, path):
            return refusal[0], [("Content-Type", "application/json"), ("X-Elastic-Product", "Elasticsearch")], json.dumps(refusal[1]).encode()
        connection = http.client.HTTPConnection(self.target.hostname or "", self.target.port or 0, timeout=60)
        try:
            connection.request(
                method, path, body, {name: value for name, value in headers.items() if name.lower() not in ("host", "connection", "authorization")}
            )
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in ("content-length", "transfer-encoding", "connection")]
            return answer.status, kept, answer.read()
        finally:
            connection.close()
