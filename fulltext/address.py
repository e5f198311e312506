"""Where a full-text server is and how to get in. Secrets are never part of a text that could be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from fazhi.errors import Invalid

DEFAULT_PORT = 9200


@dataclass(frozen=True, kw_only=True)
class Access:
    """What is known of a server beside its URL. An API key wins over user and password."""

    user: str | None = None
    password: SecretStr | None = field(default=None, repr=False)
    api_key: SecretStr | None = field(default=None, repr=False)
    ca: Path | None = None  # certificates of who signed the server's, where the machine doesn't know them
    prefix: str = "fazhi"  # of the names of indexes and aliases
    shards: int = 1  # of a new index
    timeout: float = 30.0  # seconds for one answer
    patience: float = 120.0  # seconds that writing waits for a server that is away or busy


class Split(NamedTuple):
    url: str
    user: str | None
    password: SecretStr | None


def split_credentials(url: str) -> Split:
    """https://name:secret@host:9200/path → the URL without them, the name, the secret. Raises Invalid, without quoting the secret, for what is no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        host, port = "", None
    if not host:
        raise Invalid("The address of the text server can't be read.", cure="Write it as FAZHI_TEXT=https://host:9200.")
    shown = f"[{host}]" if ":" in host else host
    bare = urlunsplit((parts.scheme, f"{shown}:{port}" if port else shown, parts.path.rstrip("/"), "", ""))
    password = SecretStr(unquote(parts.password)) if parts.password else None
    return Split(bare, unquote(parts.username) if parts.username else None, password)


def with_port(url: str) -> str:
    """Elasticsearch's own port where the URL names none."""
    parts = urlsplit(url)
    return url if parts.port else urlunsplit((parts.scheme, f"{parts.netloc}:{DEFAULT_PORT}", parts.path, "", ""))
