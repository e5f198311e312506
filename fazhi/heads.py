"""How the server reads requests: with the fast parser, and with the bound on a request's head that this parser leaves out.

A head without an end could else fill the memory, and it takes no key to send one.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST = 64 * 1024  # bytes of request line and headers


class BoundedHeads(HttpToolsProtocol):
    """Hangs up where more than ``LONGEST`` bytes, give or take what arrives at once, neither end a head nor bring any of a body."""

    _goes_on = False
    _pending = 0

    def data_received(self, data: bytes) -> None:
        self._goes_on = False
        super().data_received(data)
        self._pending = 0 if self._goes_on else self._pending + len(data)
        if self._pending > LONGEST and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._goes_on = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._goes_on = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._goes_on = True
        super().on_message_complete()
