"""Sources that a report names itself: whom it learned from, and on whose order it acts. It is the best evidence there is, so it comes first.

赴余村镇考察学习，借鉴其…经验        a peer
根据县司法局《关于…的通知》（安司〔2021〕3号）   a superior
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

_GAP = "[^，。；;！？\n]"
_LEARN = "学习|借鉴|参照|参考|复制|推广|引进|引入|吸收|对标|移植|取经"
_VISIT = "考察|学习|取经|观摩|调研|参观|交流"
_GOODS = "经验|做法|模式|样板|经验做法|典型|试点"
_LEARNT_FROM = re.compile(rf"(?:{_LEARN})了?(?:并)?{_GAP}{{0,6}}$")
_ITS_EXPERIENCE = re.compile(rf"的?{_GAP}{{0,14}}?(?:{_GOODS})")
_GONE_TO = re.compile(rf"(?:赴|到|前往|去|走进){_GAP}{{0,6}}$")
_TO_LEARN = re.compile(rf"{_GAP}{{0,10}}?(?:{_VISIT})")
_ON_ORDER = re.compile(rf"(?:根据|按照|依照|依据|遵照|贯彻|落实|按){_GAP}{{0,10}}$")
_ORDER = re.compile(rf"{_GAP}{{0,40}}?(?:要求|部署|安排|精神|通知|方案|意见|办法|规定|〕\s*\d+\s*号)")
_NEAR = 24  # characters before a name that are looked at


class Named(msgspec.Struct, frozen=True):
    """A place, body or document in a sentence: where it stands, and its graph id."""

    start: int
    end: int
    node: str
    kind: Literal["place", "body", "document"]


class Source(msgspec.Struct, frozen=True):
    """``start``, ``end``: the words of the sentence that say so."""

    node: str
    role: Literal["peer", "superior"]
    start: int
    end: int


def find_sources(sentence: str, named: Sequence[Named]) -> list[Source]:
    """Sources in the order in which the sentence names them; offsets are the sentence's. Whether a place is a peer or above is for the caller to see."""
    found = []
    for one in sorted(named, key=lambda each: (each.start, each.end)):
        before, after = sentence[max(0, one.start - _NEAR) : one.start], sentence[one.end :]
        if one.kind == "place" and (cue := _match(before, after, _LEARNT_FROM, _ITS_EXPERIENCE) or _match(before, after, _GONE_TO, _TO_LEARN)):
            found.append(Source(one.node, "peer", one.start - cue[0], one.end + cue[1]))
        elif one.kind != "place" and (cue := _match(before, after, _ON_ORDER, _ORDER)):
            found.append(Source(one.node, "superior", one.start - cue[0], one.end + cue[1]))
        elif one.kind == "document" and (ordered := _ON_ORDER.search(before)):
            found.append(Source(one.node, "superior", one.start - (len(before) - ordered.start()), one.end))
    return found


def _match(before: str, after: str, first: re.Pattern[str], second: re.Pattern[str]) -> tuple[int, int] | None:
    """Characters before and after the name that the two cues take."""
    ahead, behind = first.search(before), second.match(after)
    return (len(before) - ahead.start(), behind.end()) if ahead and behind else None
