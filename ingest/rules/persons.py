"""Persons in roles and legal advisers.

A name is a surname with one or two characters that stands directly beside a role (镇党委书记某某某, 某某某律师) and ends where a name can end. A role without
a name is nobody. A lawyer whom the text calls somebody's legal adviser becomes a ``legal_adviser``; a post without a name is noted once, as 法律顾问（未具名）.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import rjieba
from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

import vocabulary
from ingest.draft import Draft, Mention, draft_of

_NOT_GIVEN = frozenset("的了和与及或是为在被将把由等各们这那我你您他她它也都并但则者某×XxＸ就不无已向对从到至以于个名位次件起场第等同副兼任")
_LEADERS = re.compile("习近平|毛泽东|邓小平|江泽民|胡锦涛|李克强|李强|马克思|列宁|雷锋|焦裕禄|孔繁森")
# What may follow a name
_AFTER = re.compile(
    r"(?:$|[两二三四五]位|[两二三四五]名|[，。、；：！？\s“”（）《》\-—/]|(?:记者|通讯员|编辑|摄影|党委|党工委|支部|镇|乡|副|律师|同志|先生|女士|老师|教授|法官|检察官|所长|主任|书记|局长|庭长|等(?!级)|和(?!平)|与|及|以及|为|担任|兼任|任|作(?!风)|主持|主讲|带领|带队|带头|率|率队|率先|在|就|对|向|以|围绕|结合|从|到|来到|赴|参加|出席|列席|介绍|表示|强调|指出|要求|"
    r"传达|宣读|通报|汇报|致辞|讲话|讲解|讲授|授课|宣讲|开展|进行|深入|组织|亲自|现场|应邀|受邀|作为|通过|运用|用|给|将|把|被|说|告诉|认为|代表|负责|分管|牵头|主动|详细|耐心|重点|首先|随后|分别|多次|团队|一行|出任|受聘|签订|签约|提供|解答|的|还|也|便|则|是|获|荣获|被评|履行|述职|述法|发言|点评|总结|部署|安排|接访|走访|调研|指导|督导|协助|参与|调解|化解|审理|担当|常驻|定期|每|先后|一起|一同|共同|均|都|已|曾|再次|热情|耐心|当场|当即|立即|积极|认真|深情|动情|感慨|高兴|激动|坦言|讲述|回忆|家|因|所|发放|走进|来|去|应|受|高度|始终|坚持|全程|严格|全面|多次|又))"
)
_LIST = re.compile(r"[、]|(?:以及|和|与|及)(?=[\u4e00-\u9fff])")
_BLANK_LIST = re.compile(r" ")
_INTRODUCED = re.compile(r"(?:：|为|是|由|（| )?")
_ETHNIC = re.compile(rf"[\u4e00-\u9fff]{{1,7}}(?:·[\u4e00-\u9fff]{{1,8}}){{0,2}}·[\u4e00-\u9fff]{{1,8}}?(?={_AFTER.pattern})")
# Roles that stand after a name
_TRAILING = re.compile(
    r"(?:律师|同志|先生|女士|法官|检察官|老师|教授|副教授|讲师|警官|民警|书记|副书记|主任|副主任|所长|副所长|镇长|副镇长|乡长|副乡长|局长|副局长|庭长|副庭长|院长|副院长|检察长|调解员|委员|校长|副校长|站长|队长)"
)
# What may stand before a name that its role follows
_BEFORE = re.compile(
    r"(?:^|[，。、；：“”（）《\s]|聘请|聘任|聘用|选聘|续聘|外聘|邀请|特邀|邀|请|由|与|和|及|向|对|被|以及|经|对接|联系|委托|安排|组织|事务所|顾问|律师|书记|主任|所长|镇长|乡长|局长|庭长|院长|法官|所|局|院|中心|村|社区|镇|乡|街道|任命|选派|指派|聘|感谢|包括|有|是|为|如|等|在|让)$"
)
_HIRED = re.compile(r"(?:聘请|聘任|聘用|选聘|续聘|外聘|特聘|特邀|邀请)(?:了)?")
# A word of two or more characters with one of these tags begins no name
_NEVER_NAMES = frozenset(["v", "d", "a", "c", "p", "r", "ad", "an", "vn", "t", "f", "m", "i", "u", "vd", "l", "b"])
_CONJUNCTIONS = frozenset("和向从")  # surnames too, but hardly ever
_WORD_TAGS = ("v", "d", "a", "n", "t", "m", "c", "p", "r", "q", "i", "l", "b", "f", "u", "z", "s", "j")


class Roles:
    """Roles and names from ``vocabulary/roles.yaml``."""

    def __init__(self) -> None:
        data = vocabulary.load("roles")
        self.names: list[str] = list(dict.fromkeys(data["person_roles"]))
        self._matcher = AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
        self.careful = frozenset(data["careful_roles"])
        self.single = frozenset(data["surnames"]["single"].split())
        self.compound = frozenset(data["surnames"]["compound"].split())
        self.not_names = frozenset(data["not_names"])
        self.not_lengths = sorted({len(word) for word in self.not_names})

    def find(self, text: str) -> list[tuple[str, int, int]]:
        return [(self.names[index], start, end) for index, start, end in self._matcher.find_matches_as_indexes(text)]

    def is_word(self, text: str, position: int) -> bool:
        """Whether a plain word (高度, 成立) begins here instead of a name."""
        return any(text[position : position + length] in self.not_names for length in self.not_lengths)


@cache
def roles() -> Roles:
    return Roles()


class Named(NamedTuple):
    """A person: the name's span, the role beside it."""

    start: int
    end: int
    name: str
    role: str
    role_start: int


def _plain_word(name: str) -> bool:
    """Whether the segmenter's dictionary knows the whole as a word that is no name: 解答, 石材."""
    tags = rjieba.tag(name)
    return len(tags) == 1 and tags[0][1] in _WORD_TAGS and not tags[0][1].startswith("nr") and len(name) <= 3 and tags[0][1] not in ("j", "s")


def name_end(text: str, position: int, *, loose: bool = False) -> int | None:
    """Where a name that begins at ``position`` ends, or None where none begins. ``loose``: the text around says that a name stands here (主讲人：)."""
    known = roles()
    if position >= len(text):
        return None
    first = text[position]
    if not "\u4e00" <= first <= "\u9fff":
        return None
    if (ethnic := _ETHNIC.match(text, position)) and "某" not in ethnic.group():
        return ethnic.end()
    if text[position : position + 2] in known.compound:
        lengths: tuple[int, ...] = (4, 3, 2) if first in known.single else (4, 3)
    elif first in known.single:
        lengths = (3, 2)
    else:
        return None
    if known.is_word(text, position) or _LEADERS.match(text, position):
        return None
    word, tag = rjieba.tag(text[position : position + 8])[0]
    if not loose and ((len(word) >= 2 and tag in _NEVER_NAMES) or (word in _CONJUNCTIONS and not tag.startswith("nr"))):
        return None
    for length in lengths:
        end = position + length
        given = text[position + 1 : end]
        if end > len(text) or any(character in _NOT_GIVEN or not "\u4e00" <= character <= "\u9fff" for character in given):
            continue
        if not _AFTER.match(text, end) and not (tag == "nr" and len(word) == length):
            continue
        if any(text.startswith(role, position + 1) for role in ("律师", "书记", "主任", "组长", "所长", "成员", "村民", "居民")):
            continue
        if not loose and _plain_word(text[position:end]):
            continue
        return end
    return None


def name_start(text: str, position: int) -> int | None:
    """Where a name that ends at ``position`` begins, or None."""
    known = roles()
    ethnic = re.search(r"[\u4e00-\u9fff]{2,7}(?:·[\u4e00-\u9fff]{1,8}){1,3}$", text[max(0, position - 24) : position])
    if ethnic is not None:
        start = position - len(ethnic.group())
        for lead in ("邀请", "聘请", "由", "请", "和", "与"):
            if text.startswith(lead, start):
                start += len(lead)
        return start
    for length in (3, 2, 4):
        start = position - length
        if start < 0:
            continue
        first = text[start]
        if length == 4:
            if text[start : start + 2] not in known.compound:
                continue
        elif text[start : start + 2] not in known.compound and first not in known.single:
            continue
        if length == 2 and text[start : start + 2] in known.compound:
            continue
        if known.is_word(text, start) or _LEADERS.match(text, start):
            continue
        if first in _CONJUNCTIONS and not rjieba.tag(text[start:position])[0][1].startswith("nr"):
            continue
        given = text[start + 1 : position]
        if any(character in _NOT_GIVEN or not "\u4e00" <= character <= "\u9fff" for character in given) or _plain_word(text[start:position]):
            continue
        if not _BEFORE.search(text, max(0, start - 3), start):
            continue
        return start
    return None


def iter_persons(text: str) -> Iterator[Named]:
    """Names beside roles, by position of the role; a list after one role (律师甲、乙) gives each."""
    for role, start, end in roles().find(text):
        if not role.endswith(("同志", "先生", "女士")):
            yield from _names_after(text, role, start, end)
        if role == "法律顾问" or _TRAILING.fullmatch(role):
            yield from _names_before(text, role, start)
    for match in _HIRED.finditer(text):
        hired = name_end(text, match.end())
        if hired is not None and re.match(r"(?:律师|等|、|和)?[^，。；]{0,14}?(?:为|担任|作为|任)", text[hired : hired + 24]):
            yield from _list_from(text, "律师" if text.startswith("律师", hired) else "", match.start(), match.end())


def _names_after(text: str, role: str, start: int, end: int) -> Iterator[Named]:
    position, loose = end, False
    if text[end : end + 1] == "：":
        position, loose = end + 1, True
    elif text[end : end + 1] == "（" and role not in roles().careful:
        close = text.find("）", end, end + 7)
        if close > 0 and name_end(text, end + 1) == close:
            yield Named(end + 1, close, text[end + 1 : close], role, start)
        return
    elif text[end : end + 1] == " ":
        position, loose = end + 1, True
    if not loose and role in roles().careful and not _sure_name(text, position):
        return
    yield from _list_from(text, role, start, position, loose=loose)


def _sure_name(text: str, position: int) -> bool:
    """After 代表, 村民, 委员 verbs are more frequent than names: the segmenter must see a name too."""
    tags = rjieba.tag(text[position : position + 8])
    if not tags:
        return False
    word, tag = tags[0]
    return tag.startswith("nr") if len(word) >= 2 else tag in ("nr", "zg", "nz", "ng", "n", "j", "ns", "x", "g", "q")


def _list_from(text: str, role: str, role_start: int, position: int, *, loose: bool = False) -> Iterator[Named]:
    while (end := name_end(text, position, loose=loose)) is not None:
        yield Named(position, end, text[position:end], "律师" if role == "律师事务所" else role, role_start)
        after = end + 2 if text.startswith("律师", end) else end
        separator = _LIST.match(text, after)
        if separator is None and role in ("记者", "通讯员"):
            separator = _BLANK_LIST.match(text, after)
        if separator is None:
            return
        position = separator.end()


def _names_before(text: str, role: str, start: int) -> Iterator[Named]:
    position = start - 1 if text[start - 1 : start] == "（" else start
    begin = name_start(text, position)
    while begin is not None:
        yield Named(begin, position, text[begin:position], role, start)
        if role not in ("律师", "同志") or text[begin - 1 : begin] != "、":
            return
        position = begin - 1
        begin = name_start(text, position)


# --- legal advisers -------------------------------------------------------------------------------------------------------------------------------------------

_ADVISER = re.compile(r"法律顾问(?!制度|工作|室|团队服务|记录|服务|咨询|合同|微信|费|经费|协议|全覆盖|机制|管理|微|库|体系|一览|公示|牌|作用|队伍建设)")
_IS_ADVISER = re.compile(
    r"(?:[两二三四五]位|[两二三四五]名)?(?:律师)?(?:（[^（）]{1,30}）)?(?:、[^，。；]{2,12})?(?:团队)?(?:等\S{0,6}?)?(?:继续|长期|常年)?(?:为|担任|作为|任|出任|受聘为|受聘担任|兼任|是|当)[^，。；：]{0,26}$"
)
_POST = re.compile(r"(?:聘请|聘任|聘用|选聘|续聘|外聘|特聘|配备|配齐|选配|设立|聘有|聘好|用好|签约|落实|引入|邀请|充分发挥)[^，。；]{0,24}$")
_POST_ACTS = re.compile(
    r"(?:全程|常态化|积极|定期|主动|共)?(?:参与|参加|审查|审核|列席|出具|提供|提出|为|对|协助|开展|接待|进村|入驻|\d|[一二两三四五六七八九十]名)"
)
_NO_POST = re.compile(r"(?:没有|尚未|未能|未|缺少|缺乏|没|无)(?:[^，。；]{0,10})$")
_SERVES_VILLAGE = re.compile(r"(?:村居|村（居）|村（社区）|村级|社区|村|一村一|一村（居）一|一村（社区）一|每村|各村)(?:配备)?(?:一名)?$")
_POST_WORDS = re.compile(r"(?:常年|专职|兼职|外聘|聘用|首席|政府|人民政府|党委政府|党政|机关|专业|本级|的)+$")
_UNNAMED = "法律顾问（未具名）"


class Around:
    """A draft's bodies, organisations and villages by the position where they end, so that looking near a name stays cheap in a long text."""

    def __init__(self, draft: Draft) -> None:
        self.mentions = sorted(
            (mention for mention in draft.mentions if mention.type in ("body", "organisation") or mention.attrs.get("level") == "village"),
            key=lambda mention: (mention.end, mention.start),
        )
        self._ends = [mention.end for mention in self.mentions]

    def between(self, start: int, end: int) -> list[Mention]:
        """Those that end in start..end, both included."""
        return self.mentions[bisect_left(self._ends, start) : bisect_right(self._ends, end)]


def _government(draft: Draft) -> tuple[str, str | None]:
    """(full name, node) of the reporting place's government: what an adviser serves unless the text says otherwise."""
    place = draft.where.own
    if place is None:
        return "", None
    name = place.name.removesuffix("街道") + "街道办事处" if place.name.endswith("街道") else f"{place.name}人民政府"
    return name, draft.add_node(f"body:{place.id}/{name}", ("Body",), name, kind="government", place=place.id)


def _serves(draft: Draft, around: Around, position: int, clause_start: int) -> tuple[str, str | None]:
    """Whom an adviser named at ``position`` (start of 法律顾问) serves."""
    text = draft.clean
    words = _POST_WORDS.search(text, max(clause_start, position - 14), position)
    left = words.start() if words else position
    for mention in around.between(left, position):
        if mention.type != "place" and mention.start >= clause_start and mention.attrs.get("kind") != "law_firm":
            return mention.canonical or text[mention.start : mention.end], mention.node
    if _SERVES_VILLAGE.search(text, max(clause_start, left - 10), left):
        for mention in around.between(left - 1, left):
            if mention.type == "place":
                return mention.canonical or "", mention.node
        own = draft.where.own
        return (own.name, own.id) if own is not None else ("", None)
    for mention in around.between(clause_start, position):
        if (
            mention.type == "body"
            and mention.attrs.get("kind") == "government"
            and clause_start <= mention.start
            and re.search(r"[为任作]\S{0,8}$", text[clause_start : mention.start])
        ):
            return mention.canonical or "", mention.node
    return _government(draft)


def _firm_near(around: Around, start: int, end: int, position: int) -> Mention | None:
    """The law firm named in a sentence, nearest before ``position``, else the first after it."""
    firms = [mention for mention in around.between(start, end) if mention.attrs.get("kind") == "law_firm" and start <= mention.start]
    before = [mention for mention in firms if mention.end <= position]
    return before[-1] if before else firms[0] if firms else None


def _firm_of(draft: Draft, around: Around, start: int, end: int, person: Named) -> Mention | None:
    """The firm a lawyer is of: directly before the name or its list, or in brackets behind it."""
    for mention in around.between(start, end):
        if mention.attrs.get("kind") != "law_firm" or not start <= mention.start:
            continue
        between = draft.clean[mention.end : person.start] if mention.end <= person.start else draft.clean[person.end : mention.start]
        if (mention.end <= person.start and len(between) <= 24 and not re.search(r"[，。；：为]", between)) or (
            mention.start >= person.end and re.fullmatch(r"(?:律师)?（", between)
        ):
            return mention
    return None


def _clause_start(text: str, sentence_start: int, position: int) -> int:
    low = max(sentence_start, position - 120)  # a text without marks is one clause: look no further than a clause can reach
    return max(low, text.rfind("，", low, position) + 1, text.rfind("；", low, position) + 1)


def _read_advisers(draft: Draft, around: Around, persons: list[Named]) -> dict[tuple[int, int], dict[str, object]]:
    """Attributes of each person that the text calls a legal adviser, by the name's span."""
    text = draft.clean
    advisers: dict[tuple[int, int], dict[str, object]] = {}
    starts = [person.start for person in persons]
    for match in _ADVISER.finditer(text):
        sentence_start, sentence_end = draft.sentence_at(match.start())
        sentence_start, sentence_end = max(sentence_start, match.start() - 300), min(sentence_end, match.end() + 300)
        clause_start = _clause_start(text, sentence_start, match.start())
        for person in persons[bisect_left(starts, sentence_start) : bisect_left(starts, sentence_end)]:
            after = person.start - match.end()
            named_here = (
                0 <= after <= 1
                or (0 <= after <= 14 and person.role_start == match.start())
                or (0 <= after <= 6 and re.fullmatch(r"(?:律师|：|由|为|是|（)*", text[match.end() : person.start]))
            )
            listed = person.end <= match.start() and person.start >= clause_start and _IS_ADVISER.match(text[person.end : match.start()])
            directly_before = person.end == match.start() or (person.end + 1 == match.start() and text[person.end] == "（")
            if not (named_here or listed or directly_before):
                continue
            serves, node = _serves(draft, around, match.start(), clause_start)
            attrs: dict[str, object] = {"role": person.role or "法律顾问", "serves": serves, "serves_node": node, "post": False}
            if (firm := _firm_of(draft, around, sentence_start, sentence_end, person)) is not None:
                attrs |= {"firm": firm.canonical, "firm_node": firm.node}
            advisers.setdefault((person.start, person.end), attrs)
    return advisers


def _note_post(draft: Draft, around: Around, named: list[dict[str, object]]) -> None:
    """Note the first clear unnamed post: a firm as adviser, or an adviser whom nobody names."""
    text = draft.clean
    for match in _ADVISER.finditer(text):
        sentence_start, _ = draft.sentence_at(match.start())
        clause_start = _clause_start(text, sentence_start, match.start())
        before = text[clause_start : match.start()]
        if _NO_POST.search(before):  # 没有聘请法律顾问: there is none
            continue
        if text[match.start() - 1 : match.start()] in ("一", "“") or before.endswith(("一村一", "村（居）一")):
            continue
        firm = _firm_near(around, clause_start, match.start(), match.start())
        if named and (firm is None or any(adviser.get("firm") == firm.canonical for adviser in named)):
            continue
        if not (firm is not None and re.search(r"[为任作]", text[firm.end : match.start()])):
            firm = None
            if not (_POST.search(before) or _POST_ACTS.match(text, match.end())):
                continue
        serves, node = _serves(draft, around, match.start(), clause_start)
        attrs: dict[str, object] = {"role": "法律顾问", "post": True, "serves": serves, "serves_node": node}
        canonical, name = _UNNAMED, "未具名"
        if firm is not None:
            canonical = name = firm.canonical or text[firm.start : firm.end]
            attrs |= {"firm": firm.canonical, "firm_node": firm.node}
        node_id = draft.add_node(
            f"adviser:{draft.own_id}/{name}",
            ("LegalAdviser",),
            canonical,
            kind="firm" if firm is not None else "post",
            place=draft.own_id,
            **({"firm": firm.canonical} if firm is not None else {}),
        )
        draft.add(
            "legal_adviser",
            match.start(),
            match.end(),
            rule="adviser.firm" if firm is not None else "adviser.post",
            confidence=0.85 if firm is not None else 0.7,
            canonical=canonical,
            node=node_id,
            attrs=attrs,
        )
        return


# --- component ------------------------------------------------------------------------------------------------------------------------------------------------


_ROLE_CHAIN = re.compile(r"(?:[党常]?[\u4e00-\u9fff]{0,5}(?:书记|主任|委员|长|主席|组员|成员)、)*")


def _body_of(draft: Draft, around: Around, person: Named) -> Mention | None:
    """The body that the role belongs to: the one that ends inside the role or just before it (镇党委|书记, 司法所|所长, 县司法局|党组书记、局长)."""
    role_end = person.role_start + len(person.role)
    found = None
    for mention in around.between(person.role_start - 16, role_end):
        if mention.type == "place" or mention.start > person.role_start + 1:
            continue
        if mention.end >= person.role_start - 1 or _ROLE_CHAIN.fullmatch(draft.clean, mention.end, person.role_start):
            found = mention
    return found


@Language.component("fazhi_persons")
def persons(doc: Doc) -> Doc:
    """Note persons in roles and legal advisers."""
    draft = draft_of(doc)
    text = draft.clean
    people: list[Named] = []
    for person in sorted(iter_persons(text), key=lambda named: (named.start, -named.end)):
        if not people or person.start >= people[-1].end:
            people.append(person)
    around = Around(draft)
    advisers = _read_advisers(draft, around, people) if "法律顾问" in text else {}
    for person in people:
        attrs: dict[str, object] = {"role": person.role}
        if (body := _body_of(draft, around, person)) is not None:
            attrs |= {"body": body.canonical, "body_node": body.node}
        if (adviser := advisers.get((person.start, person.end))) is not None:
            node = draft.add_node(
                f"adviser:{draft.own_id}/{person.name}",
                ("LegalAdviser",),
                person.name,
                kind="person",
                place=draft.own_id,
                **({"firm": adviser["firm"]} if "firm" in adviser else {}),
            )
            draft.add("legal_adviser", person.start, person.end, rule="adviser.named", confidence=0.93, canonical=person.name, node=node, attrs=adviser)
            continue
        node = draft.add_node(f"person:{draft.own_id}/{person.name}", ("Person",), person.name, role=person.role, place=draft.own_id)
        draft.add("person", person.start, person.end, rule="person.beside_role", confidence=0.85, canonical=person.name, node=node, attrs=attrs)
    if "法律顾问" in text:
        _note_post(draft, around, list(advisers.values()))
    return doc
