"""Sources that a report names itself: whom it learned from, and on whose order it acts. It is the best evidence there is, so it comes first.

赴余村镇考察学习，借鉴其…经验        a peer (the phrases stand in borrowing.yaml)
根据县司法局《关于…的通知》（安司〔2021〕3号）   a superior
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec
import yaml

from diffusion.ordering import DENIED, GAP

_ON_ORDER = re.compile(rf"(?:根据|按照|依照|依据|遵照|贯彻|落实|按){GAP}{{0,10}}$")
_ORDER = re.compile(rf"{GAP}{{0,40}}?(?:要求|部署|安排|精神|通知|方案|意见|办法|规定|〕\s*\d+\s*号)")
_NEAR, _FAR = 24, 72  # characters before and behind a name that are looked at
_DENIED_IN = re.compile(r"不(?:同于|像|如)|有别于|区别于|未|没有|而非|并非")


# A sentence that goes on with the one before it, and one that says where what the one before it names comes from.
_GOES_ON = re.compile(
    r"(?:我[镇乡们]|本[镇乡])?(?:回来|返回|归来|随后|随即|此后|之后|为此|据此|按?照(?:其|该[镇乡])的?(?:思路|做法|样子|经验|模式|路子)|在此基础上|借此|学习归来|考察归来|(?:学习|考察|观摩|交流)(?:回来|归来|结束)?之?后|结合实际|在(?:其|该[镇乡]|该街道|对方)的?[^，。]{0,4}(?:指导|帮助|带动|帮带)下)"
)
_REFERS_BACK = re.compile(r"(?:该|这一?|此|上述|其)(?:项|种|套|个)?(?:做法|制度|机制|经验|模式|工作|举措|办法|活动)|其(?:蓝本|原型|样本|模板|源头|出处)")


# Where a place that is named beside a practice does something else: 与参内镇联合开展, 参内镇等地交界, 参内镇来我镇学习.
_BESIDE_BEFORE = re.compile(r"(?:[、与和及同跟向给为]|会同|联合|协同|连同|帮助|支援|辐射|惠及|原)(?:邻近的?|相邻的?|周边的?|兄弟乡镇)?$")
_BESIDE_AFTER = re.compile(
    rf"[、与和及]|等(?:地|周边|\d|[两一二三四五六七八九十]|[镇乡街])|的?(?:困难)?(?:群众|村民|居民|企业|当事人|境内|辖区)|划[入归]|并入|{GAP}{{0,8}}?(?:[来到赴向]我|前来|慕名|(?:学习|借鉴|参观|考察|推广|复制)了?我|联合|共同|联动|接壤|相邻|毗邻|交界|边界|相比|纠纷|案件)"
)

_OURS = re.compile("我们?[镇乡街]|本[镇乡街]|全[镇乡街]")


class Named(msgspec.Struct, frozen=True):
    """A place, body or document in a sentence: where it stands, and its graph id."""

    start: int
    end: int
    node: str
    kind: Literal["place", "body", "document"]


class Source(msgspec.Struct, frozen=True):
    """``start``, ``end``: the words of the sentence that say so. A place that is only ``mentioned``, before words on what is ours, may be a
    source, in words that borrowing.yaml does not know."""

    node: str
    role: Literal["peer", "superior", "mentioned"]
    start: int
    end: int


def widen(text: str, sentences: Sequence[tuple[int, int]], at: int) -> tuple[int, int]:
    """(start, end) of the sentence with this number, and of its neighbours where it goes on with the one before, or the next one says where it comes from."""
    start, end = sentences[at]
    if at and _GOES_ON.match(text[start:end].lstrip()):
        start = sentences[at - 1][0]
    if at + 1 < len(sentences):
        after = sentences[at + 1]
        if _REFERS_BACK.match(text[slice(*after)].lstrip()):
            end = after[1]
    return start, end


def find_sources(sentence: str, named: Sequence[Named]) -> list[Source]:
    """Sources in the order in which the sentence names them; offsets are the sentence's. Whether a place is a peer or above is for the caller to see."""
    found = []
    places = [one for one in named if one.kind == "place"]
    begins = {one.end: one.start for one in places}
    within_paths = begins.keys() & begins.values()  # 安溪县湖头镇: the county's name only says which 湖头镇
    for one in sorted(named, key=lambda each: (each.start, each.end)):
        if one.kind == "place" and one.end in within_paths:
            continue
        start = _start_of_path(one.start, begins) if one.kind == "place" else one.start
        before, after = sentence[max(0, start - _NEAR) : start], sentence[one.end : one.end + _FAR]
        if one.kind == "place" and (cue := _borrow(before, after)):
            found.append(Source(one.node, "peer", start - cue[0], one.end + cue[1]))
        elif one.kind == "place" and "/" not in one.node and (cue := _match(before, after, _ON_ORDER, _ORDER)):  # 贯彻安溪县推行…的通知精神
            found.append(Source(one.node, "superior", start - cue[0], one.end + cue[1]))
        elif one.kind == "place" and not (_BESIDE_BEFORE.search(before) or _BESIDE_AFTER.match(after) or _DENIED_IN.search(before)) and _OURS.search(after):
            found.append(Source(one.node, "mentioned", start, one.end))
        elif one.kind != "place" and (cue := _match(before, after, _ON_ORDER, _ORDER)):
            found.append(Source(one.node, "superior", one.start - cue[0], one.end + cue[1]))
        elif one.kind == "document" and (ordered := _ON_ORDER.search(before)):
            found.append(Source(one.node, "superior", one.start - (len(before) - ordered.start()), one.end))
    return found


def _start_of_path(start: int, begins: Mapping[int, int]) -> int:
    """Where the names of places above begin that stand right before it: 宁夏回族自治区隆德县奠安乡. ``begins``: end of each place's name → its start."""
    while start in begins:
        start = begins[start]
    return start


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """What has to stand before a place's name and behind it, for each phrase."""
    told = yaml.safe_load(files(__package__).joinpath("borrowing.yaml").read_bytes())
    marks = {"{few}": f"{GAP}{{0,6}}?", "{some}": f"{GAP}{{0,14}}", "{goods}": told["goods"], "{built}": told["built"]}
    made = []
    for phrase in told["phrases"]:
        for mark, words in marks.items():
            phrase = phrase.replace(mark, words)
        before, after = phrase.split("{place}")
        made.append((re.compile(f"(?:{before})$"), re.compile(after)))
    return tuple(made)


def _borrow(before: str, after: str) -> tuple[int, int] | None:
    """Characters before and after a name that say that something was taken from there; of several phrases the longest."""
    cues = [cue for first, second in _phrases() if (cue := _match(before, after, first, second)) is not None and not DENIED.search(before[: -cue[0] or None])]
    return max(cues, key=lambda cue: (sum(cue), cue), default=None)


def _match(before: str, after: str, first: re.Pattern[str], second: re.Pattern[str]) -> tuple[int, int] | None:
    """Characters before and after the name that the two cues take."""
    ahead, behind = first.search(before), second.match(after)
    return (len(before) - ahead.start(), behind.end()) if ahead and behind else None
