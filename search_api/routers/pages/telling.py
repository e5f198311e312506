"""Messages of errors in the language of a page.

The program writes its errors in English, once for programs, logs and pages. A page in Chinese looks the words up in ``pages/messages.yaml``, takes out of them
what the program filled in, and puts that into the Chinese words. What is not there stays English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import yaml

_SLOT = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"[.;:] [A-Z]")  # in a slot: then it has taken in more than a name, and the message is another one
_LONGEST = 4_000  # characters; no message of ours is as long, and what somebody sent may stand in one


class Message(NamedTuple):
    """``pieces``: the English words between the slots, one more than ``slots``."""

    pieces: tuple[str, ...]
    slots: tuple[str, ...]
    chinese: str


def read_message(english: str, chinese: str = "") -> Message:
    pieces = _SLOT.split(english)
    return Message(tuple(pieces[::2]), tuple(pieces[1::2]), chinese)


@cache
def messages() -> tuple[Message, ...]:
    """Those with most fixed words first, so that what is said of one case comes before what is said of all."""
    written: dict[str, str] = yaml.safe_load(files("search_api").joinpath("pages", "messages.yaml").read_bytes())
    found = [read_message(english, chinese) for english, chinese in written.items()]
    return tuple(sorted(found, key=lambda one: -sum(map(len, one.pieces))))


def fill_slots(pieces: Sequence[str], text: str) -> list[str] | None:
    """What stands in ``text`` between the pieces; None where they are not in it, in this order, from its beginning to its end."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return [] if text == first else None
    end = len(text) - len(last)
    if not text.startswith(first) or not text.endswith(last) or end < len(first):
        return None
    filled = []
    at = len(first)
    for piece in pieces[1:-1]:
        found = text.find(piece, at, end)
        if found < 0:
            return None
        filled.append(text[at:found])
        at = found + len(piece)
    return [*filled, text[at:end]]


@lru_cache(maxsize=256)
def translate(text: str) -> str | None:
    """The message in Chinese; None where it is not known. Two messages one after the other are taken apart first, for a slot would take in the second."""
    if len(text) > _LONGEST:
        return None
    for parted in re.finditer(r"\. ", text):
        parts = _translate(text[: parted.start() + 1]), _translate(text[parted.end() :])
        if parts[0] is not None and parts[1] is not None:
            return "".join(part for part in parts if part)
    return _translate(text)


def _translate(text: str) -> str | None:
    for message in messages():
        filled = fill_slots(message.pieces, text)
        if filled is not None and not any(_SENTENCE.search(value) for value in filled):
            return message.chinese.format(**{slot: _unquote(value) for slot, value in zip(message.slots, filled, strict=True)})
    return None


def _unquote(value: str) -> str:
    """Names that the program put into quotation marks have those of the Chinese words."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" and value[0] not in value[1:-1] else value


def tell(text: str | None, lang: str) -> str:
    """The message in the language of the page, in English where it is known in no other."""
    return (text or "") if lang == "en" else translate(text or "") or text or ""
