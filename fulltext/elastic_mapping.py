"""Fields and settings of an Elasticsearch index of reports, and one report as its document.

The fields are those of the embedded index. Of the analyzers only ``whitespace`` is used, which every server has without a plugin: what a word is, is decided by
``ingest.segment`` before. Of each cell there is a field with its words and one with its pairs of characters; the latter also keeps, by ``index_prefixes``, the
character that each pair begins with, so that single characters can stand in a phrase. ``_source`` is off: the archive is the truth, and what showing a
hit takes is the stored field ``view``.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import blake2b
from typing import Any

import msgspec

from fulltext.project import ALL, LEVEL_KINDS, Row
from fulltext.scope import CELLS, bound_year, iter_texts

FORMAT = 2  # goes up when the fields below change; an older index then asks to be rebuilt
MAKER = "fazhi"

_LONGEST_WORD = 120  # the whitespace analyzer cuts words at 255 UTF-16 units
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_LONGEST_KEYWORD = 8_191  # Lucene takes 32,766 bytes

KEYWORDS = (
    *("place", "place_id", "program", "program_id", "body", "body_name", "indicator", "indicator_id"),
    *("cells", "level", "section", "modality", "said", *LEVEL_KINDS),
)
SORT_FIELDS: dict[str, str] = {"year": "by_year", "-year": "by_year_last", "place": "by_place"}
FACET_FIELDS: dict[str, str] = {
    "year": "year.name",
    "level": "level",
    "program": "program_id",
    "body": "body_name",
    "indicator": "indicator_id",
    "section": "section",
    "modality": "modality",
    **{level: level for level in LEVEL_KINDS},
}


def _name(cell: str) -> str:
    """plan/planned → plan_planned, plan/ (sentences without a fact) → plan_none, the whole text → all."""
    if cell == ALL:
        return "all"
    section, _, modality = cell.partition("/")
    return cell if "/" not in cell else f"{section}_{modality or 'none'}"


_WORDS = {cell: f"words_{_name(cell)}" for cell in CELLS}
_PAIRS = {cell: f"pairs_{_name(cell)}" for cell in CELLS}


def words_field(cell: str) -> str:
    return _WORDS[cell]


def pairs_field(cell: str) -> str:
    return _PAIRS[cell]


def build_mapping() -> dict[str, Any]:
    keyword = {"type": "keyword", "ignore_above": _LONGEST_KEYWORD}
    # fielddata costs nothing until counts or a listing ask which terms the index holds
    words = {"type": "text", "analyzer": "whitespace", "index_options": "freqs", "fielddata": True}
    pairs = {**words, "index_options": "positions", "index_prefixes": {"min_chars": 1, "max_chars": 1}}
    return {
        "dynamic": "strict",
        "_meta": {"made_by": MAKER, "format": FORMAT},
        "_source": {"enabled": False},
        "properties": {
            "view": {"type": "binary", "store": True, "doc_values": False},
            "report": {"type": "keyword"},
            "fingerprint": {"type": "keyword", "index": False},
            "year": {"type": "integer", "fields": {"name": {"type": "keyword", "index": False}}},
            **{name: {"type": "long", "index": False} for name in SORT_FIELDS.values()},
            **dict.fromkeys(KEYWORDS, keyword),
            **{words_field(cell): words for cell in CELLS},
            **{pairs_field(cell): pairs for cell in CELLS},
        },
    }


def build_settings(shards: int) -> dict[str, Any]:
    """A copy on a second node, if there is one. Whoever writes refreshes, so the engine need not."""
    return {"number_of_shards": shards, "auto_expand_replicas": "0-1", "refresh_interval": "30s"}


def build_document(row: Row) -> dict[str, Any]:
    document: dict[str, Any] = {
        "view": b64encode(msgspec.msgpack.encode(row.view)).decode(),
        "report": row.report,
        "fingerprint": row.fingerprint,
        "place": row.places,
        "program": row.programs,
        "program_id": row.program_ids,
        "body": row.bodies,
        "body_name": row.body_names,
        "indicator": row.indicators,
        "indicator_id": row.indicator_ids,
        "section": row.sections,
        "modality": row.modalities,
        "said": row.said,
        "cells": tuple(row.cells),
        **{SORT_FIELDS[order]: key for order, key in row.sort_keys.items()},
        **row.chain,
    }
    if row.year is not None:
        document["year"] = bound_year(row.year)
    if row.level:
        document["level"] = row.level
    if row.place:
        document["place_id"] = row.place
    for cell, text in iter_texts(row):
        if text.words:
            document[words_field(cell)] = _LONG_WORD.sub(lambda found: shorten(found.group()), text.words)
        if text.pairs:
            document[pairs_field(cell)] = text.pairs
    return document


def shorten(word: str) -> str:
    """A word as the index holds it: one that the analyzer would cut in two has a hash for its end."""
    return word if len(word) <= _LONGEST_WORD else f"{word[:80]}{blake2b(word.encode(), digest_size=20).hexdigest()}"
