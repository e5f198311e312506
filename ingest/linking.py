"""Linking: which places a report names, and whose report it is.

Full names are matched on raw text over the whole register. Ambiguous stays ambiguous: candidates are listed and never chosen without evidence from the text, the
signature, the document number, the address it came from, or metadata.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache

from ingest.draft import Draft
from ingest.gazetteer import Gazetteer, Place, gazetteer, stem_of
from ingest.header import find_docnumber, is_order
from ingest.hosts import find_county, weigh_host
from ingest.patterns import lazy
from ingest.rejections import Reject, unheard
from ingest.rules.signs import Signs
from ingest.segment import words

# What may follow a name so that it is not part of a longer word: 平安乡村, 平安乡镇, 中心镇区 …
_RIGHT_OF = {
    "乡": tuple("村镇土亲情音愁贤级域风规俗间"),
    "镇": tuple("区痛静压定守江海"),
    "县": (*"域级城处乡", "直属", "直机"),
    "市": (*"场民级容直区井政值面价长况辖", "委组织"),
    "区": tuple("域别间块分级"),
    "道": ("路",),
    "省": tuple("级心力内外"),
    "旗": tuple("帜下"),
}
_RIGHT_ALLOWED = lazy(r"市(?:场监|民政|直机关)|市长|镇长|县长|区长|乡长|县直|市区划|县处|镇定[慈海]")
_SURNAMES = frozenset("王李张刘陈杨赵黄吴徐孙胡朱林何郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范")
_COMMON_NAMES = frozenset(
    "联合镇 联合乡 分乡镇 老城区 城区 郊区 矿区 东区 西区 新区 平安乡 平安镇 和平区 中心镇 城关区 社区街道 开发区街道 新城区 市中区 城中区 新华区 长安区 高新区街道 市区街道 城区街道 工业园区街道".split()
)
OWN = lazy(r"(?:我|本|全)(镇|乡|街道|县|区|市|旗|办|苏木)(?![长])")
BARE_TOWNSHIP = lazy(
    r"(?=[镇乡街])(?<![\u4e00-\u9fff乡村])(镇|乡|街道)(?=党委|政府|人民政府|党工委|办事处|始终|党政|人大|司法所|纪委|综合|开展|组织|坚持|各|机关|领导|全体|高度|认真|严格|成立)"
)


class Name:
    """One place name as it stands in the text: span, name, and the register's places that carry it."""

    __slots__ = ("candidates", "end", "name", "start")

    def __init__(self, name: str, start: int, end: int, candidates: list[str]) -> None:
        self.name, self.start, self.end, self.candidates = name, start, end, candidates


def find_places(clean: str, register: Gazetteer, reject: Reject = unheard) -> list[Name]:
    """Full names in the text, leftmost longest, without those that are parts of other words."""
    found: list[Name] = []
    names = [_behind_province(clean, *name, register) for name in register.find_names(clean)]
    begins = {start for name, start, _ in names if len(name) > 2 and name.endswith(("镇", "乡", "街道"))}
    for name, start, end in names:
        after = clean[end : end + 3]
        # 安溪县城厢镇, 舞阳县城关镇: what follows is a name of its own and no part of 县城
        if clean.startswith(_RIGHT_OF.get(name[-1], ()), end) and end not in begins and not _RIGHT_ALLOWED.match(clean[end - 1 : end + 3]):
            reject("place", start, end, "place.full_name", "part of a longer word", (start, min(end + 1, len(clean))))
            continue
        if name in ("会同县", "会同乡") and "怀化" not in clean and "会同县人民政府" not in clean:
            continue  # 会同|县司法局
        if name == "和县" and "马鞍山" not in clean and not clean.startswith(("和县", "安徽省和县")):
            continue  # 县委和|县司法局
        if after[:1] == "长" and len(name) == 3 and clean[start - 1 : start] in _SURNAMES:
            continue  # 王建国镇长 is a person
        # no two-character name is safe by itself: 成县, 理县, 城区, 郊区 are parts of plain words
        if (len(name) == 2 or name in _COMMON_NAMES) and not _bounded(clean, start, end, found):
            reject("place", start, end, "place.full_name", "a plain word, not a name")
            continue
        found.append(Name(name, start, end, register.named(name)))
    return found


@cache
def _provinces() -> dict[str, str]:
    """Short names of the provinces, with their ids: 甘肃 → cn:62."""
    places = gazetteer().places
    provinces = (places[identifier] for identifier in gazetteer().children(""))
    return {re.sub("(?:壮族|回族|维吾尔)?自治区$|特别行政区$|省$|市$", "", place.name): place.id for place in provinces}


def _behind_province(clean: str, name: str, start: int, end: int, register: Gazetteer) -> tuple[str, int, int]:
    """甘肃|宁县, not 肃宁县 in 河北; 湖南|安乡县, not 南安乡: where a province's short name reaches into the name and is followed by the name of a place in it."""
    for length in (2, 3):
        for begin in range(max(0, start - length + 1), start):
            province = _provinces().get(clean[begin : begin + length])
            edge = begin + length
            if province is None or edge <= start:
                continue
            for rest, first, last in register.find_names(clean[edge : edge + _LONGEST])[:1]:
                if first == 0 and any(identifier.startswith(province) for identifier in register.named(rest)):
                    return rest, edge, edge + last
    return name, start, end


_LONGEST = 16  # characters that the name of a place may have


_GOVERNS = lazy(r"人民(?:政府|法院|检察院)|司法局|公安局|委员会|融媒体|新闻网|县委|委县政府")


def _bounded(clean: str, start: int, end: int, found: list[Name]) -> bool:
    """Whether a risky name stands where only a name can: after a name above it, at the start of a line, after 中共, and before a body or another name."""
    before, after = clean[max(0, start - 2) : start], clean[end : end + 5]
    if _GOVERNS.match(after) and not before.endswith(("我", "本", "各", "该", "全", "会")):
        return True  # 房县司法局, 澧县人民法院
    if clean.endswith(tuple(_provinces()), max(0, start - 3), start):
        return True  # 甘肃|宁县
    if found and found[-1].end == start and found[-1].name[-1] in "省市州区县盟":
        return True
    starts = start == 0 or before.endswith(("\n", "共", "《", "（", " ", "至"))
    return starts and bool(re.match(r"人民政府|委员会|县委|[\u4e00-\u9fff]{1,5}[镇乡]|[\u4e00-\u9fff]{1,5}街道|司法局|法治|20\d\d|委|政府", after))


def _mask(clean: str, names: list[Name]) -> str:
    """The text with these names blotted out, at the same length."""
    parts: list[str] = []
    position = 0
    for name in names:
        parts += [clean[position : name.start], "□" * (name.end - name.start)]
        position = name.end
    return "".join([*parts, clean[position:]])


_VILLAGE_SIGNS = Signs("村 社区")


def village_ends(text: str) -> frozenset[str]:
    """What ``may_stand`` asks: each 村 and 社区 of a text with the character before it."""
    return frozenset(text[max(0, start - 1) : end] for start, end in _VILLAGE_SIGNS.spans(text))


def may_stand(village: str, ends: frozenset[str]) -> bool:
    """Whether a village's name can be in a text with these ends: that says no at once for nearly all of the dozens that are looked for in each text."""
    return village[-2:] in ends if village[-1] == "村" else village[-3:] in ends if village[-2:] == "社区" else True


def _is_word(name: str, text: str) -> bool:
    """Whether a short name stands in a text as a word, or as words: 安乡 does not in 平安乡村."""
    if name[0] not in text or name[-1] not in text:  # one character is found ten times as fast as two, and most often is not there
        return False
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        low = max(0, start - 4)
        edges = {low + edge for _, _, edge in words(text[low : end + 4])} | {low}
        if start in edges and end in edges:
            return True
        start = text.find(name, end)
    return False


class Evidence:
    """What around the text speaks for one place or another; scores are small integers that add up, larger ones decide."""

    def __init__(self, draft: Draft, names: list[Name], register: Gazetteer) -> None:
        self.register = register
        self._above: dict[str, tuple[int, tuple[str, ...]]] = {}
        self._townships: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.village_ends = village_ends(draft.clean)
        self.counts: Counter[str] = Counter(name.name for name in names)
        self._named: dict[str, set[str]] = defaultdict(set)  # places that the text names by their names of today, by the place above them
        townships = set()
        for name, candidates in {name.name: name.candidates for name in names}.items():
            found = [register.places[identifier] for identifier in candidates]
            for place in found:
                if place.name == name:
                    self._named[place.parent or ""].add(place.id)
            if all(place.level == "township" for place in found):
                townships.add(name)
        # a township's own name is no evidence for a county or village that sounds alike: 光明街道 says nothing of 光明区
        self.rest = _mask(draft.clean, [name for name in names if name.name in townships])
        self.url = (draft.source.url or "").lower()
        self.metadata = " ".join(
            str(value)
            for value in (draft.source.place, draft.source.metadata.get("place"), draft.source.metadata.get("county"), draft.source.metadata.get("source"))
            if value
        )
        self.key = draft.source.key
        number = find_docnumber(draft.clean, max(draft.head_end, 400))
        self.prefix = number.group(1) if number else ""

    def above(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        """Score and reasons for a county, prefecture or province from all mentions."""
        if identifier not in self._above:
            self._above[identifier] = self._weigh(identifier)
        return self._above[identifier]

    def _weigh(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        place = self.register.places.get(identifier)
        if place is None:
            return 0, ()
        score = 0
        reasons: list[str] = []
        weight = {"county": 4, "prefecture": 2, "province": 1}.get(place.level, 1)
        if self.counts[place.name]:
            score, reasons = score + weight, [*reasons, "path"]
        elif place.stem != place.name and place.stem not in risky_stems() and _is_word(place.stem, self.rest):
            score, reasons = score + max(1, weight // 2), [*reasons, "short form"]
        if place.level == "county":
            if self.prefix and self.prefix[0] == place.name[0]:
                score, reasons = score + 1, [*reasons, "docnumber"]
            if place.name in self.key or place.stem + "县" in self.key:
                score, reasons = score + 3, [*reasons, "key"]
        if place.name in self.metadata or (identifier in self.metadata):
            score, reasons = score + 6, [*reasons, "metadata"]
        if self.url and place.level in ("county", "prefecture") and (strength := weigh_host(self.url, place, tuple(self.register.chain(identifier)[-2::-1]))):
            score, reasons = score + strength, [*reasons, "url"]
        return score, tuple(reasons)

    def of_township(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        """Score and reasons for a township from all mentions."""
        if identifier not in self._townships:
            self._townships[identifier] = self._weigh_township(identifier)
        return self._townships[identifier]

    def below(self, identifier: str, *, besides: str = "") -> int:
        """How many places directly below one the text names."""
        named = self._named.get(identifier, ())
        return len(named) - (besides in named)

    def _weigh_township(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        place = self.register.places[identifier]
        score = 0
        reasons: list[str] = []
        for ancestor in self.register.chain(identifier)[:-1]:
            more, why = self.above(ancestor.id)
            score += more
            reasons += why
        if siblings := self.below(place.parent or "", besides=identifier):
            score, reasons = score + min(2, siblings), [*reasons, "siblings"]
        villages = sum(
            1 for village in self.register.villages(identifier) if len(village) > 2 and may_stand(village, self.village_ends) and _is_word(village, self.rest)
        )
        if villages:
            score, reasons = score + min(4, 2 * villages), [*reasons, "villages"]
        if identifier in self.metadata:
            score, reasons = score + 10, [*reasons, "metadata"]
        return score, tuple(dict.fromkeys(reasons))


@cache
def risky_stems() -> frozenset[str]:
    """Stems that are plain words of the genre as well: 建设, 人民, 中心, 安全, 发展, 平安, 和平, 团结 …"""
    return frozenset(
        "建设 人民 中心 安全 发展 平安 和平 团结 新华 胜利 解放 民主 文明 幸福 光明 前进 红旗 东风 创新 改革 开发 长安 安定 和谐 永安 公安 社会 政府 治安 保安 西安 宣传 服务 城关 城区 城市 新城 老城 乡村 农场 林场 机关 工业 基地 高新 振兴 富民 惠民 利民 为民 新民 安居 兴隆 兴旺 太平 城东 城西 城南 城北 城中 市中 中山 人和 三民 文化 教育 科技 自由 民生 民族 民权 友谊 友好 先锋 向阳 朝阳 共和 阳光 和顺 信义 诚信 正义 公正 仁和 大同 统一 双拥 联合 合作 互助 共青 青年 五四 五一 八一 七一 建国 建华 建新 新建 新兴 中华".split()
    )


def resolve(identifiers: list[str], evidence: Evidence, *, adjacent: set[str] | None = None) -> tuple[str | None, tuple[str, ...]]:
    """The one place among candidates that the evidence decides for, with the reasons; None where it stays open."""
    if len(identifiers) == 1:
        return identifiers[0], ("unique name",)
    if adjacent:
        near = [identifier for identifier in identifiers if identifier in adjacent]
        if len(near) == 1:
            return near[0], ("path",)
    scored = sorted(((evidence.of_township(identifier), identifier) for identifier in identifiers), key=lambda item: (-item[0][0], item[1]))
    (best, reasons), winner = scored[0]
    runner_up = scored[1][0][0]
    return (winner, reasons) if best >= 2 and best > runner_up else (None, ())


def adjacent_to(names: list[Name], index: int, register: Gazetteer) -> set[str]:
    """Candidates of a name that lie in the place written directly before it: 城口县巴山镇."""
    name = names[index]
    if not index or names[index - 1].end != name.start:
        return set()
    homes = set(names[index - 1].candidates)
    return {identifier for identifier in name.candidates if any(place.id in homes for place in register.chain(identifier)[:-1])}


def _zone_names(names: list[Name], start: int, end: int) -> list[int]:
    return [index for index, name in enumerate(names) if start <= name.start < end]


_TOWNSHIP_WORD = lazy(r"(?:[\u4e00-\u9fff]{1,7}?)(?:镇|乡|街道|苏木)(?=人民政府|街道办事处|办事处|党委|党工委|委员会|20\d\d|法治|关于|依法|$)")


def leave_addressee(clean: str, head_end: int) -> int:
    """Where the heading zone ends without the line that says whom it is addressed to: that is not whose it is. 0 where there is no other line."""
    heading = clean[:head_end].rstrip("\n")
    return heading.rfind("\n") + 1 if heading.endswith("：") else head_end


def find_own(
    draft: Draft, names: list[Name], title: str | None, register: Gazetteer, evidence: Evidence
) -> tuple[str | None, str, list[str], tuple[str, ...], str | None]:
    """(place id or None, status, candidates, reasons, name): whose report it is."""
    head_end = max(draft.head_end, 1)
    head_end = leave_addressee(draft.clean, head_end) or head_end
    head = _zone_names(names, 0, head_end)
    tail = _zone_names(names, draft.tail_start, len(draft.clean))
    levels = register.places
    if draft.source.place in levels:
        return draft.source.place, "resolved", [], ("metadata",), None

    def townships(indexes: list[int]) -> list[int]:
        return [index for index in indexes if any(levels[identifier].level == "township" for identifier in names[index].candidates)]

    zones = [("title", townships(head)), ("signature", townships(tail))]
    title_names = find_places(draft.source.title or "", register) if draft.source.title else []
    # a body of the township itself counts more than a mention: 巴山镇人民政府, 巴山镇党委
    for zone, indexes in zones:
        if not indexes:
            continue
        counted = Counter(names[index].name for index in indexes)
        name, _ = counted.most_common(1)[0]
        index = next(index for index in indexes if names[index].name == name)
        candidates = [identifier for identifier in names[index].candidates if levels[identifier].level == "township"]
        adjacent = set().union(*(adjacent_to(names, other, register) for other in indexes if names[other].name == name))
        identifier, reasons = resolve(candidates, evidence, adjacent=adjacent)
        if identifier is not None:
            return identifier, "resolved", [], (zone, *reasons), None
        return None, "ambiguous", sorted(candidates), (zone,), name
    for title_name in title_names:
        candidates = [identifier for identifier in title_name.candidates if levels[identifier].level == "township"]
        if candidates:
            identifier, reasons = resolve(candidates, evidence)
            return (
                (identifier, "resolved", [], ("title", *reasons), None) if identifier else (None, "ambiguous", sorted(candidates), ("title",), title_name.name)
            )
    # a former name: 参内乡 for today's 参内镇
    zone_text = draft.clean[:head_end] + "\n" + draft.clean[draft.tail_start :]
    for match in _TOWNSHIP_WORD.finditer(zone_text):
        former = _former_name(match.group(), evidence, register)
        if former is not None:
            return former[0], "resolved", [], ("title", "former name"), former[1]
    county_named = _county_in(head, names, levels)
    ordered = county_named and is_order(title)  # then what is said of townships is said to them
    own = _own_words(draft.clean)
    speaks_as_township = own["镇"] + own["乡"] + own["街道"] + own["苏木"]
    speaks_as_county = own["县"] + own["区"] + own["市"] + own["旗"]
    # no township in the heading: the one the body speaks of most, if it speaks as a township
    counted = Counter(names[index].name for index in townships(list(range(len(names)))))
    if counted and speaks_as_township >= speaks_as_county and not county_named:
        name, count = counted.most_common(1)[0]
        if count >= 2 or len(counted) == 1:
            candidates = [identifier for identifier in register.named(name) if levels[identifier].level == "township"]
            adjacent = set().union(*(adjacent_to(names, index, register) for index in range(len(names)) if names[index].name == name))
            identifier, reasons = resolve(candidates, evidence, adjacent=adjacent)
            if identifier is not None:
                return identifier, "resolved", [], ("vote", *reasons), None
            return None, "ambiguous", sorted(candidates), ("vote",), name
    county = _vote_county(draft, names, head, tail, evidence, register)
    if speaks_as_township > speaks_as_county and speaks_as_township >= 1 and not ordered:
        kind = max(("镇", "乡", "街道", "苏木"), key=lambda word: own[word])
        below = [identifier for identifier in register.children(county[0]) if levels[identifier].name.endswith(kind)] if county else []
        return None, "unresolved", sorted(below), county[1] if county else (), f"{kind}@{county[0] if county else ''}"
    if county is not None:
        return county[0], "resolved", [], county[1], None
    return None, "unresolved", [], (), None


def _county_in(head: list[int], names: list[Name], levels: Mapping[str, Place]) -> bool:
    return any(levels[identifier].level == "county" for index in head for identifier in names[index].candidates)


def _own_words(clean: str) -> Counter[str]:
    """How often the text says 我镇, 全县 …, and 镇 without a name in front of what only a township's own body does."""
    counted: Counter[str] = Counter(match.group(1) for match in OWN.finditer(clean))
    counted.update(match.group(1) for match in BARE_TOWNSHIP.finditer(clean))
    counted["街道"] += counted.pop("办", 0)
    return counted


def _former_name(name: str, evidence: Evidence, register: Gazetteer) -> tuple[str, str] | None:
    """A township of today whose former kind the name carries (乡 became 镇, 镇 became 街道), if the county is named too."""
    stem = stem_of(name)
    for cut in range(max(0, len(stem) - 1)):
        candidates = register.by_stem.get(stem[cut:], [])
        if not candidates:
            continue
        scored = sorted(((evidence.of_township(identifier)[0], identifier) for identifier in candidates), reverse=True)
        if scored[0][0] >= 4 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            return scored[0][1], name[cut:]
        return None
    return None


def _vote_county(
    draft: Draft, names: list[Name], head: list[int], tail: list[int], evidence: Evidence, register: Gazetteer
) -> tuple[str, tuple[str, ...]] | None:
    """The county (or prefecture, province) that a report without township belongs to."""
    scores: dict[str, int] = defaultdict(int)
    places = register.places
    for index, name in enumerate(names):
        weight = 6 if index in head else 4 if index in tail else 1
        candidates = [identifier for identifier in name.candidates if places[identifier].level != "township"]
        if len(candidates) > 1:
            near = adjacent_to(names, index, register)
            better = [identifier for identifier in candidates if identifier in near]
            candidates = better if len(better) == 1 else best_above(candidates, evidence)
        if len(candidates) == 1:
            level = places[candidates[0]].level
            scores[candidates[0]] += weight * {"county": 3, "prefecture": 2, "province": 1}[level]
    if not scores:
        counties = {identifier for name in names for identifier in name.candidates if len(name.candidates) == 1 and places[identifier].level == "township"}
        parents = Counter(places[identifier].parent for identifier in counties)
        if parents and (most := parents.most_common(1)[0])[1] >= 2 and most[0]:
            return most[0], ("townships named",)
        told = find_county(evidence.url, register) if evidence.url else None
        return (told, ("url",)) if told else None
    best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    winner = best[0][0]
    # a county below the winner that is named as well is the closer home: 玉溪市通海县
    for identifier, _ in best:
        if places[identifier].level == "county" and winner in {place.id for place in register.chain(identifier)}:
            winner = identifier
            break
    reasons = (
        ("title",)
        if any(winner in names[index].candidates for index in head)
        else ("signature",)
        if any(winner in names[index].candidates for index in tail)
        else ("vote",)
    )
    return winner, reasons


def best_above(candidates: list[str], evidence: Evidence) -> list[str]:
    """Counties that share a name (鼓楼区): the one whose prefecture or province the text names."""
    scored = []
    for identifier in candidates:
        above = evidence.register.chain(identifier)[:-1]
        scored.append(
            (
                sum(evidence.above(place.id)[0] for place in above) + 2 * evidence.below(identifier),
                identifier,
            )
        )
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [scored[0][1]] if scored[0][0] > 0 and scored[0][0] > scored[1][0] else candidates
