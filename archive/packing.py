"""How the archive stores an analysis: JSON and zlib, which any language's standard library reads. Light to import, for every extracting process does."""

from __future__ import annotations

import zlib

import msgspec

from ingest.model import Analysis

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Analysis)


def pack(analysis: Analysis) -> bytes:
    return zlib.compress(_encoder.encode(analysis), 3)


def unpack(packed: bytes) -> Analysis:
    return _decoder.decode(zlib.decompress(packed))
