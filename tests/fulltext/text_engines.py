"""The engines that tests run on, and the place where one store keeps its index."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import elasticsearch
import pytest
from pydantic import SecretStr
from servers.sharing import Run
from servers.starting import Server

from fulltext import open_store
from fulltext.address import Access
from fulltext.store import TextStore

ENGINES = ["embedded", pytest.param("elasticsearch", marks=pytest.mark.servers), pytest.param("elasticsearch9", marks=pytest.mark.servers)]


@dataclass(frozen=True)
class Place:
    """Where one store keeps its index: a folder, or names that begin with ``prefix`` on a server."""

    folder: Path
    server: Server | None
    prefix: str

    def access(self) -> Access:
        assert self.server
        password = SecretStr(self.server.password) if self.server.password else None
        return Access(user=self.server.user, password=password, prefix=self.prefix, patience=20.0)

    def open(self, *, writable: bool = True) -> TextStore:
        if self.server is None:
            return open_store(None, self.folder / "text", writable=writable)
        return open_store(self.server.url, self.folder, writable=writable, access=self.access())

    def client(self) -> elasticsearch.Elasticsearch:
        """The server's own client, to look behind the store."""
        assert self.server
        auth = (self.server.user, self.server.password or "") if self.server.user else None
        return elasticsearch.Elasticsearch(self.server.url, basic_auth=auth, request_timeout=30)

    def indexes(self) -> list[str]:
        """What there is, in use or left over."""
        if self.server is None:
            return sorted(path.name for path in (self.folder / "text").glob("index-*"))
        with self.client() as client:
            return sorted(client.indices.get(index=f"{self.prefix}*", expand_wildcards="all").body)

    def clear(self) -> None:
        if self.server is not None:
            with suppress(elasticsearch.NotFoundError), self.client() as client:
                for name in self.indexes():
                    client.indices.delete(index=name)


def make_place(engine: str, folder: Path, run: Run) -> Place:
    return Place(folder, None if engine == "embedded" else run.ask(engine), f"test-{uuid.uuid4().hex[:12]}")  # type: ignore[arg-type]
