"""The connection: a client made from address and access, and the patience to wait for a server that is away or busy."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import elastic_transport
import msgspec
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.serializer import JsonSerializer

from fazhi.errors import FazhiError, Invalid
from fulltext.address import Access, with_port
from fulltext.elastic_errors import is_busy, translate

log = logging.getLogger("fazhi.text")
logging.getLogger("elastic_transport.node_pool").setLevel(logging.ERROR)  # says once more, in its own words, that the server is away
logging.getLogger("elastic_transport.node").setLevel(logging.INFO)  # at DEBUG it writes every header, and credentials are headers

T = TypeVar("T")

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0


class _Json(JsonSerializer):
    """Several times as fast as the client's own; a page of hits brings a hundred kilobytes."""

    def loads(self, data: bytes) -> Any:
        try:
            return msgspec.json.decode(data)
        except msgspec.DecodeError as error:
            raise elastic_transport.SerializationError("The answer is no JSON.", errors=(error,)) from None

    def dumps(self, data: Any) -> bytes:
        return data if isinstance(data, bytes) else msgspec.json.encode(data)


class _CompatibleJson(_Json):
    mimetype: ClassVar[str] = "application/vnd.elasticsearch+json"


def connect(url: str, access: Access) -> Elasticsearch:
    """A client; nothing is sent yet. ``url`` without credentials. Raises Invalid for what can't be an address, or a CA file that can't be read."""
    credentials: dict[str, Any] = {}
    if access.api_key:
        credentials["api_key"] = access.api_key.get_secret_value()
    elif access.user:
        credentials["basic_auth"] = (access.user, access.password.get_secret_value() if access.password else "")
    if access.ca:
        if not access.ca.is_file():
            raise Invalid(f"There is no certificate in {access.ca}.", cure="Correct FAZHI_TEXT_CA.")
        credentials["ca_certs"] = str(access.ca)
    try:
        return Elasticsearch(
            with_port(url),
            request_timeout=access.timeout,
            max_retries=1,  # a connection that the server has closed meanwhile shows only when it is used
            retry_on_status=(),
            retry_on_timeout=False,
            meta_header=False,
            serializers={kind.mimetype: kind() for kind in (_Json, _CompatibleJson)},
            **credentials,
        )
    except (ValueError, TypeError, OSError):
        raise Invalid(f"{url} can't be used as the address of a text server.", cure="Write it as FAZHI_TEXT=https://host:9200.") from None


class Patience:
    """Waits longer and longer, ``seconds`` in all, and says so; then gives up. ``explain`` may know better than the error what is the matter."""

    def __init__(self, seconds: float, explain: Callable[[FazhiError], FazhiError] = lambda told: told) -> None:
        self.seconds = seconds
        self._explain = explain
        self._began: float | None = None
        self._pause = _FIRST_PAUSE

    def wait(self, reason: FazhiError) -> None:
        """Pause before another try; raises ``reason`` when there was enough of that."""
        reason = self._explain(reason)
        now = time.monotonic()
        self._began = now if self._began is None else self._began
        left = self._began + self.seconds - now
        if left <= 0:
            raise reason
        pause = min(self._pause, left)
        log.warning("%s Trying again in %.1f s, for %.0f s more.", reason.detail, pause, left)
        time.sleep(pause)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def calm(self) -> None:
        """There was progress: count anew."""
        self._began, self._pause = None, _FIRST_PAUSE


def ask_patiently(ask: Callable[[], T], url: str, patience: Patience) -> T:
    """``ask()``, again while the server is away or busy. Raises FazhiError."""
    while True:
        try:
            return ask()
        except (elastic_transport.TransportError, ApiError) as error:
            told = translate(error, url)
            if not is_busy(error):
                raise told from None
            patience.wait(told)
