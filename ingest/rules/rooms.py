"""Named mediation rooms: “民情茶室”调解工作室, “A”“B”等调解室, 老兵调解室, a room that bears its mediator's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import vocabulary
from ingest.draft import Draft
from ingest.patterns import lazy
from ingest.rejections import Reject, unheard
from ingest.rules.edges import last_item, phrase_before, strip_soft
from ingest.rules.quotes import ROOM_WORDS, Quoted, inside, overlaps, read_quotes, title_spans
from ingest.rules.signs import Signs, iter_near
from ingest.rules.spans import accepted_spans

_ROOM_WORDS = "|".join(sorted(ROOM_WORDS, key=len, reverse=True))
_ROOM_AT_END = lazy(rf"(?P<name>.+?)(?P<kind>(?:个人|人民|品牌|特色|金牌|民间|联合)?(?:{_ROOM_WORDS})|工作室)$")
# unquoted: only words that are rooms by themselves
_UNQUOTED = lazy(
    r"(?:个人|人民|品牌|特色|金牌){0,2}(?:调解工作室|调解室|联调室|评理室|评理堂|说理室|说事室|说事堂|法官工作室|律师工作室|警官工作室|检察官工作室|和解室|调解中心)|工作室"
)
_SIGNS = Signs("室 评理堂 说事堂 调解中心")
# rooms that a body keeps elsewhere: 劳动争议人民调解委员会驻濠头社区调解室
_SEATED = lazy(
    r"(?P<name>(?:[\u4e00-\u9fff]{2,16}(?:委员会|调委会|协会|法院|检察院|中心))?驻[\u4e00-\u9fff]{2,10}(?:社区|村|小区|园区|市场|景区|医院|企业|街))(?P<kind>(?:人民)?调解(?:工作)?室)"
)
# a room for one matter: 旅游纠纷人民调解室, 劳动争议一站式调处工作室
_OF_MATTER = lazy(
    r"(?P<name>[\u4e00-\u9fff]{2,8}?(?:纠纷|争议))(?P<kind>(?:一站式|人民|专业|巡回|联合|诉前){0,2}(?:调解|调处)(?:工作)?室)(?!等?[约共]?[\d一二两三四五六七八九十])"
)
_ANY_MATTER = lazy(
    r"^(?:婚姻|家庭|婚恋|家事|交通|事故|医患|医疗|物业|消费|矛盾|各类|各种|民间|社会|群众|村民|居民|邻里|基层|疑难|复杂|多元|相关|一般|简单|重大|农村|辖区|矛盾纠纷|诉讼)*(?:纠纷|争议)$|[、和及与的等将把了]|^.{0,6}\d"
)
# a mediator: 老杨, 江大姐, 余大海, 金牌余大海
_MEDIATOR = lazy(
    r"(?:金牌)?(?:[老小][\u4e00-\u9fff]|[\u4e00-\u9fff]{1,3}(?:姐|哥|嫂|叔|伯|娘舅|妈|婶|爷|奶|姨|警官|法官|律师|书记|支书)|老兵|乡贤|五老)(?:金牌)?$"
)
_ABOUT_DISPUTES = lazy(r"调解|矛盾|纠纷|化解|信访|诉求|说事|评理|解纷")
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
_NO_NAME = lazy(
    r"获|被评|评为|荣|走|引导|规范|化[建设]|推[进动]|入驻|进驻|[一二三四五六七八九十]是|力争|争取|计划|拟|新建|改造|带[到去]|[带到把将由在]|本地|当地|特色|各|该|其|此|并|还|也|均|都|已|有|对|向|以|让|使|原|每|再|就|去|来|进|去|找"
)


_SEAT = Signs("驻")
_GUARD = lazy("设立|成立|建立|组建|设置|依托|利用|打造|建成|通过|并在|在|由|对")


_SET_UP = lazy("下设|内设|附设|增设|新设|设有|创办|挂牌")  # 某某调解委员会下设|羊大姐调解工作室


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


def iter_rooms(clean: str, reject: Reject = unheard) -> Iterator[Room]:
    """Named rooms of a text, by position; the longest of overlapping readings."""
    quoted = read_quotes(clean)
    taken: list[tuple[int, int]] = []
    for item in quoted:
        room = _quoted_room(clean, item) or _broken_room(clean, item)
        if room is not None:
            taken.append((room.start, room.end))
            yield room
        elif item.family in ("room", "studio"):
            reject(
                "mediation_room",
                item.start,
                item.class_end,
                "room.quoted",
                "too general to name one" if is_generic(item.words) else "the words around do not fit",
            )
    titles = title_spans(clean)
    spans = tuple((item.start, item.end) for item in quoted if item.end - item.start <= 20)  # a quoted name is read as a whole or not at all
    seated: list[tuple[int, int]] = []
    for match in iter_near(_SEATED, _SEAT, clean, 30, 20):
        start = match.start()
        for guard in _GUARD.finditer(clean, start, match.end("name")):
            start = guard.end()
        if "驻" in clean[start : match.end("name")] and not overlaps(taken, start, match.end()):
            seated.append((start, match.end()))
            yield Room(clean[start : match.end("name")], match["kind"], start, match.end(), "room.seated", 0.8)
    taken = sorted([*taken, *seated])
    of_matter = list(_rooms_of_matter(clean, taken, spans, titles))
    yield from of_matter
    taken = sorted([*taken, *((room.start, room.end) for room in of_matter)])
    for match in iter_near(_UNQUOTED, _SIGNS, clean, 12, 1):
        if overlaps(taken, match.start(), match.end()) or inside(spans, match.start(), match.end()):
            continue
        if inside(titles, match.start(), match.end()):
            reject("mediation_room", match.start(), match.end(), "room.unquoted", "inside a title or quotation")
            continue
        room = _unquoted_room(clean, match, reject)
        if room is not None:
            yield room


def _rooms_of_matter(clean: str, taken: list[tuple[int, int]], spans: tuple[tuple[int, int], ...], titles: tuple[tuple[int, int], ...]) -> Iterator[Room]:
    for match in iter_near(_OF_MATTER, _SIGNS, clean, 20, 1):
        start, _ = phrase_before(clean, match.end("name") - 2, reach=10, least=2)
        start = max(match.start(), strip_soft(clean, start, match.end("name") - 2))
        name = clean[start : match.end("name")]
        if overlaps(taken, start, match.end()) or inside(spans, start, match.end()) or inside(titles, start, match.end()):
            continue
        if len(name) < _SHORTEST_MATTER or _ANY_MATTER.search(name) or _COUNTED.search(clean, max(0, start - 5), start):
            continue
        yield Room(name, match["kind"], start, match.end(), "room.of_matter", 0.65)


_SHORTEST_MATTER = 4
_COUNTED = lazy(r"[\d一二两三四五六七八九十]余?[个处家间]$")


_PERSON_UNITS = frozenset("名位")
_COUNTED_PERSONS = lazy(r"[\d一二三四五六七八九十百]余?多?[名位]$")
_HONOURED = lazy("(?:评为|获评|授予|命名为|荣获|评选为|列为|入选)(?:全国|全省|全市|全县|省级|市级|县级|年度|[\u4e00-\u9fff]{2,3}[省市县区州])*$")


def _quoted_room(clean: str, item: Quoted) -> Room | None:
    if _HONOURED.search(clean, max(0, item.start - 12), item.start) and (item.family != "room" or item.words.startswith("十佳")):
        return None  # 被评为“十佳人民调解室”: a title
    if (clean[item.start - 1 : item.start] in _PERSON_UNITS and _COUNTED_PERSONS.search(clean, max(0, item.start - 5), item.start)) or (
        item.family != "room" and clean.startswith("称号", item.end)
    ):
        return None  # 26名“乡贤和事佬”, 获“金牌和事佬”称号: people
    inner = _ROOM_AT_END.match(item.words) if item.family != "program" or not item.own else None
    if (
        inner is not None
        and (_SETTLES.search(inner["kind"]) or ((item.family != "room" or not item.own) and _near(clean, item.start, item.end)))
        and not _says_only_kind(inner["name"])
    ):
        return Room(inner["name"], inner["kind"], item.start, item.end, "room.quoted_whole", 0.95)
    if item.family == "studio" and not _near(clean, item.start, item.class_end):
        return None
    if (
        item.family not in ("room", "studio")
        or item.class_word in ("茶室",)
        or _says_only_kind(item.words)
        or len(item.words) > 16
        or _NUMBERED.search(item.words)
    ):
        return None
    several = clean[item.end : item.end + 1] in ("等", "两", "三")  # “A”“B”等调解室
    kind = (
        f"{item.description}{item.class_word}"
        if item.own and not several and item.description and re.search("调解|化解|纠纷|个人|品牌", item.description)
        else item.class_word
    )
    end = item.class_end if item.own and not several else item.end
    return Room(item.words, kind, item.start, end, "room.quoted", 0.95 if item.own else 0.9)


_NUMBERED = lazy(r"\d|[+＋]")
_BROKEN = lazy(r"(?:个人|人民|品牌)?调\n?解\n?(?:工\n?作\n?)?室")


def _broken_room(clean: str, item: Quoted) -> Room | None:
    """A quoted name whose class word runs over the end of a line: “某某”调解|工作室."""
    match = _BROKEN.match(clean, item.end)
    if match is None or "\n" not in match.group() or _says_only_kind(item.words) or len(item.words) > 16 or _NUMBERED.search(item.words):
        return None
    return Room(item.words, match.group().replace("\n", ""), item.start, match.end(), "room.quoted", 0.85)


def _unquoted_room(clean: str, match: re.Match[str], reject: Reject) -> Room | None:
    kind = match.group()
    floor = max((below.end() for below in _SET_UP.finditer(clean, max(0, match.start() - 14), match.start() - 2)), default=0)
    start, _ = phrase_before(clean, match.start(), floor=floor, reach=14)
    start = strip_soft(clean, last_item(clean, start, match.start()), match.start())
    name = clean[start : match.start()]
    if not 2 <= len(name) <= 9:
        reject("mediation_room", start, match.end(), "room.unquoted", "too general to name one" if is_generic(name) else "too short or too long for a name")
        return None
    if is_generic(name) or "的" in name or _NO_NAME.match(name) or re.search(r"\d|[个家间处]$", name):
        reject("mediation_room", start, match.end(), "room.unquoted", "too general to name one")
        return None
    if re.search(r"[至到]|进$|化$", name) or (kind.endswith("调解中心") and not _MEDIATOR.match(name)):
        reject("mediation_room", start, match.end(), "room.unquoted", "the words around do not fit")
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
        reject("mediation_room", start, match.end(), "room.unquoted", "the words around do not fit")
        return None
    if re.search(r"纠纷$|争议$|矛盾$|中心$|所$|庭$|级$|法院|部门|机构|队伍|调解员$|镇$|村$|社区$|乡$|街道$|县$|组织$|网络$|[下内附]设$|设有$|挂牌$", name):
        reject("mediation_room", start, match.end(), "room.unquoted", "too general to name one")
        return None
    return Room(name, kind, start, match.end(), "room.unquoted", 0.75)


def _near(clean: str, start: int, end: int) -> bool:
    """Whether the text around speaks of disputes."""
    return bool(_ABOUT_DISPUTES.search(clean, max(0, start - 40), min(len(clean), end + 40)))


def _says_only_kind(name: str) -> bool:
    """Whether a quoted name is none: “个人品牌”调解室. A single common word in quotes (“老兵”, “警民”) is one."""
    return name in _KINDS or (len(name) > 3 and is_generic(name) and not re.search("警民|诉调|访调|警调|公调|[和与]$|^和|邻里", name))


_SETTLES = lazy("调解|联调|评理|说和|说理|说事|和解|解纷|化解")
_KINDS = frozenset(
    "人民 个人 品牌 特色 金牌 专业 行业 行业性 村级 镇级 乡级 标准化 规范化 一站式 联合 矛盾 纠纷 矛盾纠纷 婚姻家庭 家事 交通 物业 医疗 劳动 两 三".split()
)


def is_generic(name: str) -> bool:
    """Whether the words before 调解室 only say what kind of room it is (个人品牌, 村级, 婚姻家庭纠纷)."""
    return bool(_generic().match(name))


_OF_VILLAGE = lazy("(?:个人|人民|品牌)?(?:调解工作室|调解室|评理室|说理室)")


def _without_village(clean: str, room: Room, begins: dict[int, int]) -> Room:
    """耕读村|姜巧云调解工作室: the village where the room is does not belong to its name. ``begins`` gives the end of each village by its start."""
    end = begins.get(room.start, room.start)
    if room.rule != "room.unquoted" or end == room.start or len(room.name) - (end - room.start) < 2 or is_generic(clean[end : room.start + len(room.name)]):
        return room
    return room._replace(name=clean[end : room.start + len(room.name)], start=end)


def rooms(draft: Draft) -> None:
    """Add mentions of named mediation rooms. A quoted list before one class word (“A”“B”调解室) gives one room each."""
    kinds: dict[str, str] = {}
    villages = {mention.end: mention.start for mention in draft.of("place") if mention.attrs.get("level") == "village"}
    begins = {start: end for end, start in villages.items()}
    found = [_without_village(draft.clean, room, begins) for room in iter_rooms(draft.clean, draft.reject)]
    taken = sorted((room.start, room.end) for room in found)
    for name_end, start in villages.items():
        match = _OF_VILLAGE.match(draft.clean, name_end)
        if match is not None and not overlaps(taken, start, match.end()):  # 某某村|调解室
            found.append(Room(draft.clean[start : match.start()], match.group(), start, match.end(), "room.of_village", 0.75))
    practices = accepted_spans(draft.clean)
    for room in sorted((room for room in found if not practices.touches(room.start, room.end)), key=lambda room: room.start):
        drop_bodies_inside(draft, room.start, room.end)
        add_room(draft, room._replace(kind=kinds.setdefault(room.name, room.kind)))  # “A”调解工作室, later “A”等个人调解室: one room


def drop_bodies_inside(draft: Draft, start: int, end: int) -> None:
    """Take back 矛盾纠纷调解中心 where it is the class word of a room's name: “家长里短”矛盾纠纷调解中心."""
    for mention in [mention for mention in draft.of("body") if mention.rule == "body.alone" and start < mention.start and mention.end <= end]:
        draft.mentions.remove(mention)
        draft.reject("body", mention.start, mention.end, mention.rule, "another finding stands there")


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
