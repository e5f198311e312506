"""How the archive stores an analysis: JSON and zlib, which any language's standard library reads. Light to import, for every extracting process does."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeVar

import msgspec

from ingest.model import Analysis, Frame

_Form = TypeVar("_Form")


class _Head(msgspec.Struct):
    doc: str
    frame: Frame


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Analysis)
_head_decoder = msgspec.json.Decoder(_Head)


def pack(analysis: Analysis) -> bytes:
    return zlib.compress(_encoder.encode(analysis), 3)


def unpack(packed: bytes) -> Analysis:
    return _decoder.decode(zlib.decompress(packed))


def unpack_frame(packed: bytes) -> Analysis:
    """The analysis without facts, sections, sentences and nodes: all that a row of the archive shows of it, in a fraction of the time."""
    head = _head_decoder.decode(zlib.decompress(packed))
    return Analysis(doc=head.doc, frame=head.frame)


def decoder_of(form: type[_Form]) -> Callable[[bytes], _Form]:
    """Reads packed analyses into ``form``, a struct with those fields of ``Analysis`` that one is after; fewer fields are read faster."""
    decode = msgspec.json.Decoder(form).decode
    return lambda packed: decode(zlib.decompress(packed))
