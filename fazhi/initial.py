"""`fazhi init`: the .env that docker-compose.yml reads, with passwords of its own."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from fazhi.errors import Conflict, Unavailable

Engines = Literal["servers", "embedded"]
_BYTES = 24  # 192 bits, 32 characters of A-Z a-z 0-9 - _: safe in URLs, in YAML and in shells
_TEXT = """# Made by `fazhi init` for docker-compose.yml. It holds the passwords: keep it private, and keep a copy where you keep backups.
# The engines take their password when their volume is new; changing one here later locks the service out of it.

# Which containers run beside the API: servers (Neo4j, Elasticsearch), postgresql. Empty: everything embedded in the volume fazhi-data.
COMPOSE_PROFILES={profiles}

# Where the API is published. Put a reverse proxy with TLS before it to let others in.
FAZHI_PUBLISH=127.0.0.1:8000
# What clients send as a bearer token or X-API-Key.
FAZHI_API_KEY={api_key}

# Folder whose reports `docker compose run --rm ingest` takes in.
FAZHI_REPORTS=./reports

FAZHI_ARCHIVE={archive}
FAZHI_ARCHIVE_PASSWORD={archive_password}

FAZHI_GRAPH={graph}
FAZHI_GRAPH_USER={graph_user}
FAZHI_GRAPH_PASSWORD={graph_password}

FAZHI_TEXT={text}
FAZHI_TEXT_USER={text_user}
FAZHI_TEXT_PASSWORD={text_password}
"""
_SERVERS = {
    "profiles": "servers,postgresql",
    "archive": "postgresql+psycopg://fazhi@postgresql:5432/fazhi",
    "graph": "neo4j://neo4j:7687",
    "graph_user": "neo4j",
    "text": "http://elasticsearch:9200",
    "text_user": "elastic",
}
_PASSWORDS = ("api_key", "archive_password", "graph_password", "text_password")


class Initial(msgspec.Struct, frozen=True, kw_only=True):
    """``kept``: where the file that was there before lies now. ``steps``: what to do next, one command a line."""

    file: str
    kept: str | None
    steps: tuple[str, ...]


def write_environment(folder: Path, engines: Engines, *, force: bool = False) -> Initial:
    """Write FOLDER/.env, readable by its owner only. Raises Conflict where it is there already and not ``force``; then the former one is kept beside it."""
    path = folder.absolute() / ".env"
    kept = None
    try:
        if force and path.exists():
            kept = path.with_name(f".env.before-{datetime.now():%Y%m%dT%H%M%S%f}")
            path.rename(kept)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - it is a descriptor
            file.write(make_environment(engines))
    except FileExistsError:
        cure = "Keep it. With --force a new one is written, and the former is kept beside it."
        raise Conflict(f"{path} is there already, with passwords that the engines' volumes may know.", cure=cure) from None
    except OSError as error:
        raise Unavailable(f"{path} can't be written: {error.strerror}.", cure="Name a folder that is there and can be written.") from None
    steps = [
        "docker compose up -d --build --wait",
        "docker compose run --rm ingest",
        'curl -H "X-API-Key: $(grep ^FAZHI_API_KEY= .env | cut -d= -f2-)" http://127.0.0.1:8000/readyz',
    ]
    if not (folder / "docker-compose.yml").exists():
        steps.insert(0, "put docker-compose.yml and the program's source beside it (they come with the repository)")
    return Initial(file=str(path), kept=str(kept) if kept else None, steps=tuple(steps))


def make_environment(engines: Engines) -> str:
    """The file's text, with new random passwords."""
    values = dict.fromkeys(("profiles", "archive", "graph", "graph_user", "text", "text_user"), "") | (_SERVERS if engines == "servers" else {})
    # compose wants every password, also of what does not run: and so it can run later
    return _TEXT.format(**values, **{name: _make_password() for name in _PASSWORDS})


def _make_password() -> str:
    """One that no program takes for an option."""
    while (password := secrets.token_urlsafe(_BYTES)).startswith("-"):
        pass
    return password
