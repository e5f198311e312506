"""What can be set from outside: one typed object, made once at the edge and passed in. Each setting says why it exists.

Every field reads the environment variable ``FAZHI_`` + its name (``FAZHI_HOME``, ``FAZHI_API_KEY`` …); arguments win over the environment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fazhi.errors import Invalid


def default_home() -> Path:
    """The user's data folder of this platform, so that ``fazhi`` finds the same reports from every working directory."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "fazhi"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "fazhi"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "fazhi"


def default_workers() -> int:
    """The CPUs this process may use, which in a container are fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="FAZHI_", env_ignore_empty=True, extra="ignore", validate_default=True, frozen=True)

    home: Path = Field(default_factory=default_home, description="The data folder: all that is ever stored lies below it, so a backup is a copy of one folder.")
    archive: str = Field("", description="URL of the archive. Empty: SQLite in the data folder; postgresql+psycopg://… where several machines write.")
    originals: str = Field("", description="fsspec URL for the original files. Empty: the folder originals in the data folder; s3://… to keep them elsewhere.")
    graph: str = Field("", description="URL of the graph engine. Empty: embedded in the data folder; bolt://… or neo4j://… for a Neo4j server.")
    text: str = Field("", description="URL of the text engine. Empty: embedded in the data folder; http(s)://… for Elasticsearch.")

    host: str = Field("127.0.0.1", description="Where the server listens. Beyond loopback it wants an API key, for anyone there could upload and delete.")
    port: int = Field(8000, ge=0, le=65535, description="The server's port.")
    api_key: SecretStr | None = Field(None, description="What clients send as a bearer token or X-API-Key. Without one the server keeps to loopback.")

    workers: int = Field(
        default_factory=default_workers, ge=1, le=256, description="Processes that extract facts: extraction is nearly all of an ingest's work."
    )
    batch: int = Field(64, ge=1, le=10_000, description="Reports in one commit: larger is faster, smaller loses less work when the machine goes down.")
    projection_batch: int = Field(256, ge=1, le=100_000, description="Reports that graph and index take at once; their commits cost more than the archive's.")
    extract_timeout: float = Field(120.0, gt=0, description="Seconds that one report may take to extract, so that one odd file can't hold up a night's batch.")
    writer_wait: float = Field(0.0, ge=0, description="Seconds to wait for another process that writes into the same data folder before giving up.")

    max_file_bytes: int = Field(50_000_000, gt=0, description="Largest file that is read whole; a report has kilobytes, so more is a wrong file.")
    max_pages: int = Field(500, gt=0, description="Most pages of a pdf.")
    max_unpacked_bytes: int = Field(500_000_000, gt=0, description="Most bytes that come out of one archive file, against zip bombs.")
    max_entries: int = Field(100_000, gt=0, description="Most files in one archive file, against zip bombs.")
    max_ratio: int = Field(200, gt=1, description="Largest ratio of unpacked to packed size, against zip bombs; prose packs about 3:1.")
    max_depth: int = Field(2, ge=1, le=5, description="How deep archives may lie in archives.")
    max_upload_bytes: int = Field(50_000_000, gt=0, description="Largest body the server takes in one upload.")

    cypher_timeout: float = Field(10.0, gt=0, le=600, description="Seconds a user's own Cypher may run, so that one question can't stop the service.")
    cypher_rows: int = Field(10_000, gt=0, le=1_000_000, description="Most rows a user's own Cypher gives back.")
    refresh_seconds: float = Field(1.0, ge=0, description="How long a server may show an older state after another process has committed.")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return Path(os.path.abspath(home.expanduser()))  # noqa: PTH100 - resolve() would follow links the user placed on purpose

    @property
    def archive_url(self) -> str:
        """SQLAlchemy URL of the archive."""
        return self.archive or f"sqlite:///{self.home / 'archive.db'}"

    @property
    def originals_url(self) -> str:
        """fsspec URL of the folder of originals."""
        return self.originals or str(self.home / "originals")

    @property
    def graph_folder(self) -> Path:
        return self.home / "graph"

    @property
    def text_folder(self) -> Path:
        return self.home / "text"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment with ``overrides`` on top; None means not given. Raises Invalid that names the variable."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise Invalid(f"The setting {name} is wrong: {first['msg']}.", cure=f"Correct FAZHI_{name.upper()} or the option of that name.") from None
