"""Searchable reports: what a user asks becomes one tree (``query``), a report becomes one row (``project``), an engine stands behind ``store.TextStore``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fazhi.errors import Invalid

if TYPE_CHECKING:
    from fulltext.address import Access
    from fulltext.store import TextStore


def open_store(url: str | None, folder: Path, *, writable: bool = True, access: Access | None = None) -> TextStore:
    """The full-text engine that ``url`` names: http(s)://… is Elasticsearch, None the embedded one in ``folder``.

    ``access`` is what else a server wants; credentials in ``url`` count where it has none. Opening touches nothing and never fails on a missing or broken
    index or a server that is away: the first search says Unavailable with the cure, and ``rebuild`` mends what can be mended. One process at a time should
    write: the embedded engine raises Conflict where another one holds the index, Elasticsearch leaves that to the data folder's lease.
    """
    if not url:
        from fulltext.embedded import EmbeddedTextStore

        return EmbeddedTextStore(folder, writable=writable)
    if not url.startswith(("http://", "https://")):
        raise Invalid("FAZHI_TEXT names no full-text engine.", cure="Write http://… or https://… for Elasticsearch, or leave it unset for the embedded engine.")
    from dataclasses import replace

    from fulltext.address import Access, split_credentials
    from fulltext.elastic import ElasticTextStore

    bare, user, password = split_credentials(url)
    access = access or Access()
    if user and not access.user and not access.api_key:
        access = replace(access, user=user, password=password)
    return ElasticTextStore(bare, access, writable=writable)
