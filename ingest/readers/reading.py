"""What a reader makes of one file, and the metadata that lies beside a report."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from ingest.model import Recognised, Source, Table

_TITLES = ("title", "标题")
_URLS = ("url", "source_url", "link", "网址", "链接")
_DATES = ("published", "published_at", "publish_date", "pubdate", "date", "发布日期", "发布时间")
_PLACES = ("place", "地区", "地点")
_DATE = re.compile(r"\s*((?:19|20)\d{2})\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
_COMPACT_DATE = re.compile(r"\s*((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Text and what the file itself says about it. ``text`` follows the convention of ``ingest.readers``."""

    text: str
    format: str
    encoding: str = "utf-8"
    title: str | None = None
    url: str | None = None
    published: str | None = None
    place: str | None = None
    metadata: dict[str, Any] = {}
    tables: tuple[Table, ...] = ()
    recognised: tuple[Recognised, ...] = ()


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """The known fields of a side file or a jsonl row; all others are ``metadata``."""

    title: str | None = None
    url: str | None = None
    published: str | None = None
    place: str | None = None
    metadata: dict[str, Any] = {}


def iso_date(value: object) -> str | None:
    """ISO date of 2024-01-15 10:20, 2024/1/15, 2024年1月15日 or 20240115; None where there is no valid date at the start."""
    found = _COMPACT_DATE.match(str(value)) or _DATE.match(str(value))
    if not found:
        return None
    try:
        return datetime.date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def describe(fields: Mapping[str, Any]) -> Described:
    """Sort ``fields`` into the known ones and the rest. A field ``metadata`` that is an object is spread out; nothing is thrown away."""
    rest = dict(fields)
    nested = rest.pop("metadata", None)
    if isinstance(nested, dict):
        rest = {**nested, **rest}
    elif nested is not None:
        rest["metadata"] = nested
    title = _take(rest, _TITLES)
    url = _take(rest, _URLS)
    place = _take(rest, _PLACES)
    published = None
    for name in _DATES:
        published = iso_date(rest.get(name))
        if published:
            if str(rest[name]).strip() == published:
                del rest[name]  # else the time of day would be lost
            break
    return Described(title=title, url=url, published=published, place=place, metadata=rest)


def _take(fields: dict[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            del fields[name]
            return value.strip()
    return None


def source_of(key: str, raw: bytes, reading: Reading, beside: Described | None = None) -> Source:
    """Put file and side file together; what its user says of a report goes before what the report says of itself."""
    described = beside or Described()
    return Source(
        key=key,
        text=reading.text,
        raw=raw,
        format=reading.format,
        encoding=reading.encoding,
        title=described.title or reading.title,
        url=described.url or reading.url,
        published=described.published or reading.published,
        place=described.place or reading.place,
        metadata={**reading.metadata, **described.metadata},
        tables=reading.tables,
        recognised=reading.recognised,
    )
