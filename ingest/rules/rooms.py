"""Named mediation rooms: “民情茶室”调解工作室, “A”“B”等调解室, 老兵调解室, a room that bears its mediator's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

import vocabulary
from ingest.draft import Draft, draft_of
from ingest.rules.edges import iter_near, last_item, phrase_before, strip_soft
from ingest.rules.quotes import ROOM_WORDS, Quoted, inside, overlaps, read_quotes, title_spans

_ROOM_WORDS = "|".join(sorted(ROOM_WORDS, key=len, reverse=True))
_ROOM_AT_END = re.compile(rf"(?P<name>.+?)(?P<kind>(?:个人|人民|品牌|特色|金牌|民间|联合)?(?:{_ROOM_WORDS})|工作室)$")
# unquoted: only words that are rooms by themselves
_UNQUOTED = re.compile(
    r"(?:个人|人民|品牌|特色|金牌){0,2}(?:调解工作室|调解室|评理室|评理堂|说理室|说事室|说事堂|法官工作室|律师工作室|警官工作室|检察官工作室|和解室)|工作室"
)
_TRIGGER = re.compile("室|评理堂|说事堂")
_ABOUT_DISPUTES = re.compile(r"调解|矛盾|纠纷|化解|信访|诉求|说事|评理|解纷")
# what makes 调解室 a kind of room and not a name
# besides the words of vocabulary/rooms.yaml: what may be strung together before 调解室 without making a name
_GENERIC_WORDS = (
    "法官 警官 律师 检察官 人大 政协 专业性 区级 市级 县级 居 乡镇 两级 三级 综合 专门 标准 公共 法律 服务 诉调 访调 警调 对接 驻 综治 中心 医患 婚姻 家庭 婚恋 邻里 人事 争议 土地 事故 消费 旅游 信息化 智慧 线上 远程 视频 全 及 和 与 、 设置 创建 培育 多个 一批 优秀 先进 新 民商事 司法 "
    "多元 化解 解纷 咨询 接待 设有 设 建有 建 有 在 名师 名人 劳模 工会 心理 社工 团队 党建 党员 书记 代表 委员 联络 个 家 间 处 独立 专用 本土 知名 品牌化 特色化 多功能 标杆 亮点 集 一体化 一站式 室 两 一 二 三 四 五 六 七 八 九 十 0 1 2 3 4 5 6 7 8 9"
)


@cache
def _generic() -> re.Pattern[str]:
    """What makes 调解室 a kind of room and not a name; possessive, so that it stays linear."""
    words = {*_GENERIC_WORDS.split(), *vocabulary.load("rooms")["generic"]}
    return re.compile(rf"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})*+$")


# a room's name begins with none of these: what stands there is the sentence, not the name
_NO_NAME = re.compile(
    r"[一二三四五六七八九十]是|力争|争取|计划|拟|新建|改造|带[到去]|[带到把将由在]|本地|当地|特色|各|该|其|此|并|还|也|均|都|已|有|对|向|以|让|使|原|每|再|就|去|来|进|去|找"
)


class Room(NamedTuple):
    """A named room: ``name`` without its class word, ``kind`` the class word, the span of the whole."""

    name: str
    kind: str
    start: int
    end: int
    rule: str
    confidence: float

    @property
    def canonical(self) -> str:
        return f"{self.name}{self.kind}"


def iter_rooms(clean: str) -> Iterator[Room]:
    """Named rooms of a text, by position; the longest of overlapping readings."""
    quoted = read_quotes(clean)
    taken: list[tuple[int, int]] = []
    for item in quoted:
        room = _quoted_room(clean, item)
        if room is not None:
            taken.append((room.start, room.end))
            yield room
    titles = title_spans(clean)
    for match in iter_near(_UNQUOTED, _TRIGGER, clean, 12, 1):
        if inside(titles, match.start(), match.end()) or overlaps(taken, match.start(), match.end()):
            continue
        room = _unquoted_room(clean, match)
        if room is not None:
            yield room


def _quoted_room(clean: str, item: Quoted) -> Room | None:
    inner = _ROOM_AT_END.match(item.words) if item.family not in ("room", "studio") or not item.own else None
    if inner is not None and (inner["kind"] != "工作室" or _near(clean, item.start, item.end)) and not is_generic(inner["name"]):
        return Room(inner["name"], inner["kind"], item.start, item.end, "room.quoted_whole", 0.95)
    if item.family == "studio" and not _near(clean, item.start, item.class_end):
        return None
    if (
        item.family not in ("room", "studio")
        or item.class_word in ("茶室",)
        or is_generic(item.words)
        or len(item.words) > 16
        or re.search(r"\d|[+＋]", item.words)
    ):
        return None
    kind = f"{item.description}{item.class_word}" if item.description and re.search("调解|化解|纠纷", item.description) else item.class_word
    end = item.class_end if item.own else item.end
    return Room(item.words, kind, item.start, end, "room.quoted", 0.95 if item.own else 0.9)


def _unquoted_room(clean: str, match: re.Match[str]) -> Room | None:
    kind = match.group()
    start, _ = phrase_before(clean, match.start(), reach=14)
    start = strip_soft(clean, last_item(clean, start, match.start()), match.start())
    name = clean[start : match.start()]
    if not 2 <= len(name) <= 9 or is_generic(name) or "的" in name or _NO_NAME.match(name) or re.search(r"\d|[个家间处]$", name):
        return None
    if kind == "工作室" and not (
        _ABOUT_DISPUTES.search(name)
        or (
            _near(clean, start, match.end())
            and re.fullmatch(
                r"(?:[老小].|.{1,3}(?:姐|哥|嫂|叔|伯|娘舅|妈|婶|爷|奶|姨|书记|警官|法官)|老兵|乡贤|五老|金牌.{2,3})|.{0,3}(?:老娘舅|和事佬).{0,2}", name
            )
        )
    ):
        return None
    if re.search(r"纠纷$|争议$|矛盾$|中心$|所$|庭$|级$|法院|部门|机构|队伍|调解员$|镇$|村$|社区$|乡$|街道$|县$|组织$|网络$", name):
        return None
    return Room(name, kind, start, match.end(), "room.unquoted", 0.75)


def _near(clean: str, start: int, end: int) -> bool:
    """Whether the text around speaks of disputes."""
    return bool(_ABOUT_DISPUTES.search(clean, max(0, start - 40), min(len(clean), end + 40)))


def is_generic(name: str) -> bool:
    """Whether the words before 调解室 only say what kind of room it is (个人品牌, 村级, 婚姻家庭纠纷)."""
    return bool(_generic().match(name))


@Language.component("fazhi_rooms")
def rooms(doc: Doc) -> Doc:
    """Add mentions of named mediation rooms. A quoted list before one class word (“A”“B”调解室) gives one room each."""
    draft = draft_of(doc)
    for room in iter_rooms(draft.clean):
        add_room(draft, room)
    return doc


def add_room(draft: Draft, room: Room) -> None:
    node = draft.add_node(f"room:{draft.own_id}/{room.name}", ("MediationRoom",), room.canonical, kind=room.kind, place=draft.own_id)
    draft.add(
        "mediation_room",
        room.start,
        room.end,
        rule=room.rule,
        confidence=room.confidence,
        canonical=room.canonical,
        node=node,
        attrs={"kind": room.kind, "name": room.name},
    )
