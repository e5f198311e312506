"""Where a graph server is and how to get in. Secrets are never part of a text that could be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from fazhi.errors import Invalid

SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
BEGINNINGS = tuple(f"{scheme}://" for scheme in SCHEMES)


@dataclass(frozen=True, kw_only=True)
class Access:
    """What is known of a server beside its URL."""

    user: str | None = None
    password: SecretStr | None = field(default=None, repr=False)
    ca: Path | None = None  # certificates of who signed the server's, where the machine doesn't know them
    patience: float = 120.0  # seconds that writing waits for a server that is away or busy


class Split(NamedTuple):
    url: str
    user: str | None
    password: SecretStr | None


class Address(NamedTuple):
    scheme: str
    host: str  # with the port, where there is one
    database: str | None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"


def split_credentials(url: str) -> Split:
    """neo4j://name:secret@host:7687/database → the URL without them, the name, the secret. Raises Invalid, without quoting the secret, for what is no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        host, port = "", None
    if not host:
        raise Invalid("The address of the graph server can't be read.", cure="Write it as FAZHI_GRAPH=neo4j://host:7687.")
    shown = f"[{host}]" if ":" in host else host
    bare = urlunsplit((parts.scheme, f"{shown}:{port}" if port else shown, parts.path.rstrip("/"), "", ""))
    password = SecretStr(unquote(parts.password)) if parts.password else None
    return Split(bare, unquote(parts.username) if parts.username else None, password)


def read_address(url: str) -> Address:
    """Parts of a URL without credentials; its path names the database, none is the user's own."""
    parts = urlsplit(url)
    return Address(parts.scheme, parts.netloc, unquote(parts.path.strip("/")) or None)
