"""What a text says of townships that became others: dissolved and merged, renamed, raised to a town or a street, split.

Read before names are linked, for the places that went are in no register of today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from ingest.patterns import lazy

Kind = Literal["rename", "merge", "split", "upgrade"]

_TRIGGER = lazy(r"撤销|合并|并入|划归|划入|更名|改名|易名|改称|改设|改制|改建|改为|变更为|调整为|前身|析置|析出|分设|（(?:由)?原|撤[乡镇]")
_ENDS = lazy(r"[。！？；\n]")
_REACH = 160  # characters on both sides of a word that tells of a change

_T = r"(?>[\u4e00-\u9fff]{2,11}?(?:街道(?:办事处)?|镇|乡|苏木)(?![村镇长域土亲音]))"
_AND = r"(?:、|和|与|及|以及)(?:原)?"
_L = rf"{_T}(?:{_AND}{_T})*+"
_L2 = rf"{_T}(?:{_AND}{_T})++"
_FROM = r"(?:^|(?<=[，。；：、（\s日月年原将把由])|(?<=批准)|(?<=同意)|(?<=决定))"
_COUNTED = r"(?:[两二三四五六]个?(?:乡镇?|镇|街道))?"
_SEAT = r"(?:的?(?:行政)?建制|的?行政区划)?"
_NEW_ENDS = r"(?=[，。；、）：\s]|$|的?(?:行政)?(?:建制|区划)|人民政府|以|由|后|，|并|和|管辖|至今|办公)"

_FOUNDED = lazy(
    rf"撤销了?(?:原)?(?P<old>{_L}){_COUNTED}{_SEAT}(?=[，、；]|并|合|后|以|设|成|组|新)(?:(?!撤销)[^。；]){{0,60}}?(?:设立|成立|组建|设置|建立|新设)(?:为|了)?(?:新的)?(?P<new>{_L}){_NEW_ENDS}"
)
_MERGED = lazy(
    rf"{_FROM}(?P<old>{_L2}){_COUNTED}(?:的?行政区域)?(?:合并|整合)后?(?:设立|成立|组建|组成|建立|新设|更名|改称)?(?:为|了)?(?:新的)?(?P<new>{_T}){_NEW_ENDS}"
)
_JOINED = lazy(
    rf"(?:{_FROM}(?P<old>{_L})(?:整体|整建制|成建制|全部|的?全部行政区域|的?行政区域|所辖(?:行政)?区域|建制|均|已|后)*+|撤销了?(?:原)?(?P<gone>{_L}){_COUNTED}{_SEAT}[，、]?(?:(?!撤销)[^。；]){{0,24}}?)"
    rf"(?:合并到|合并至|并入|归并到|并归|整体划入|划归|划入)(?:到|至)?(?P<new>{_T}){_NEW_ENDS}"
)
_RENAMED = lazy(
    rf"{_FROM}(?P<old>{_T})(?:撤[乡镇][设建改]立?(?:镇|街道)(?:办事处)?[，、]?(?:并|后)?)?(?:正式|现已|现|已|依法)?(?:更名|改名|易名|改称|改设|改制|改建|改|调整|变更|撤[乡镇]设立?)(?:为|成)?(?P<new>{_T}){_NEW_ENDS}"
)
_ONCE = lazy(rf"{_FROM}(?P<new>{_T})（(?:由|即|系)?原(?:来的|为)?(?P<old>{_L})(?:{_COUNTED}(?:合并|更名|改设|改制|整合)(?:而成|而来|设立|成立)?)?）")
_BEFORE = lazy(rf"(?:(?:我|本)(?:镇|乡|街道)|{_FROM}(?P<new>{_T}))的?前身(?:为|是|系)(?:原)?(?P<old>{_L})")
_OURS = lazy(
    rf"(?:我|本)(?:镇|乡|街道)(?:是|系)?(?:在)?(?:20\d\d年(?:\d{{1,2}}月)?)?由(?:原)?(?P<old>{_L}){_COUNTED}(?:合并|整合|改设|改制|更名|撤[乡镇]设(?:镇|街道))(?:而成|而来|设立|成立|组建|组成)"
)
_NAMED_OF = lazy(
    rf"{_FROM}(?P<new>{_T})(?:是|系)?(?:20\d\d年(?:\d{{1,2}}月)?)?由(?:原)?(?P<old>{_L}){_COUNTED}(?:合并|整合|改设|改制|更名)(?:而成|而来|设立|成立|组建|组成)"
)
_PARTED = lazy(rf"[从由](?:原)?(?P<old>{_T})中?(?:析置|析出|分设|分出|划出[^，。；]{{0,20}}?)(?:单独|另行)?(?:设立|成立|组建|为)?(?P<new>{_T}){_NEW_ENDS}")

_ITEM = lazy(rf"(?:^|{_AND})(?P<name>{_T})")
_LEAD = lazy(r".*(?:批准|同意|决定|国务院|政府|原来的|其中|同时|分别|原|将|把)(?=[\u4e00-\u9fff]{2})")
_COUNTY = lazy(r"[\u4e00-\u9fff]{1,8}?(?:自治县|自治旗|[县区市旗])(?=[\u4e00-\u9fff]{2})")
_NO_NAME = lazy(r"^(?:各|全|我|本|该|每|两|部分|有关|相关|其他|平安|美丽|文明|法治)|[0-9]|派出|司法所|工作|法庭|调解|^[乡村城]镇$")
_DENIED = lazy(r"未(?!来)|没有|并非|不(?=会|再|予|将|是)")
_OFFICE = "办事处"
_DATE = lazy(r"((?:19|20)\d\d)年(?:(1[0-2]|0?[1-9])月)?")


class Succession(NamedTuple):
    """``old`` places became ``new`` ones (none: the reporting place); spans in the text. ``date``: ISO, to the month where the text has one."""

    start: int
    end: int
    old: tuple[tuple[int, int], ...]
    new: tuple[tuple[int, int], ...]
    kind: Kind
    date: str | None

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        return (*self.old, *self.new)


def find_successions(clean: str, is_area: Callable[[str], bool]) -> list[Succession]:
    """All that a text says of it, by position. ``is_area``: whether a word names a county or a place above one, which may stand before a township's name."""
    if _TRIGGER.search(clean) is None:
        return []
    found: dict[tuple[int, int], Succession] = {}
    for start, end in _windows(clean):
        taken: list[tuple[int, int]] = []
        for one in _read(clean, start, end, is_area):
            if not any(low < one.end and one.start < high for low, high in taken):
                taken.append((one.start, one.end))
                found.setdefault((one.start, one.end), one)
    return [found[span] for span in sorted(found)]


def _windows(clean: str) -> Iterator[tuple[int, int]]:
    """Sentences around the words that tell of a change, each once."""
    reached = 0
    for match in _TRIGGER.finditer(clean):
        if match.start() < reached:
            continue
        low = max(reached, match.start() - _REACH)
        start = max((mark.end() for mark in _ENDS.finditer(clean, low, match.start())), default=low)
        closing = _ENDS.search(clean, match.end(), match.end() + _REACH)
        reached = closing.start() if closing is not None else min(match.end() + _REACH, len(clean))
        yield start, reached


_PATTERNS: tuple[tuple[re.Pattern[str], Kind | None], ...] = (
    (_FOUNDED, None),
    (_OURS, None),
    (_NAMED_OF, None),
    (_MERGED, "merge"),
    (_PARTED, "split"),
    (_JOINED, "merge"),
    (_RENAMED, None),
    (_ONCE, None),
    (_BEFORE, None),
)


def _read(clean: str, start: int, end: int, is_area: Callable[[str], bool]) -> Iterator[Succession]:
    for pattern, kind in _PATTERNS:
        for match in pattern.finditer(clean[start:end]):
            groups = match.groupdict()
            if _DENIED.search(clean, max(start, start + match.start() - 4), start + match.start() + 8):
                continue
            old = [_trim(clean, low, high, is_area) for low, high in _items(match, "gone" if groups.get("gone") else "old", start)]
            new = [_trim(clean, low, high, is_area) for low, high in _items(match, "new", start)] if groups.get("new") else []
            if None in old or None in new:
                continue
            become = tuple(span for span in new if span is not None)
            words = {clean[low:high] for low, high in become}
            went = tuple(span for span in old if span is not None and clean[span[0] : span[1]] not in words)
            if went:
                low, high = start + match.start(), start + match.end()
                yield Succession(low, high, went, become, kind or _tell(clean, old, become), _date(clean, start, low, end))


def _items(match: re.Match[str], group: str, offset: int) -> Iterator[tuple[int, int]]:
    begin, words = match.start(group), match[group]
    for item in _ITEM.finditer(words):
        yield offset + begin + item.start("name"), offset + begin + item.end("name")


def _trim(clean: str, start: int, end: int, is_area: Callable[[str], bool]) -> tuple[int, int] | None:
    """A township's own name: without what leads up to it, the county before it and the office behind it. None for words that are no name."""
    if (lead := _LEAD.match(clean, start, end)) is not None:
        start = lead.end()
    area = _COUNTY.match(clean, start, end)
    while area is not None and is_area(area.group()):
        start = area.end()
        area = _COUNTY.match(clean, start, end)
    if clean.endswith(_OFFICE, start, end):
        end -= len(_OFFICE)
    return (start, end) if end - start >= 2 and _NO_NAME.search(clean[start:end]) is None else None


def _tell(clean: str, old: Sequence[tuple[int, int] | None], new: Sequence[tuple[int, int]]) -> Kind:
    if len(old) > 1 or old[0] is None:
        return "merge"
    if len(new) != 1:
        return "split" if new else "rename"
    return "rename" if clean[old[0][1] - 1] == clean[new[0][1] - 1] else "upgrade"


def _date(clean: str, start: int, before: int, end: int) -> str | None:
    """The last date before the statement in its sentence, else the first one in it."""
    dates = list(_DATE.finditer(clean, start, before)) or list(_DATE.finditer(clean, before, end))[:1]
    if not dates:
        return None
    year, month = dates[-1].groups()
    return f"{year}-{int(month):02d}" if month else year
