"""Bodies of party, state and villages, and organisations with a name of their own.

A body is a place or a word for one (安溪县, 巴山, 镇, 我县), words of its own (普法工作) and a head from ``vocabulary/bodies.yaml`` (领导小组).
Heads are found on raw text; what stands left of them is read backwards up to a verb or mark: 联合县水利局 is 县水利局. Short forms get their full
names by the report's whereabouts: 县委 → 中共安溪县委员会.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

import vocabulary
from ingest.draft import Draft
from ingest.gazetteer import Place, gazetteer
from ingest.model import FactType
from ingest.patterns import lazy
from ingest.rejections import Reason
from ingest.rules.signs import Signs
from ingest.rules.spans import Spans, drop_short_places_inside

# --- vocabulary -----------------------------------------------------------------------------------------------------------------------------------------------


class Head(NamedTuple):
    """The last part of a name. ``full``: what a short head stands for (综治办 → 社会治安综合治理办公室); ``alone``: names a body without a place before it."""

    name: str
    full: str
    kind: str
    alone: bool
    middle: bool  # needs words of its own before it: (普法工作)领导小组
    organisation: bool
    plain: bool = False  # needs at most a place before it, and no reading of its own


_PARTY_AND_GOVERNMENT = ("党委、政府", "党委政府")
_LEVELS = "省市县区旗州盟"
_SKIPPED_ORGANISATIONS = frozenset(("market", "park", "farm", "religious"))


_LOOKAROUND = lazy(r"^(?:\(\?<?[!=][^()]*\))+")


def _first_of(pattern: str) -> str:
    """What a guard's first character may be, to stand in a character class. Guards begin with a character, a class or \\d, after lookarounds."""
    pattern = _LOOKAROUND.sub("", pattern)
    return pattern[1 : pattern.index("]")] if pattern[0] == "[" else pattern[:2] if pattern[0] == "\\" else pattern[0]


class Heads:
    """All heads by name, and one automaton over them."""

    def __init__(self) -> None:
        data = vocabulary.load("bodies")
        self.by_name: dict[str, Head] = {}
        self._never_alone, self._needs_words = frozenset(data["never_alone"]), frozenset(data["needs_words"])
        self.organisations_alone, self.organisations_of_place = frozenset(data["organisations_alone"]), frozenset(data["organisations_of_place"])
        for row in data["organisations"]:
            if row["kind"] not in _SKIPPED_ORGANISATIONS:
                self._add(Head(row["suffix"], row["suffix"], row["kind"], False, False, True))
        for row in data["suffixes"]:
            self._add(self._head(row, row["suffix"]))
        for row in data["suffixes"]:  # what has an entry of its own is no short form: 综合行政执法队 is not the county's 综合行政执法大队
            for name in row.get("short", []):
                known = self.by_name.get(name)
                if known is not None and row["suffix"].endswith(name) and not known.organisation:
                    self.by_name[name] = known._replace(full=row["suffix"])  # 法院 is 人民法院
                elif known is None:
                    self._add(self._head(row, name))
        for level in _LEVELS:
            self._add(Head(f"{level}委", f"{level}委", "committee", True, False, False))
        for name, full in data["national"].items():
            self._add(Head(name, full, "national", True, False, False), replace=True)
        self.full_of = {row["short"]: row["full"] for row in data["short_forms"]}
        patterns = data["guard_patterns"]
        words = [patterns.get(word, re.escape(word)) for word in sorted({*data["guards"], *patterns}, key=len, reverse=True)]
        guards = [*words, *data["more_guards"]]
        self.guards = re.compile(f"(?=[{''.join(map(_first_of, guards))}])(?:{'|'.join(guards)})")  # the first character spares trying all of them
        self.generic = re.compile("|".join(data["generic_names"]))
        never = frozenset(data["never"])
        names = [name for name in self.by_name if name not in never]
        self._found = [self.by_name[name]._replace(plain=_is_plain(self.by_name[name])) for name in names]
        self._matcher = AhoCorasick(names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)

    def _head(self, row: dict[str, Any], name: str) -> Head:
        suffix = row["suffix"]
        return Head(
            name, suffix, row["kind"], row.get("alone", False) and name not in self._never_alone, name in self._needs_words, suffix in ("业主委员会", "业委会")
        )

    def _add(self, head: Head, *, replace: bool = False) -> None:
        known = self.by_name.get(head.name)
        if known is None or replace or (head.alone and not known.alone and head.name == head.full):
            self.by_name[head.name] = head

    def find(self, text: str) -> list[tuple[Head, int, int]]:
        """(head, start, end) on raw text, leftmost longest."""
        return [(self._found[index], start, end) for index, start, end in self._matcher.find_matches_as_indexes(text)]


def _is_plain(head: Head) -> bool:
    own = head.kind in ("national", "committee") or head.organisation or head.middle or head.full.endswith("中心组")
    return not own and head.name not in (*_PARTY_AND_GOVERNMENT, "委员会")


@cache
def heads() -> Heads:
    return Heads()


@cache
def _township_stems(county: str) -> dict[str, Place]:
    """Townships of a county by name and by stem: 巴山 and 巴山镇. Stems of one character and stems that two townships share are left out."""
    register = gazetteer()
    found: dict[str, Place] = {}
    shared: set[str] = set()
    for identifier in register.children(county):
        place = register.places[identifier]
        for name in {place.name, place.stem}:
            if name in found:
                shared.add(name)
            found[name] = place
    return {name: place for name, place in found.items() if len(name) >= 2 and name not in shared}


# --- reading --------------------------------------------------------------------------------------------------------------------------------------------

# By a head's last character, what may follow so that it is part of a longer word.
_RIGHT = {
    "委": lazy(r"[托员派任屈]|会(?!议)"),
    "办": lazy(r"[理事好案结学法证件实税成得复点文会班社了]|公(?!室)"),
    "府": lazy(r"采购|性|债|令|信息公开(?:平台|网|专栏|目录)|(?:门户)?网站?(?!格)|门户|官网|公报|热线"),
    "大": lazy(r"代表|会?议案"),
    "协": lazy(r"委员|会"),
    "所": lazy(r"[谓属]"),
    "组": lazy(r"[长员建成织]"),
    "校": lazy(r"[长园]"),
    "队": lazy(r"[伍长员]"),
    "部": lazy(r"[分门]"),
    "院": lazy(r"[坝落]"),
    "局": lazy(r"[面势限]|部(?![署门队])"),  # 县司法局|部署
    "会": lazy(r"[议上场]"),
    "学": lazy(r"[习生用会员校者术业]|法(?![治制官律庭])"),
}
# how those begin: most heads are followed by something else
_RIGHT_STARTS: dict[str, str] = {
    "委": "托员派任屈会",
    "办": "理事好案结学法证件实税成得复点文会班社了公",
    "府": "采性债令信门网官公热",
    "大": "代会议",
    "协": "委会",
    "所": "谓属",
    "组": "长员建成织",
    "校": "长园",
    "队": "伍长员",
    "部": "分门",
    "院": "坝落",
    "局": "面势限部",
    "会": "议上场",
    "学": "习生用会员校者术业法",
}
_LEVEL = lazy(r"(?P<own>[我本全该各每])?(?P<level>街道|镇|乡|县|区|市|旗|省|州|盟|苏木)(?P<grade>级)?$")
_WIDER_LEVEL = lazy("(?:高新|经开|开发|经济开发|经济技术开发|高新技术产业开发|综保|旅游度假|度假|风景名胜|保税|新技术产业开发|自治)$")
_NOT_LEVEL = lazy(r"(?:[社辖园城景小片校库学厂地山灾牧矿疫街片警]区|[城超集]市|[乡城集]镇|[城下故]乡|[各]镇|[各]乡|节省|人民街道|乡镇街道|镇街道)$")
_VILLAGE = lazy(r"(?:^|[，。、；：“”（）\s]|[在到对由和与及向为将把让使给])(?P<name>[^\W\d_在到对由和与及向为将把让使给了的]{2,5}(?:村|社区))$")
_ANY_VILLAGE = lazy(r"(?P<name>村（社区）|村（居）|村居|村|社区)(?:级|一级)?$")
_NOT_VILLAGE = lazy(r"^(?:各|全|行政|自然|本|每|该|两|所有|辖|农|乡|个|试点|示范|我)|城乡社区|行政村|自然村")
_PARTY_BEFORE_GROUP = lazy(r"(?:党委|党工委|党组|党支部)(?:（党[委组]）)?(?:政治)?$")
_CPC = lazy(r"(?:中国共产党|中共)$")
_RULE_OF_LAW = lazy(
    r"依法治(?P<level>省|市|县|区|旗|州|镇|乡|街道|街|村|理)(?P<rest>(?:工作)?委员会(?:办公室|办)?|委(?:办公室|办)?|办公室|办(?![理事好案法])|(?:工作)?(?:领导|协调)小组(?:办公室)?)"
)
_WHOLLY = lazy(r"(?P<full>全面)?(?:推进)?$")
_COMMITTEE_BEFORE = lazy(r"(?:党委|党工委|委)$")
_RUN = lazy(r"[\u4e00-\u9fff“”（）、·]*$")
_HAN_RUN = lazy(r"[\u4e00-\u9fff]*$")
_MERGED = lazy(
    r"(?:办(?![理事好案结学法证件实税成得复点文会班社了公])|常委会(?!议)|[\u4e00-\u9fff]{2,8}协调小组(?:办公室)?|组织部|宣传部|统战部|政法委员会|政法委|办公室|办公厅|党校|编办|网信办|巡察办|社会工作部|政研室|改革办|农办|督查室|党组|党支部|党总支|机关党委|人民武装部|研究室|法制办|法制办公室|常委会办公室)(?![长])"
)
_MERGED_STARTS = frozenset("办常组宣统政党编网巡社改农督机人研法")
_BRANCH = lazy(
    r"[\u4e00-\u9fff]{2,6}(?:分局|支队|大队|中队)|[\u4e00-\u9fff]{2,4}(?<![研究办场处事派出司法])(?:所(?![有属谓以需])|分站|办事处)|[\u4e00-\u9fff]{2,5}(?:人民)?法庭|[\u4e00-\u9fff]{2,18}(?:股|科|监管所|管理所)(?![长员室技学])"
)
_HAVE_BRANCHES = ("局", "大队", "支队", "法院", "厅")
_OFFICE = lazy(r"办(?![理事好案结学法证件实税成得复点文会班社了公])")
_OFFICE_OF = lazy(
    r"(?:数据|普法|扶贫|信访|综治|维稳|平安|法治|政务|应急|安监|经发|党政|国动|营商|农村|巡察|网信|改革|振兴|文明|双拥|宗教|河长|林长|放管服|扫黑|禁毒|城管|规建|村建|农业|执法|治理|建设|服务|财政|防汛|安委|食安|党建|环保|综合|创建)$"
)
_NOT_OWN_WORDS = lazy(r"市[场政容民]|区域|[县区市]级|[县区市]域|[市县]委|[县区市]政府")
_NOT_BUREAU = lazy(r"[的了各等由在向将把为]|联合|邀请|组织|协助|协同|会同|配合|指导|部署|要求|工作|[局委院办厅]")
_YOUTH_LEAGUE = lazy(r"(?:共青团|团)$")
_NOT_MIDDLE = lazy(r"^(?:[各有等该本每两三]|上级|部分|专门|所属|下属|其|多个|若干|工作$|专项$|专门$|临时|联合$|以.+为|由)|^[\u4e00-\u9fff]?$")
_GROUND = lazy(r"(?:成立|组建|设立|建立|新建|调整|充实)(?:了)?(?:以[^，。；]{2,40}的)?$")


_MODEL = lazy(r"(?:模范|枫桥式|示范|优秀|星级|规范化|标杆|先进|达标|最美|五星|最佳|[A-Z]+)$")
# Last characters of patterns that end with $, looked at first: most often one of them tells that nothing ends here. $ also matches before the end of a line.
_MODEL_LAST = frozenset("范式秀级化杆进标美星佳ABCDEFGHIJKLMNOPQRSTUVWXYZ\n")
_LEVEL_LAST = frozenset("道镇乡县区市旗省州盟木级\n")
_TRADE_LAST = frozenset("护管通输业村化场游生康市理境利务源土急会动障政产品洋建划字格层\n")
_COUNTED_LAST = frozenset("个家所支\n")


_BUREAU_IN_TITLE = lazy(r"(?:中共)?([\u4e00-\u9fff]{2,20}?(?:局|人民法院|人民检察院))(?![长面势])")


class Owner(NamedTuple):
    """Whose body it is: the place, the text's start of it, and the words that stand for the place."""

    place: Place | None
    start: int


class Found(NamedTuple):
    type: FactType
    start: int
    end: int
    canonical: str
    place: Place | None
    kind: str
    rule: str
    confidence: float
    node_name: str | None = None  # where several names are one body


class Reader:
    """Reads one draft's bodies. Holds where places end, so that names can be read backwards."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.text = draft.clean
        self.heads = heads()
        where = draft.where
        self.own = where.own
        self.county = where.county
        self.place_at: dict[int, tuple[int, Place]] = {}
        register = gazetteer()
        for mention in draft.mentions:
            if mention.type != "place" or mention.rule == "place.unnamed_township":
                continue
            place = register.places.get(mention.node or "")
            if place is None:
                words = self.text[mention.start : mention.end]
                place = (
                    where.own
                    if where.own is not None and mention.node == where.own.id
                    else Place(mention.node or f"{draft.own_id}/?{words}", words, str(mention.attrs.get("level", "place")), None)
                )
            self.place_at[mention.end] = (mention.start, place)
        titled = _BUREAU_IN_TITLE.match(draft.frame.title or "")
        self.bureau = titled.group(1) if titled else ""  # whose report it is, where that is a bureau or court
        self.stems = _township_stems(where.county.id) if where.county is not None else {}
        self.stem_ends = {stem[-1] for stem in self.stems}
        self.titles = Spans([(mention.start, mention.end) for mention in draft.mentions if mention.type == "document" and self.text[mention.start] == "《"])

    def reject(self, head: Head, start: int, end: int, rule: str, reason: Reason, against: tuple[int, int] | None = None) -> list[Found]:
        """Say why a head is no body here; the empty list that the reading of it gives."""
        self.draft.reject("organisation" if head.organisation else "body", start, end, rule, reason, against)
        return []

    # -- left of a head

    def owner_before(self, position: int, *, local: bool = False) -> Owner:
        """The place that ends at ``position``: named (chain of names), by a short form of the county's townships, or by a word (镇, 我县)."""
        place: Place | None = None
        if self.text[position - 1 : position] == " " and position - 1 in self.place_at:
            position -= 1  # 解放沟镇 人民政府, in a heading
        start = position
        while start in self.place_at:
            left, named = self.place_at[start]
            place = place or named
            if left >= start:
                break
            start = left
        if place is not None:
            namesake = self.stems.get(self.text[start:position])
            if namesake is not None and place.level == "county" and self.text[start:position] != place.name:
                return Owner(namesake if local else place, start)
            return Owner(place, start)
        if self.text[position - 1 : position] in self.stem_ends:
            for length in (4, 3, 2):
                if position >= length and (stem := self.stems.get(self.text[position - length : position])) is not None:
                    return Owner(stem, position - length)
        return self.word_before(position)

    def word_before(self, position: int) -> Owner:
        if self.text[position - 1 : position] not in _LEVEL_LAST:
            return Owner(None, position)
        window = self.text[max(0, position - 5) : position]
        match = _LEVEL.search(window)
        if match is None or _NOT_LEVEL.search(window.removesuffix("级")) or match.group("own") in ("各", "每", "全"):
            return Owner(None, position)
        word = match.group("level")
        if match.group("grade"):  # 县级, 镇级: of that level in general
            return Owner(_GRADE, position - len(window) + match.start("level"))
        place = self.draft.where.of_level(word)
        if place is not None and word in ("镇", "乡", "街道", "苏木") and not (place.name.endswith((word, "（未具名）"))):
            place = None if not place.name.endswith(("镇", "乡", "街道", "苏木")) else place
        start = position - len(window) + match.start("level")
        if word in ("区", "州", "县", "旗") and (wider := _WIDER_LEVEL.search(self.text, max(0, start - 6), start)) is not None:
            start = wider.start()  # 经开|区, 自治|州
            place = place if wider.group() == "自治" else None
        return Owner(place if place is not None else _UNKNOWN, start)

    def bureau_owner(self, position: int) -> Owner:
        """The nearest place or level word before a bureau's own words: 区|城管和综合执法局."""
        run = _HAN_RUN.search(self.text, max(0, position - 14), position)
        for left in range(position - 2, run.start() if run else position, -1):
            if (left in self.place_at or self.text[left - 1] in "省市县区旗州镇乡道") and not _NOT_OWN_WORDS.match(self.text, left - 1):
                owner = self.owner_before(left)
                if owner.place is not None:
                    between = self.text[left:position]
                    return Owner(None, position) if _NOT_BUREAU.search(between) else owner
        return Owner(None, position)

    def middle_before(self, position: int) -> tuple[int, int]:
        """(start of the name's own words, where the search window began), reading backwards from ``position`` to a verb or mark."""
        low = max(0, position - 26)
        run = _RUN.search(self.text, low, position)
        start = run.start() if run else position
        for mark in ("、", "）"):
            cut = self.text.rfind(mark, start, position)
            if cut >= 0 and not (mark == "）" and "（" in self.text[start:cut]):
                start = cut + 1
        opened = self.text.rfind("（", start, position)
        if opened >= 0 and self.text.find("）", opened, position) < 0:
            start = opened + 1
        for match in self.heads.guards.finditer(self.text, start, position):
            if match.end() <= position:
                start = match.end()
        while start < position and self.text[start] in "”）（、·":
            start += 1
        if "“" not in self.text[start:position] and "”" in self.text[start:position]:
            start = self.text.rfind("”", start, position) + 1
        return start, low

    # -- names

    def default_owner(self, head: Head) -> Place | None:
        """Bureaus, courts and the like are the county's; everything else that stands alone is the reporting place's."""
        if self.own is None or self.own.level != "township":
            return self.own
        if head.name.endswith(("局", "法院", "检察院", "厅", "卫健委", "分局", "消防救援大队", "消防大队", "交警大队", "刑警大队")) or head.kind in (
            "committee",
        ):
            return self.county
        return self.own


_UNKNOWN = Place("", "", "place", None)
_GRADE = Place("", "", "grade", None)


def read_bodies(draft: Draft) -> list[Found]:
    """Every body and organisation that the text names, by position."""
    reader = Reader(draft)
    text = reader.text
    found: list[Found] = []
    taken_to = 0
    specials = list(_RULE_OF_LAW.finditer(text))
    found += [_rule_of_law_body(reader, match) for match in specials if not reader.titles.touches(match.start(), match.end())]
    special = Spans([(body.start, body.end) for body in found])
    for firm in _FIRM_WITH_CITY.finditer(text) if "）事务所" in text else ():
        start = firm.start() + max((match.end() for match in reader.heads.guards.finditer(firm.group("name"))), default=0)
        found.append(Found("organisation", start, firm.end(), text[start : firm.end()], reader.own, "law_firm", "organisation.law_firm", 0.9))
    last: Found | None = None
    matches = reader.heads.find(text)
    for index, (head, start, end) in enumerate(matches):
        if start < taken_to or (special.spans and special.touches(start, end)) or (reader.titles.spans and reader.titles.touches(start, end)):
            continue
        after = text[end : end + 1]
        if after and after in _RIGHT_STARTS.get(text[end - 1], "") and _RIGHT[text[end - 1]].match(text, end):
            reader.reject(head, start, end, "body", "part of a longer word", (start, min(end + 1, len(text))))
            continue
        if after == "〔" or (text[start - 1 : start] in _MODEL_LAST and _MODEL.search(text, max(0, start - 4), start)):
            continue  # a document number's prefix; 全国模范司法所 is a title of honour
        if head.name == "局" and (after == "长" or not "\u4e00" <= text[start - 1 : start] <= "\u9fff" or text[start - 1] == "局"):
            continue
        result = _read(reader, head, start, end, last)
        for body in result:
            merged = _merged(text, body.end) if body.type == "body" and body.kind not in ("group", "mediation") else None
            branch = _branch(reader, body.end) if merged is None and body.type == "body" and body.canonical.endswith(_HAVE_BRANCHES) else None
            if merged is not None and index + 1 < len(matches) and matches[index + 1][1] < merged.end() < matches[index + 1][2]:
                merged = None  # the next head reads on from inside it
            merged = merged or branch
            if merged is not None:
                written = text[body.start : merged.end()]
                if branch is not None and merged.group().endswith("法庭"):
                    found.append(body)  # 县人民法院|某某人民法庭: the court as well as its tribunal
                template = reader.heads.full_of.get(written)
                full = template.format(**dict.fromkeys(("province", "prefecture", "county", "township"), body.place.name)) if template and body.place else None
                body = body._replace(end=merged.end(), canonical=full or body.canonical + merged.group(), kind="office", node_name=None)
            if found and found[-1].kind == "government" and found[-1].end == body.start and body.canonical.endswith("办事处"):
                body = body._replace(start=found.pop().start)  # 某某区人民政府某某街道办事处 is one
            found.append(body)
            taken_to = max(taken_to, body.end)
            last = body
    found += _offices(reader, found)
    return sorted(found, key=lambda body: (body.start, -body.end))


def _merged(text: str, position: int) -> re.Match[str] | None:
    """The part of a body that is written behind its name: (县委)组织部, (县教育局)党组."""
    if text[position : position + 1] in _MERGED_STARTS or text.find("协调小组", position, position + 12) >= 0:
        return _MERGED.match(text, position)
    return None


def _branch(reader: Reader, position: int) -> re.Match[str] | None:
    """The branch of a bureau or court behind its name, without a verb in it: (县司法局)行政复议应诉科, (县人民法院)某某人民法庭."""
    match = _BRANCH.match(reader.text, position)
    if match is None or re.search(
        r"[的了、，]|联合|对接|开展|组织|举办|建立|共建|参与|指导|到|在|与[\u4e00-\u9fff]{2,4}法庭|和[\u4e00-\u9fff]{2,4}法庭|派出|等", match.group()
    ):
        return None
    guard = reader.heads.guards.match(reader.text, position)
    return None if guard is not None and guard.end() <= match.end() and guard.group() not in ("执行", "监督", "法") else match


_SQUAD = lazy(
    r"(?:综合(?:行政)?执法|行政执法|城管(?:执法)?|城市管理|交警|交管|消防|巡特警|渔政|路政|水政|农业执法)(?P<stem>[\u4e00-\u9fff]{2,4}?(?:镇|乡|街道)?)(?:中队|分队|大队)(?!长)"
)


_SQUAD_SIGNS = Signs("中队 分队 大队")


def _offices(reader: Reader, found: list[Found]) -> list[Found]:
    """Offices that the catalogue does not have, behind a place or a level word: 县政务数据办, 镇防汛办."""
    text = reader.text
    more: list[Found] = []
    taken = Spans([(body.start, body.end) for body in found])
    county = reader.county
    for squad in _SQUAD.finditer(text) if county is not None and _SQUAD_SIGNS.starts(text) else ():
        if squad["stem"] in reader.stems and not taken.touches(squad.start(), squad.end()) and county is not None:  # 综合执法|某某镇|中队
            more.append(Found("body", squad.start(), squad.end(), county.name + squad.group(), county, "enforcement", "body.squad", 0.8))
    for sign in _OFFICE.finditer(text):
        match = _OFFICE_OF.search(text, max(0, sign.start() - 4), sign.start())
        if match is None or taken.touches(match.start(), sign.end()) or reader.titles.touches(match.start(), sign.end()):
            continue
        for left in range(match.start(), max(match.start() - 7, 0), -1):
            if (left in reader.place_at or text[left - 1] in "省市县区旗镇乡道") and not _NOT_OWN_WORDS.match(text, left - 1):
                owner = reader.owner_before(left)
                if (
                    owner.place is not None
                    and not _NOT_BUREAU.search(text, left, match.start())
                    and re.fullmatch(r"[\u4e00-\u9fff]*", text[left : match.start()])
                ):
                    name = owner.place.name
                    more.append(
                        Found(
                            "body",
                            owner.start,
                            sign.end(),
                            name + text[left : sign.end()] if name else text[owner.start : sign.end()],
                            owner.place,
                            "office",
                            "body.office",
                            0.8,
                        )
                    )
                break
    return more


def _rule_of_law_body(reader: Reader, match: re.Match[str]) -> Found:
    """中共漳平市委全面依法治市委员会办公室 for 市委依法治市办, 参内镇全面依法治镇委员会 for 依法治镇委员会."""
    text = reader.text
    level, rest = match.group("level"), match.group("rest")
    wholly = _WHOLLY.search(text, max(0, match.start() - 4), match.start())
    start = wholly.start() if wholly else match.start()
    full = "全面" if wholly and wholly.group("full") else ""
    committee = _COMMITTEE_BEFORE.search(text, max(0, start - 3), start)
    left = committee.start() if committee else start
    words = committee.group() if committee else ""
    owner = reader.owner_before(left)
    if _CPC.search(text, max(0, owner.start - 5), owner.start):
        owner = Owner(owner.place, owner.start - (5 if text[: owner.start].endswith("中国共产党") else 2))
    place = owner.place if owner.place is not None and owner.place.name else reader.draft.where.of_level(level)
    full_rest = {
        "办": "委员会办公室",
        "办公室": "委员会办公室",
        "委": "委员会",
        "委办公室": "委员会办公室",
        "委办": "委员会办公室",
        "委员会办": "委员会办公室",
    }.get(rest, rest)
    if place is None:
        canonical = text[owner.start : match.end()]
    elif level in "省市县区旗州" and "小组" not in rest:
        canonical = f"中共{place.name}委全面依法治{level}{full_rest}"
    else:
        canonical = f"{place.name}{words if words != '委' else ''}{full}依法治{level}{full_rest}"
    return Found("body", owner.start, match.end(), canonical, place, "group", "body.rule_of_law", 0.95)


def _read(reader: Reader, head: Head, start: int, end: int, last: Found | None) -> list[Found]:
    if head.plain:
        return _plain(reader, head, start, end, last)
    if head.kind == "national":
        if head.name == "党中央" and reader.text[max(0, start - 4) : start] == "为核心的":
            return reader.reject(head, start, end, "body.national", "a figure of speech")
        return [Found("body", start, end, head.full, Place("cn", "中国", "country", None), "national", "body.national", 0.95)]
    if head.kind == "committee":
        return _party_committee(reader, head, start, end)
    if head.organisation:
        return _organisation(reader, head, start, end)
    if head.name in _PARTY_AND_GOVERNMENT:
        return _party_and_government(reader, head, start, end)
    if head.full.endswith("中心组"):
        return _study_group(reader, head, start, end)
    if head.name == "委员会" and (committee := _cpc_committee(reader, start, end)):
        return [committee]
    if head.middle:
        return _with_middle(reader, head, start, end)
    return _plain(reader, head, start, end, last)


def _party_committee(reader: Reader, head: Head, start: int, end: int) -> list[Found]:
    """县委, 安溪县委, 中共漳平市委; the level's character belongs to the place's name where a name ends there."""
    text = reader.text
    named = reader.place_at.get(end - 1)
    if named is not None:
        owner = reader.owner_before(end - 1)
    else:
        if _NOT_LEVEL.search(text[max(0, start - 3) : start + 1]):
            return reader.reject(head, start, end, "body.party_committee", "part of a longer word", (max(0, start - 1), end))
        stem = reader.place_at.get(start)
        place = reader.draft.where.of_level(head.name[0])
        if stem is not None and stem[1].name.startswith(text[stem[0] : start]):
            place, start = stem[1], stem[0]
        owner = Owner(place, start)
    start = owner.start
    if league := _YOUTH_LEAGUE.search(text, max(0, start - 3), start):
        name = owner.place.name if owner.place is not None else ""
        return [
            Found("body", league.start(), end, f"共青团{name}委员会" if name else text[league.start() : end], owner.place, "mass", "body.youth_league", 0.9)
        ]
    if _CPC.search(text, max(0, start - 5), start):
        start -= 5 if text[max(0, start - 5) : start] == "中国共产党" else 2
    canonical = f"中共{owner.place.name}委员会" if owner.place is not None and owner.place.name else text[start:end]
    return [Found("body", start, end, canonical, owner.place, "committee", "body.party_committee", 0.95)]


def _cpc_committee(reader: Reader, start: int, end: int) -> Found | None:
    """中共漳平市官田乡委员会: one body with 官田乡党委."""
    owner = reader.owner_before(start)
    if owner.place is None or not owner.place.name:
        return None
    prefix = _CPC.search(reader.text, max(0, owner.start - 5), owner.start)
    if prefix is None:
        return None
    canonical = f"中共{owner.place.name}委员会"
    return Found("body", prefix.start(), end, canonical, owner.place, "party", "body.cpc_committee", 0.98)


def _party_and_government(reader: Reader, head: Head, start: int, end: int) -> list[Found]:
    """镇党委、政府 are two bodies; without any place they are a way of speaking."""
    owner = reader.owner_before(start)
    if owner.place is None:
        return reader.reject(head, start, end, "body.party_and_government", "no place says whose it is")
    if _generic_township(reader.text, owner.start):
        return reader.reject(head, start, end, "body.party_and_government", "bodies of that kind in general", (max(0, owner.start - 1), start))
    name, split = owner.place.name, start + 2
    rest = reader.text.index("政府", split)
    return [
        Found(
            "body",
            owner.start,
            split,
            f"{name}党委" if name else reader.text[owner.start : split],
            owner.place,
            "party",
            "body.party_and_government",
            0.93,
            f"中共{name}委员会" if name else None,
        ),
        Found("body", rest, end, f"{name}人民政府" if name else reader.text[rest:end], owner.place, "government", "body.party_and_government", 0.9),
    ]


def _generic_township(text: str, start: int) -> bool:
    """乡镇党委, 各乡镇: townships in general."""
    return text[start : start + 1] in "镇乡" and text[max(0, start - 1) : start] in ("乡", "各", "镇", "街")


def _study_group(reader: Reader, head: Head, start: int, end: int) -> list[Found]:
    """镇党委理论学习中心组, 党组理论学习中心组, 理论学习中心组: the reporting place's own."""
    text = reader.text
    left = start
    if not head.name.startswith("党") and (party := _PARTY_BEFORE_GROUP.search(text, max(0, start - 9), start)):
        left = party.start()
    elif head.name == "中心组":
        return []
    owner = reader.owner_before(left)
    if text[max(0, left - 1) : left] in ("县", "区", "市") and owner.place is None:
        return []
    place = owner.place if owner.place is not None else reader.own
    name = place.name if place is not None and place.name else ""
    if reader.bureau and text[left - 1 : left] in ("局", "院"):
        return [Found("body", left - 1, end, reader.bureau + text[left:end], place, "group", "body.study_group", 0.9)]
    node_name = f"{name}党委理论学习中心组" if place is not None and place.level == "township" else None
    return [Found("body", owner.start, end, name + text[left:end], place, "group", "body.study_group", 0.9, node_name)]


def _plain(reader: Reader, head: Head, start: int, end: int, last: Found | None) -> list[Found]:
    """A head that needs at most a place before it: 司法所, 镇派出所, 县水利局, 安溪县人民法院, 湾美村人民调解委员会."""
    text = reader.text
    if reader.bureau and head.name == "党组" and text[start - 1 : start] in ("局", "院") and not "\u4e00" <= text[start - 2 : start - 1] <= "\u9fff":
        return [Found("body", start - 1, end, f"中共{reader.bureau}党组", reader.own, head.kind, "body.own_bureau", 0.85)]
    overlap = (
        next((reader.place_at[right] for right in range(start + 1, end + 1) if right in reader.place_at and reader.place_at[right][0] < start), None)
        if head.name.startswith("街道")
        else None
    )
    if overlap is not None:
        chain = reader.owner_before(overlap[0]) if overlap[0] in reader.place_at else Owner(None, overlap[0])
        return [Found("body", chain.start, end, overlap[1].name.removesuffix("街道") + head.full, overlap[1], head.kind, "body.of_named_place", 0.95)]
    left = start
    if text[left - 1 : left] == "“" and text[end : end + 1] == "”" and head.kind in ("mediation", "grassroots"):
        left, end = left - 1, end + 1
    if head.kind in ("mediation", "grassroots", "supervision") or head.name in ("党支部", "支部", "党总支"):
        village = _village_body(reader, head, left, start, end)
        if village is not None:
            return [village]
    if end - start < len(head.name) + 2 and left != start:
        left, end = start, end - 1
    owner = reader.owner_before(left, local=not head.name.endswith(("局", "院", "委", "会", "大队", "政府")))
    if owner.place is not None:
        if owner.place is _GRADE:
            return reader.reject(head, start, end, "body.of_own_place", "bodies of that kind in general", (owner.start, start))
        if owner.start < left and _generic_township(text, owner.start):
            owner = Owner(None, left)
            if head.kind in ("government", "party", "congress") or not head.alone:
                return reader.reject(head, start, end, "body.of_own_place", "bodies of that kind in general", (max(0, left - 2), start))
        else:
            return [_owned(reader, head, owner, start, end)]
    if (
        last is not None
        and last.place is not None
        and last.place.name
        and head.kind in _TOP
        and last.kind in (*_TOP, "committee")
        and text[last.end : start] in ("", "、", "和", "及")
    ):
        return [_owned(reader, head, Owner(last.place, start), start, end)._replace(rule="body.coordinated", confidence=0.85)]
    if head.name == "街道办事处" or head.name == "街道办":
        place = reader.draft.where.township
        if text[max(0, start - 1) : start] in ("各", "镇", "乡"):
            return reader.reject(head, start, end, "body.own", "bodies of that kind in general", (max(0, start - 1), start))
        return [
            Found("body", start, end, place.name.removesuffix("街道") + "街道办事处" if place is not None else head.full, place, "government", "body.own", 0.9)
        ]
    if (head.name.endswith("局") or (head.kind == "office" and head.name.endswith(("办公室", "中心")))) and text[start - 1 : start] in ("和", "与", "及"):
        bureau = reader.bureau_owner(start)
        if bureau.place is not None:
            name = bureau.place.name
            left = bureau.start
            level_end = next(position for position in range(start, left, -1) if reader.owner_before(position).start == left)
            return [Found("body", left, end, name + text[level_end:end] if name else text[left:end], bureau.place, head.kind, "body.bureau", 0.85)]
    if text[max(0, start - 2) : start] == "国家":
        return [Found("body", start - 2, end, "国家" + head.full, Place("cn", "中国", "country", None), "national", "body.national", 0.85)]
    before = text[start - 1 : start]
    if before in _TRADE_LAST and (prefix := _TRADE.search(text, max(0, start - 8), start)) is not None:
        owner = reader.owner_before(prefix.start())
        if owner.place is not None:
            name = owner.place.name
            return [
                Found(
                    "body",
                    owner.start,
                    end,
                    name + text[prefix.start() : start] + head.full if name else text[owner.start : end],
                    owner.place,
                    head.kind,
                    "body.of_trade",
                    0.85,
                )
            ]
        if head.kind == "enforcement":
            place = reader.county
            return [
                Found(
                    "body", prefix.start(), end, (place.name if place is not None else "") + text[prefix.start() : end], place, head.kind, "body.of_trade", 0.75
                )
            ]
    counted = _COUNTED_AFTER.match(text, end) if text[end : end + 1].isdecimal() else None
    if counted is None and before in _COUNTED_LAST:
        counted = _COUNTED_BEFORE.search(text, max(0, start - 4), start)
    if counted is not None:
        return reader.reject(head, start, end, "body.alone", "counted, not named", counted.span())
    if (
        text[max(0, start - 2) : start] in ("模拟", "一村")
        or (head.kind == "court" and _ENFORCED.match(text, end) and text[max(0, start - 2) : start] in ("申请", "请求", "提请"))
        or before == "各"
    ):
        return reader.reject(head, start, end, "body.alone", "bodies of that kind in general", (max(0, start - 2), start))
    if text[end : end + 1] == "”" and _QUOTED_BEFORE.search(text, max(0, start - 7), start):
        return reader.reject(head, start, end, "body.alone", "part of a longer word")  # “马背|法庭”
    if not head.alone:
        return reader.reject(head, start, end, "body.alone", "no place says whose it is")
    place = reader.default_owner(head)
    canonical = f"{place.name}{head.full}" if place is not None and place.name else head.full
    return [Found("body", start, end, canonical, place, head.kind, "body.alone", 0.85)]


_ENFORCED = lazy("依法|强制执行|执行|裁定|立案")
_QUOTED_BEFORE = lazy(r"“[\u4e00-\u9fff]{1,6}$")
_TRADE = lazy(
    r"(?:保护|监管|交通(?:运输)?|农业(?:农村)?|文化(?:市场|旅游)?|市场(?:监管)?|卫生(?:健康)?|城市(?:管理)?|生态环境|环境|水利|水务|林业|自然资源|国土(?:资源)?|应急(?:管理)?|社会|劳动(?:保障)?|民政|旅游|安全生产|食品药品|海洋|渔业|住建|规划|数字|网格|基层)+$"
)
_COUNTED_AFTER, _COUNTED_BEFORE = lazy(r"\d+[个家所支]"), lazy(r"[\d多几两余][个家所支]$")
_TOP = ("party", "government", "congress", "cppcc", "supervision")


def _owned(reader: Reader, head: Head, owner: Owner, start: int, end: int) -> Found:
    text, place = reader.text, owner.place
    left = owner.start
    named = left < start and text[left:start] not in ("镇", "乡", "街道", "县", "区", "市", "旗", "省", "州", "盟", "苏木")
    if head.kind in ("party", "supervision") and _CPC.search(text, max(0, left - 5), left):
        left -= 5 if text[max(0, left - 5) : left] == "中国共产党" else 2
    rule = "body.of_named_place" if named else "body.of_own_place"
    if place is None or not place.name:
        return Found("body", left, end, text[left:end], place, head.kind, rule, 0.75)
    node_name = None
    if head.full in ("党委", "党工委"):
        canonical = place.name + head.full
        node_name = f"中共{place.name}委员会" if head.full == "党委" else None
    elif head.full == "街道办事处":
        canonical = place.name.removesuffix("街道") + "街道办事处" if place.name.endswith("街道") else place.name + "办事处"
    else:
        written = text[start:end].strip("“”") if not named else head.name
        template = reader.heads.full_of.get(text[left:start] + written) if not named else None
        canonical = (
            template.format(province=place.name, prefecture=place.name, county=place.name, township=place.name)
            if template and "{" in template
            else place.name + head.full
        )
    return Found("body", left, end, canonical, place, head.kind, rule, 0.95 if named else 0.92, node_name)


def _village_body(reader: Reader, head: Head, left: int, start: int, end: int) -> Found | None:
    """湾美村人民调解委员会; 村人民调解委员会 keeps its village unnamed."""
    text = reader.text
    named = reader.place_at.get(left)
    if named is not None and named[1].level == "village":
        return Found("body", named[0], end, named[1].name + head.full, named[1], head.kind, "body.of_village", 0.93)
    window = text[max(0, left - 9) : left]
    match = _VILLAGE.search(window)
    if match is not None and not _NOT_VILLAGE.search(match.group("name")) and match.group("name") not in ("村社区",):
        begin = left - len(match.group("name"))
        name = match.group("name")
        if begin not in reader.place_at and not name.startswith(("镇", "乡", "街道", "县")):
            return Found("body", begin, end, name + head.full, None, head.kind, "body.of_village", 0.85)
    plain = _ANY_VILLAGE.search(window)
    if plain is None or head.name in ("村委会", "居委会", "村民委员会", "居民委员会", "党支部", "支部", "党总支"):
        return None
    begin = left - len(window) + plain.start()
    if begin in reader.place_at or text[max(0, begin - 1) : begin] in ("农", "乡", "各", "每", "镇", "全", "有"):
        return None
    return Found("body", begin, end, plain.group("name") + head.full, None, head.kind, "body.of_any_village", 0.8)


def _with_middle(reader: Reader, head: Head, start: int, end: int) -> list[Found]:
    """(镇)普法工作领导小组, 县公共资源交易管理局, 平安建设和应急管理办公室."""
    text = reader.text
    begin, _ = reader.middle_before(start)
    if head.kind in ("office", "department", "service", "enforcement") and text[begin - 1 : begin] in ("和", "与", "及") and begin > 3:
        joint = reader.bureau_owner(begin - 1)
        if joint.place is not None:  # 镇经济发展|和|乡村振兴办公室
            begin = next(position for position in range(begin - 1, joint.start, -1) if reader.owner_before(position).start == joint.start)
    owner = Owner(None, begin)
    for position in range(start, begin, -1):  # a place inside the window begins the name
        if position in reader.place_at and reader.place_at[position][0] >= begin - 12:
            owner = reader.owner_before(position)
            begin = position
            break
    else:
        match = _OWN_LEVEL.match(text, begin, start)
        if match is not None and not _LEVEL_INSIDE_WORD.match(text, begin, begin + 3):
            owner = reader.word_before(match.end())
            begin = match.end()
    middle = text[begin:start]
    if head.name.endswith("局"):
        if owner.place is None:
            owner = reader.bureau_owner(start)
            begin = (
                start
                if owner.place is None
                else next(position for position in range(start, owner.start, -1) if reader.owner_before(position).start == owner.start)
            )
            middle = text[begin:start]
        if (
            owner.place is None
            or not 2 <= len(middle) + len(head.name) - 1 <= 14
            or re.search(r"[格布大全结时破僵开]$", middle)
            or re.search(r"[的了各等]", middle)
        ):
            return reader.reject(
                head, start, end, "body.with_middle", "no place says whose it is" if owner.place is None else "too short or too long for a name"
            )
    elif not middle and head.name == "指挥中心" and owner.place is not None:
        return [_owned(reader, head, owner, start, end)]
    elif not middle and head.name in ("管委会", "管理委员会") and owner.place is not None and text[owner.start : start] == "区":
        return [_owned(reader, head, owner, start, end)]  # 区管委会 of a development zone
    elif len(middle) < 2 or _NOT_MIDDLE.search(middle) or len(_NOT_HAN.sub("", middle)) < 2:
        return reader.reject(head, begin, end, "body.with_middle", "bodies of that kind in general")
    elif _NICKNAME.fullmatch(middle):
        return []  # 老杨调解中心 is a mediator's room
    elif owner.place is None:
        if (
            (head.kind == "group" and head.full.endswith(("领导小组", "协调小组")))
            or _ZONE_BEFORE.search(middle)
            or head.name in ("领导小组办公室",)
            or _GROUND.search(text, max(0, begin - 50), begin)
            or (
                head.name in ("委员会", "工作委员会")
                and len(middle) >= 3
                and re.search(r"(?:调解|保护|生产|治理|监督|建设|管理|工作|仲裁|复议|安全|矫正|禁毒)$", middle)
            )
            or (head.name.endswith("中心") and head.name not in ("服务中心",) and len(middle) >= 2 and not re.search(r"^(?:数据|医疗|物业|项目)", middle))
            or (head.name == "办公室" and len(middle) >= 4 and re.search(r"(?:建设|管理|发展|事务|执法|综合|法治|治理|保障|服务|农村|应急|党建|振兴)$", middle))
        ):
            pass
        else:
            return reader.reject(head, begin, end, "body.with_middle", "no place says whose it is")
    place = owner.place if owner.place is not None else reader.own
    name = place.name if place is not None else ""
    canonical = name + middle + head.full
    left = owner.start if owner.place is not None else begin
    return [Found("body", left, end, canonical if name else text[left:end], place, head.kind, "body.with_middle", 0.88 if owner.place is not None else 0.8)]


_OWN_LEVEL = lazy(r"(?:我|本)?(?:街道|镇|乡|县|区|市|省|旗)")
_LEVEL_INSIDE_WORD = lazy(r"[市]场|[区]域|[镇乡]村|[乡]镇|[县市区省]级|[市]政|街道[级]")
_NOT_HAN = lazy(r"[^\u4e00-\u9fff]")
_NICKNAME = lazy(r"[老小][\u4e00-\u9fff]|[\u4e00-\u9fff]{1,3}(?:姐|哥|妈|叔|婶|爷|书记)")
_ZONE_BEFORE = lazy("(?:开发区|园区|新区|示范区|度假区|风景区|高新区|经开区|名胜区|保税区)$")

# --- organisations --------------------------------------------------------------------------------------------------------------------------------------------

_COUNT_OF_THEM = lazy(r"(?:等)?(?:[一二两三四五六七八九十几数多百]{1,3}|\d+)余?[家所个名]")
_FIRM_OF_PROVINCE = lazy(
    r"(?:北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆)(?!省|市)[\u4e00-\u9fff]{1,4}(?:（[\u4e00-\u9fff]{2,6}）)?$"
)
_FIRM_NAME = lazy(r"(?![\u4e00-\u9fff]{0,4}(?:聘请|委托|邀请|联合|的|与|选聘|律师))[\u4e00-\u9fff]{1,6}(?:（[\u4e00-\u9fff]{2,6}）)?")
_OWN_LEVEL_BEFORE_NAME = lazy(r"(?:我|本)?(?:街道|镇|乡|县|区|市)(?![场政民容域级城])(?=[\u4e00-\u9fff]{2})")
_QUOTED_NAME = lazy(r"“[^“”]{1,12}”[\u4e00-\u9fff]{0,6}$")
_NAME_OF_SCHOOL = lazy(r"第[一二三四五六七八九十]+|实验|中心|希望|附属|[\u4e00-\u9fff]{2,}(?:村|镇|乡)")
_FIRM_WITH_CITY = lazy(r"(?P<name>[\u4e00-\u9fff]{2,10})律师（[\u4e00-\u9fff]{2,6}）事务所")


def _organisation(reader: Reader, head: Head, start: int, end: int) -> list[Found]:
    """Proper names only: 安溪第十六小学, 福建某某律师事务所; 各中小学, 民营企业 and 聘请律师事务所 name nobody."""
    text = reader.text
    begin, _ = reader.middle_before(start)
    if (created := text.rfind("创建", begin, start)) >= 0:
        begin = created + len("创建")  # 某某村创建|麦田调解队
    if head.kind == "law_firm":
        begin = _firm_start(text, begin, start)
        for position in range(start - 1, max(0, start - 9), -1):  # 浙江浙经律师事务所: what follows the place is the name, whatever it looks like
            if position in reader.place_at and _FIRM_NAME.fullmatch(text, position, start):
                begin = min(begin, reader.place_at[position][0])
                break
        else:
            if (titled := _FIRM_OF_PROVINCE.search(text, max(0, start - 14), start)) is not None:
                begin = min(begin, titled.start())
    bracket = text.find("（", begin, start)
    until = bracket if bracket >= 0 else start  # the city of a firm's branch is no place before its name
    places = [position for position in range(begin, until + 1) if position in reader.place_at and reader.place_at[position][0] >= begin - 12]
    owner = Owner(None, begin)
    if places:
        owner = reader.owner_before(places[0])
        begin = owner.start if head.kind not in ("bank", "company") else min(begin, owner.start)
    elif head.name not in ("律师事务所", "律所") and head.kind != "company" and (word := _OWN_LEVEL_BEFORE_NAME.match(text, begin, end)):
        owner = reader.word_before(word.end())
        if owner.place is None:
            return []
    name = text[begin:end]
    own_words = text[begin:start]
    if own_words.count("“") > own_words.count("”"):
        return reader.reject(head, begin, end, "organisation.named", "inside a title or quotation")
    if (counted := _COUNT_OF_THEM.match(own_words)) is not None and counted.end() == len(own_words):
        return reader.reject(head, begin, end, "organisation.named", "counted, not named")
    if head.kind == "volunteers":
        quoted = _QUOTED_NAME.search(text[max(0, start - 22) : start])
        if quoted is not None:
            begin = start - len(quoted.group())
            name = text[begin:end]
        elif (owner.place is None and own_words[:2] not in reader.stems) or len(own_words) < 3:
            return reader.reject(head, begin, end, "organisation.named", "too general to name one")
    elif not own_words:
        if head.name not in reader.heads.organisations_alone:
            return reader.reject(head, start, end, "organisation.named", "too general to name one")
    elif reader.heads.generic.match(own_words) and owner.place is None:
        return reader.reject(head, begin, end, "organisation.named", "too general to name one")
    elif head.name == "学院" and text[begin:start].endswith("网络"):
        return []  # a platform
    elif head.name in ("小学", "中学", "幼儿园", "初中", "学院", "大学") and owner.place is None and re.fullmatch(r"[\u4e00-\u9fff]{2,5}", own_words):
        pass
    elif (head.name in reader.heads.organisations_of_place and owner.place is None and not _NAME_OF_SCHOOL.search(own_words)) or (
        len(own_words) < 2 and owner.place is None
    ):
        return reader.reject(head, begin, end, "organisation.named", "too general to name one")
    if "“" in name and "”" not in name:
        return reader.reject(head, begin, end, "organisation.named", "nothing bounds the name")
    place = owner.place if owner.place is not None and owner.place.name else None
    if (
        place is not None
        and text[begin : begin + 2] not in (place.name[:2],)
        and owner.start < start
        and re.match(r"(?:我|本)?(?:街道|镇|乡|县|区|市)", text[owner.start : start])
    ):
        rest = re.sub(r"^(?:街道|镇|乡|县|区|市)", "", text[owner.start : end])
        canonical, begin = place.name + rest, owner.start
    elif not own_words and reader.own is not None and head.name in reader.heads.organisations_alone:
        canonical = reader.own.name + head.name
    else:
        canonical = name
    return [Found("organisation", begin, end, canonical, place or reader.own, head.kind, "organisation.named", 0.88)]


def _firm_start(text: str, begin: int, start: int) -> int:
    """A firm's name may hold a place in brackets: 北京某某（泉州）律师事务所."""
    if text[start - 1 : start] != "）":
        return begin
    bracket = text.rfind("（", max(0, start - 10), start)
    if bracket < 0:
        return begin
    run = _HAN_RUN.search(text, max(0, bracket - 10), bracket)
    low = run.start() if run else bracket
    for match in heads().guards.finditer(text, low, bracket):
        low = match.end()
    return low


# --- component ------------------------------------------------------------------------------------------------------------------------------------------------


def body_node(draft: Draft, found: Found) -> str | None:
    """The node of a body or organisation."""
    place = found.place.id if found.place is not None and found.place.id else draft.own_id
    name = found.node_name or found.canonical
    identifier, label = (f"org:{draft.own_id}/{name}", "Organisation") if found.type == "organisation" else (f"body:{place}/{name}", "Body")
    known = draft.nodes.get(identifier)
    if known is not None and "kind" in known.properties and "place" in known.properties:
        return identifier
    return draft.add_node(identifier, (label,), name, kind=found.kind, place=place)


def bodies(draft: Draft) -> None:
    """Note bodies and organisations with their full names."""
    for found in read_bodies(draft):
        draft.add(
            found.type,
            found.start,
            found.end,
            rule=found.rule,
            confidence=found.confidence,
            canonical=found.canonical,
            node=body_node(draft, found),
            attrs={"kind": found.kind},
        )
    drop_short_places_inside(draft, [(mention.start, mention.end) for mention in draft.mentions if mention.type == "organisation"])
