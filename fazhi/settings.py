"""What can be set from outside: one typed object, made once at the edge and passed in. Each setting says why it exists.

Every field reads the environment variable ``FAZHI_`` + its name (``FAZHI_HOME``, ``FAZHI_API_KEY`` …); arguments win over the environment.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from fazhi.errors import Invalid

if TYPE_CHECKING:
    from fulltext.address import Access
    from graph.address import Access as GraphAccess


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

    home: Path = Field(default_factory=default_home, description="The data folder: all that is stored lies below it; `fazhi backup` copies it.")
    archive: str = Field("", description="URL of the archive. Empty: SQLite in the data folder; postgresql+psycopg://… where several machines write.")
    archive_password: SecretStr | None = Field(
        None, description="Password of the user in that URL. May stand in FAZHI_ARCHIVE too, but then every list of processes shows it."
    )
    originals: str = Field("", description="fsspec URL for the original files. Empty: the folder originals in the data folder; s3://… to keep them elsewhere.")
    vocabulary: Path | None = Field(
        None, description="Folder of the names that people have accepted or rejected. Empty: the folder vocabulary in the data folder; else to share one."
    )
    graph: str = Field("", description="URL of the graph engine. Empty: embedded in the data folder; bolt://… or neo4j://… for a Neo4j server.")
    graph_user: str | None = Field(None, description="User of the graph engine, where its server wants one.")
    graph_password: SecretStr | None = Field(
        None, description="Password of that user. May stand in FAZHI_GRAPH too, but then every list of processes shows it."
    )
    graph_ca: Path | None = Field(None, description="File with the certificate of who signed the graph engine's, where this machine does not know it.")
    graph_patience: float = Field(120.0, ge=0, description="Seconds that writing waits for a graph engine that is away or busy: its restart ends no ingest.")
    text: str = Field("", description="URL of the text engine. Empty: embedded in the data folder; http(s)://… for Elasticsearch.")
    text_user: str | None = Field(None, description="User of the text engine, where its server wants one.")
    text_password: SecretStr | None = Field(None, description="Password of that user. May stand in FAZHI_TEXT too, but then every list of processes shows it.")
    text_api_key: SecretStr | None = Field(None, description="API key of the text engine, instead of user and password.")
    text_ca: Path | None = Field(None, description="File with the certificate of who signed the text engine's, where this machine does not know it.")
    text_prefix: str = Field(
        "fazhi",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$",
        description="Begins the names of the text engine's indexes, so that services can share a server.",
    )
    text_shards: int = Field(1, ge=1, le=1024, description="Shards of a new index in the text engine; more than one only pays from some 100,000 reports on.")
    text_timeout: float = Field(30.0, gt=0, description="Seconds to wait for one answer of the text engine.")
    text_patience: float = Field(120.0, ge=0, description="Seconds that writing waits for a text engine that is away or busy: its restart ends no ingest.")

    host: str = Field("127.0.0.1", description="Where the server listens. Beyond loopback it wants an API key, for anyone there could upload and delete.")
    port: int = Field(8000, ge=0, le=65535, description="The server's port.")
    api_key: SecretStr | None = Field(None, description="What clients send as a bearer token or X-API-Key. Without one the server keeps to loopback.")

    rate_limit: float = Field(
        20.0, ge=0, le=1e6, description="Requests a second that each key of `fazhi keys` may make for long, ten times as many at once; 0: as many as it likes."
    )

    session_hours: float = Field(12.0, gt=0, le=720, description="Hours after which a browser that has signed in with a key has to do so again.")

    reconcile_origins: str = Field(
        "", description="Sites whose pages may use /reconcile from a browser, separated by commas: http://127.0.0.1:3333 for OpenRefine. Empty: none."
    )

    webhooks: str = Field(
        "", description="Addresses that alerts of saved questions may be sent to, separated by commas; one that ends in / allows all below it. Empty: none."
    )
    webhook_private: bool = Field(
        False, description="Whether these may be addresses of this machine or of a local network, where other services trust a caller."
    )

    workers: int = Field(
        default_factory=default_workers, ge=1, le=256, description="Processes that extract facts: extraction is nearly all of an ingest's work."
    )
    batch: int = Field(64, ge=1, le=10_000, description="Reports in one commit: larger is faster, smaller loses less work when the machine goes down.")
    projection_batch: int = Field(256, ge=1, le=100_000, description="Reports that graph and index take at once; their commits cost more than the archive's.")
    extract_timeout: float = Field(120.0, gt=0, description="Seconds that one report may take to extract, so that one odd file can't hold up a night's batch.")
    lease_seconds: float = Field(
        30.0, ge=1, description="Seconds without a sign of life after which another machine may take over writing, where several share one archive."
    )
    writer_wait: float = Field(0.0, ge=0, description="Seconds to wait for another process that writes into the same data folder before giving up.")

    max_file_bytes: int = Field(50_000_000, gt=0, description="Largest file that is read whole; a report has kilobytes, so more is a wrong file.")
    max_pages: int = Field(500, gt=0, description="Most pages of a pdf.")
    max_unpacked_bytes: int = Field(500_000_000, gt=0, description="Most bytes that come out of one archive file, against zip bombs.")
    max_entries: int = Field(100_000, gt=0, description="Most files in one archive file, against zip bombs.")
    max_ratio: int = Field(200, gt=1, description="Largest ratio of unpacked to packed size, against zip bombs; prose packs about 3:1.")
    max_depth: int = Field(2, ge=1, le=5, description="How deep archives may lie in archives.")
    ocr: bool = Field(
        True, description="Whether scans and pictures are read where the extra [ocr] is installed; a page takes seconds, so a hurried batch may do without."
    )
    ocr_pages: int = Field(40, ge=0, le=10_000, description="Most pages of one document that are recognised, so that a scanned book can't hold up a batch.")
    ocr_page_seconds: float = Field(60.0, gt=0, description="Seconds that the recognition of one page may take.")
    ocr_seconds: float = Field(600.0, gt=0, description="Seconds that the recognition of one document may take; pages beyond are named as not read.")
    converter_seconds: float = Field(60.0, gt=0, description="Seconds that LibreOffice, antiword or catdoc may take for an old Word file (.doc).")
    max_upload_bytes: int = Field(50_000_000, gt=0, description="Largest body the server takes in one upload.")

    cypher_timeout: float = Field(10.0, gt=0, le=600, description="Seconds a user's own Cypher may run, so that one question can't stop the service.")
    cypher_rows: int = Field(10_000, gt=0, le=1_000_000, description="Most rows a user's own Cypher gives back.")
    processes: int = Field(
        1,
        ge=1,
        le=64,
        description="Processes that answer, each with what it keeps in memory (some 300 to 900 MB); one uses one core. Each sees what another has written "
        "after refresh_seconds, and counts requests for the rate limit by itself.",
    )
    refresh_seconds: float = Field(1.0, ge=0, description="How long a server may show an older state after another process has committed.")
    licence_note: str = Field(
        "The reports are documents that governments have made public; rights in them, if any, stay with their issuers. The figures are facts read out of them "
        "by fazhi-graph (Apache-2.0), without warranty: check the sentence before you cite a number.",
        max_length=4000,
        description="What every export says of its terms of use; whoever publishes a collection knows them best.",
    )

    @model_validator(mode="before")
    @classmethod
    def _part_credentials(cls, given: Any) -> Any:
        """Credentials in an engine's URL become settings of their own: the URL is shown in messages."""
        if not isinstance(given, dict):
            return given
        if isinstance(given.get("archive"), str) and given["archive"].startswith("postgres"):
            from archive import postgresql

            try:
                bare, secret = postgresql.split_password(given["archive"])
            except Invalid as error:
                raise ValueError(error.detail) from None
            given = {**given, "archive": bare, "archive_password": given.get("archive_password") or secret}
        from fulltext import address as text
        from graph import address as graph

        for name, begins, split in (("graph", graph.BEGINNINGS, graph.split_credentials), ("text", ("http://", "https://"), text.split_credentials)):
            url = given.get(name)
            if not isinstance(url, str) or not url.startswith(begins):
                continue
            try:
                bare, user, password = split(url)
            except Invalid as error:
                raise ValueError(error.detail) from None
            found = {} if given.get(f"{name}_user") or given.get(f"{name}_api_key") else {f"{name}_user": user, f"{name}_password": password}
            given = {**given, **found, name: bare}
        return given

    @field_validator("home", "vocabulary")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        if folder is None:
            return None
        return Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - resolve() would follow links the user placed on purpose

    @field_validator("reconcile_origins")
    @classmethod
    def _origins(cls, origins: str) -> str:
        """Origins as browsers send them: a scheme and a host, no path, no *."""
        found = [origin.strip().rstrip("/").lower() for origin in origins.split(",") if origin.strip()]
        for origin in found:
            if not re.fullmatch(r"https?://[a-z0-9.\-]+(?::\d{1,5})?|https?://\[[0-9a-f:]+\](?::\d{1,5})?", origin):
                raise ValueError(f"{origin} is no site; write it as http://127.0.0.1:3333")
        return ",".join(found)

    @field_validator("webhooks")
    @classmethod
    def _addresses(cls, addresses: str) -> str:
        """Complete addresses of the web: no *, no user and password."""
        found = [address.strip() for address in addresses.split(",") if address.strip()]
        for address in found:
            if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+(/[!-+\--~]*)?", address):
                raise ValueError(f"{address} is no address; write it as https://example.org/alerts/")
        return ",".join(found)

    @property
    def archive_url(self) -> str:
        """SQLAlchemy URL of the archive."""
        return self.archive or f"sqlite:///{self.home / 'archive.db'}"

    @property
    def originals_url(self) -> str:
        """fsspec URL of the folder of originals."""
        return self.originals or str(self.home / "originals")

    @property
    def vocabulary_folder(self) -> Path:
        """Where reviewed names are kept: an overlay over the packaged vocabulary."""
        return self.vocabulary or self.home / "vocabulary"

    @property
    def kept_folder(self) -> str:
        """Where recognised pages and converted documents are kept, so that the next run need not make them again."""
        return str(self.home / "kept")

    @property
    def graph_folder(self) -> Path:
        return self.home / "graph"

    @property
    def text_folder(self) -> Path:
        return self.home / "text"

    @property
    def graph_access(self) -> GraphAccess:
        """How to get into the graph engine's server."""
        from graph.address import Access

        return Access(user=self.graph_user, password=self.graph_password, ca=self.graph_ca, patience=self.graph_patience)

    @property
    def text_access(self) -> Access:
        """How to get into the text engine's server."""
        from fulltext.address import Access

        return Access(
            user=self.text_user,
            password=self.text_password,
            api_key=self.text_api_key,
            ca=self.text_ca,
            prefix=self.text_prefix,
            shards=self.text_shards,
            timeout=self.text_timeout,
            patience=self.text_patience,
        )


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment with ``overrides`` on top; None means not given. Raises Invalid that names the variable."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise Invalid(f"The setting {name} is wrong: {first['msg']}.", cure=f"Correct FAZHI_{name.upper()} or the option of that name.") from None
