from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
import uvicorn

from fazhi.heads import LONGEST, BoundedHeads
from fazhi.serving import listen

SENT = 40 * LONGEST


async def count_body(scope, receive, send):
    assert scope["type"] == "http"
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    told = f"{scope['path']}?{unquote(scope['query_string'].decode('ascii'))} {size} {sum(len(value) for _, value in scope['headers'])}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(told)).encode())]})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(count_body, http=BoundedHeads, ws="none", lifespan="off", log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()


def ask(port: int, *parts: bytes) -> bytes:
    """What comes back for these bytes, sent one after the other as far as the server takes them; it ends with its answer or by hanging up."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            return connection.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            return b""


def endless(beginning: bytes) -> list[bytes]:
    return [beginning, *[b"a" * 4096] * (SENT // 4096)]


@pytest.mark.parametrize(
    "beginning",
    [b"GET /", b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\nX-Late: "],
)
def test_a_head_without_an_end_is_hung_up_on(port: int, beginning: bytes) -> None:
    answer = ask(port, *endless(beginning))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


def test_many_small_headers_without_an_end_are_hung_up_on(port: int) -> None:
    answer = ask(port, b"GET / HTTP/1.1\r\n", *[b"X-Some: thing\r\n" * 256] * (SENT // 4096))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


def test_a_long_question_and_a_large_body_pass(port: int) -> None:
    head = b"POST /?q=" + b"%E6%B3%95" * 2000 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
    assert ask(port, head, *[b"b" * 100_000] * 30).endswith(b"3000000 8")


def test_questions_one_after_the_other_on_one_connection_never_add_up(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 30_000 + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for _ in range(5):
            connection.sendall(head[:9_000])
            connection.sendall(head[9_000:])
            assert connection.recv(65536).endswith(b"0 30001")


def test_what_is_no_request_is_refused(port: int) -> None:
    assert ask(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("parts", [1, 2, 7, 1000])
def test_addresses_may_be_sent_as_they_are_typed(port: int, parts: int) -> None:
    typed = "/api/entities/program:法律八进?q=“调解”室&x=%E6%B3%95".encode()
    head = b"GET " + typed + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    step = max(len(head) // parts, 1)
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):  # the second one on the same connection
            for first in range(0, len(head), step):
                connection.sendall(head[first : first + step])
            assert "/api/entities/program:法律八进?q=“调解”室&x=法 0 1".encode() in connection.recv(65536)


def test_a_body_stays_as_it_is_sent(port: int) -> None:
    body = "GET /法 HTTP/1.1\r\n".encode()
    head = b"POST /%E6%B3%95 HTTP/1.1\r\nHost: x\r\nContent-Length: " + str(2 * len(body)).encode() + b"\r\n\r\n"
    for parts in ([head + body + body], [head, body, body], [head + body, body]):
        assert ask(port, *parts).endswith(f"/法? {2 * len(body)} 3".encode())
