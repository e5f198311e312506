"""How the server reads requests: with the fast parser, with the bound on a request's head that this parser leaves out, and with addresses as people type them.

A head without an end could else fill the memory, and it takes no key to send one. curl sends /api/search?q=法律八进 as it was typed, where browsers write
percent signs.
"""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST = 64 * 1024  # bytes of request line and headers
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")


class BoundedHeads(HttpToolsProtocol):
    """Hangs up where more than ``LONGEST`` bytes, give or take what arrives at once, neither end a head nor bring any of a body.

    Bytes beyond ASCII in a request's first line count as if they were written in percent signs; the parser would refuse them.
    """

    _goes_on = False
    _in_line = True  # what comes next belongs to a first line
    _pending = 0

    def data_received(self, data: bytes) -> None:
        self._goes_on = False
        super().data_received(self._quote(data) if self._in_line else data)
        self._pending = 0 if self._goes_on else self._pending + len(data)
        if self._pending > LONGEST and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def _quote(self, data: bytes) -> bytes:
        line, end, rest = data.partition(b"\n")
        self._in_line = not end or not line.strip()
        return data if line.isascii() else _BEYOND_ASCII.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest

    def on_headers_complete(self) -> None:
        self._goes_on = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._goes_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._goes_on = self._in_line = True
        super().on_message_complete()
