"""Linking: which places a report names, whose report it is, and which year it covers.

Full names are matched on raw text over the whole register; short forms only for places around the report's own county. Ambiguous stays ambiguous: candidates are
listed and never chosen without evidence from the text, the signature, the document number, the address it came from, or metadata.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from urllib.parse import urlsplit

from spacy.language import Language
from spacy.tokens import Doc

from ingest.draft import Draft, Whereabouts, draft_of
from ingest.gazetteer import LABELS, Gazetteer, Place, gazetteer, stem_of
from ingest.ids import report_id
from ingest.model import Frame, Issuer

# What may follow a name so that it is not part of a longer word: 平安乡村, 平安乡镇, 中心镇区 …
_RIGHT_OF = {
    "乡": re.compile(r"[村镇土亲情音愁贤级域风规俗间]"),
    "镇": re.compile(r"[区痛静压定守江海]"),
    "县": re.compile(r"[域级城处乡]|直[属机]"),
    "市": re.compile(r"[场民级容直区井政值面价长况辖]|委组织"),
    "区": re.compile(r"[域别间块分]|级"),
    "道": re.compile(r"[路]"),
    "省": re.compile(r"[级心力内外]"),
    "旗": re.compile(r"[帜下]"),
}
_RIGHT_ALLOWED = re.compile(r"市(?:场监|民政|直机关)|市长|镇长|县长|区长|乡长|县直|市区划|县处|镇定[慈海]")
_LEFT_OF = re.compile(r"[示范试验社片小园景街校灾疫辖学库林湖城灌厂营矿禁开发]$")
_COMMON_NAMES = frozenset(
    "城区 郊区 矿区 东区 西区 新区 平安乡 平安镇 和平区 中心镇 城关区 社区街道 开发区街道 新城区 市中区 城中区 新华区 长安区 高新区街道 市区街道 城区街道 工业园区街道".split()
)
_TITLE = re.compile(
    r"(?:法治|依法|法制|普法|述法|行政执法|法律|司法|平安|综治|政务公开|党政主要负责人|第一责任人|履行推进).{0,60}(?:报告|总结|汇报|情况|述职|要点|计划|自查|材料|综述)"
)
_TITLE_LINE = re.compile(r"(?:报告|总结|汇报|情况|述职述法|述法|自查|材料|综述)(?:（.{1,14}）)?$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?年?(?!\d)")
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年度?|(?=法治|普法))")
_CHINESE_YEAR = re.compile(r"([二〇零一三四五六七八九]{4})年")
_DATE_LINE = re.compile(r"^[^\d]{0,30}(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})日?(?:印发|发布|公布)?$")
_CHINESE_DATE_LINE = re.compile(
    r"^[^〇零]{0,20}(二[〇零][〇零一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日(?:印发)?$"
)
_PUBLISHED = re.compile(r"(?:发布|发文|成文|印发|公开)?(?:时间|日期)：?(20\d\d)[-年./](\d{1,2})")
_ADDRESSEE = re.compile(r"^[^。，；]{2,60}：$")
_DOCNUMBER = re.compile(r"([\u4e00-\u9fff]{1,12}?)〔(20\d\d)〕第?(\d{1,4})号")
_OWN = re.compile(r"(?:我|本|全)(镇|乡|街道|县|区|市|旗|办|苏木)(?![长])")
_BARE_TOWNSHIP = re.compile(
    r"(?<![\u4e00-\u9fff乡村])(镇|乡|街道)(?=党委|政府|人民政府|党工委|办事处|始终|党政|人大|司法所|纪委|综合|开展|组织|坚持|各|机关|领导|全体|高度|认真|严格|成立)"
)
_ISSUER_SUFFIX = r"(?:人民政府办公室|人民政府|委员会|街道办事处|办事处|党工委|党委|管理委员会|管委会|司法局|公安局|[\u4e00-\u9fff]{2,12}局|人民法院|人民检察院|办公室|指挥部)"
_ISSUER = re.compile(rf"(?:中共|中国共产党)?[\u4e00-\u9fff]{{2,30}}?{_ISSUER_SUFFIX}(?:文件)?(?=$|[ 关于])")
_DIGITS = {character: number for number, character in enumerate("〇一二三四五六七八九")} | {"零": 0}


class Name:
    """One place name as it stands in the text: span, name, and the register's places that carry it."""

    __slots__ = ("candidates", "end", "name", "start")

    def __init__(self, name: str, start: int, end: int, candidates: list[str]) -> None:
        self.name, self.start, self.end, self.candidates = name, start, end, candidates


def find_places(clean: str, register: Gazetteer) -> list[Name]:
    """Full names in the text, leftmost longest, without those that are parts of other words."""
    found: list[Name] = []
    for name, start, end in register.find_names(clean):
        after = clean[end : end + 3]
        guard = _RIGHT_OF.get(name[-1])
        if guard is not None and guard.match(after) and not _RIGHT_ALLOWED.match(clean[end - 1 : end + 3]):
            continue
        # no two-character name is safe by itself: 成县, 理县, 城区, 郊区 are parts of plain words
        if (len(name) == 2 or name in _COMMON_NAMES) and not _bounded(clean, start, end, found):
            continue
        found.append(Name(name, start, end, register.by_name[name]))
    return found


def _bounded(clean: str, start: int, end: int, found: list[Name]) -> bool:
    """Whether a risky name stands where only a name can: after a name above it, at the start of a line, after 中共, and before a body or another name."""
    before, after = clean[max(0, start - 2) : start], clean[end : end + 4]
    if found and found[-1].end == start and found[-1].name[-1] in "省市州区县盟":
        return True
    starts = start == 0 or before.endswith(("\n", "共", "《", "（", " ", "至"))
    return starts and bool(re.match(r"人民政府|委员会|县委|[\u4e00-\u9fff]{1,5}[镇乡]|[\u4e00-\u9fff]{1,5}街道|司法局|法治|20\d\d|委|政府", after))


def _chinese_year(text: str) -> int | None:
    digits = [_DIGITS.get(character) for character in text]
    return None if None in digits or len(digits) != 4 else int("".join(str(digit) for digit in digits))


def _small_number(text: str) -> int:
    """一..三十一."""
    if text == "十":
        return 10
    tens, _, ones = text.partition("十")
    if "十" not in text:
        return _DIGITS.get(text, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


# --- the document's parts -------------------------------------------------------------------------------------------------------------------------------------


def find_head(clean: str) -> tuple[int, str | None]:
    """(end of the heading zone, title). The zone ends with the addressee line, or before the first line that is prose or a section heading."""
    position = 0
    title_parts: list[str] = []
    title: str | None = None
    for number, line in enumerate(clean.splitlines(keepends=True)):
        start, position = position, position + len(line)
        words = line.strip()
        if (
            number > 14
            or (len(words) > 70 and not _TITLE_LINE.search(words))
            or re.match(r"[一二三四五六七八九十]、|（一）|\d{4}年[^度]?，|今年|近年|一年来|根据|按照|为", words)
        ):
            return start, title
        if title is not None and re.search("[。；]|，.*，", words):
            return start, title
        if re.search("。", words):
            return start, title
        if title is None and (_TITLE.search(words) or (_TITLE_LINE.search(words) and len(words) > 6)):
            title = words
            if title_parts and not _TITLE.search(words):
                title = title_parts[-1] + words
        elif _ADDRESSEE.match(words):
            return position, title
        title_parts.append(words)
    return (0 if title is None else position), title


def find_tail(clean: str, head_end: int) -> int:
    """Where the closing lines (signature, date, copies, printing office) begin."""
    lines = []
    position = 0
    for line in clean.splitlines(keepends=True):
        lines.append((position, line.strip()))
        position += len(line)
    tail = len(clean)
    for start, line in reversed(lines[-14:]):
        if start < head_end:
            break
        short = len(line) <= 40 and not re.search(r"[。；？！]$|，", line)
        closing = short and (
            _DATE_LINE.match(line)
            or _CHINESE_DATE_LINE.match(line)
            or re.search(rf"{_ISSUER_SUFFIX}$", line)
            or re.match(
                r"(抄送|抄报|主送|附件|联系人|（?此件|（?公开|（?合成|（?联系|主办单位|版权所有|责任编辑|信息来源|扫一扫|上一篇|下一篇|分享到|【?打印)", line
            )
        )
        if closing or (re.match(r"(抄送|抄报|附件|联系人|（?此件|（?合成|主办单位|版权所有|.{0,12}ICP备)", line) and len(line) < 120):
            tail = start
        elif line:
            break
    return tail


def _title_of(draft: Draft, title: str | None) -> str | None:
    if title is None:
        return draft.source.title
    return re.sub(r"^[^\u4e00-\u9fff\d《“〔（]+", "", title.replace(" ", "")) or draft.source.title


# --- the reporting place --------------------------------------------------------------------------------------------------------------------------------------


def _mask(clean: str, names: list[Name]) -> str:
    """The text with these names blotted out, at the same length."""
    parts: list[str] = []
    position = 0
    for name in names:
        parts += [clean[position : name.start], "□" * (name.end - name.start)]
        position = name.end
    return "".join([*parts, clean[position:]])


class Evidence:
    """What around the text speaks for one place or another; scores are small integers that add up, larger ones decide."""

    def __init__(self, draft: Draft, names: list[Name], register: Gazetteer) -> None:
        self.register = register
        # a township's own name is no evidence for a county or village that sounds alike: 光明街道 says nothing of 光明区
        self.rest = _mask(draft.clean, [name for name in names if all(register.places[identifier].level == "township" for identifier in name.candidates)])
        self.counts: Counter[str] = Counter(name.name for name in names)
        self.names = names
        self.url = (draft.source.url or "").lower()
        self.metadata = " ".join(
            str(value)
            for value in (draft.source.place, draft.source.metadata.get("place"), draft.source.metadata.get("county"), draft.source.metadata.get("source"))
            if value
        )
        self.key = draft.source.key
        number = _DOCNUMBER.search(draft.clean[: max(draft.head_end, 400)])
        self.prefix = number.group(1) if number else ""

    @cache  # noqa: B019 - lives as long as one document
    def above(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        """Score and reasons for a county, prefecture or province from all mentions."""
        place = self.register.places.get(identifier)
        if place is None:
            return 0, ()
        score = 0
        reasons: list[str] = []
        weight = {"county": 4, "prefecture": 2, "province": 1}.get(place.level, 1)
        if self.counts[place.name]:
            score, reasons = score + weight, [*reasons, "path"]
        elif place.stem != place.name and place.stem not in _risky_stems() and place.stem in self.rest:
            score, reasons = score + max(1, weight // 2), [*reasons, "short form"]
        if place.level == "county":
            if self.prefix and self.prefix[0] == place.name[0]:
                score, reasons = score + 1, [*reasons, "docnumber"]
            if place.name in self.key or place.stem + "县" in self.key:
                score, reasons = score + 3, [*reasons, "key"]
        if place.name in self.metadata or (identifier in self.metadata):
            score, reasons = score + 6, [*reasons, "metadata"]
        if self.url and place.level in ("county", "prefecture") and _in_host(place.stem, self.url):
            score, reasons = score + 3, [*reasons, "url"]
        return score, tuple(reasons)

    def of_township(self, identifier: str) -> tuple[int, tuple[str, ...]]:
        place = self.register.places[identifier]
        score = 0
        reasons: list[str] = []
        for ancestor in self.register.chain(identifier)[:-1]:
            more, why = self.above(ancestor.id)
            score += more
            reasons += why
        siblings = sum(1 for sibling in self.register.children[place.parent or ""] if sibling != identifier and self.counts[self.register.places[sibling].name])
        if siblings:
            score, reasons = score + min(2, siblings), [*reasons, "siblings"]
        villages = sum(1 for village in self.register.villages(identifier) if len(village) > 2 and village in self.rest)
        if villages:
            score, reasons = score + min(4, 2 * villages), [*reasons, "villages"]
        if identifier in self.metadata:
            score, reasons = score + 10, [*reasons, "metadata"]
        return score, tuple(dict.fromkeys(reasons))


@cache
def _latin(stem: str) -> tuple[str, str]:
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(stem)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def _in_host(stem: str, url: str) -> bool:
    """Whether a government host spells the place: www.anxi.gov.cn, axx.gov.cn does not count as too short to tell."""
    host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    if not host.endswith(".cn"):
        return False
    whole, _ = _latin(stem)
    return any(label == whole or (len(whole) >= 6 and label.startswith(whole)) for label in host.split("."))


def resolve(identifiers: list[str], evidence: Evidence, *, adjacent: set[str] | None = None) -> tuple[str | None, tuple[str, ...]]:
    """The one place among candidates that the evidence decides for, with the reasons; None where it stays open."""
    if len(identifiers) == 1:
        return identifiers[0], ("unique name",)
    scored = sorted(((evidence.of_township(identifier), identifier) for identifier in identifiers), key=lambda item: (-item[0][0], item[1]))
    if adjacent:
        near = [identifier for identifier in identifiers if identifier in adjacent]
        if len(near) == 1:
            return near[0], ("path",)
    (best, reasons), winner = scored[0]
    runner_up = scored[1][0][0]
    return (winner, reasons) if best >= 2 and best > runner_up else (None, ())


def _adjacent(names: list[Name], index: int, register: Gazetteer) -> set[str]:
    """Candidates of a name that lie in the place written directly before it: 城口县巴山镇."""
    name = names[index]
    near: set[str] = set()
    if index and names[index - 1].end == name.start:
        for identifier in name.candidates:
            above = {place.id for place in register.chain(identifier)[:-1]}
            if above & set(names[index - 1].candidates):
                near.add(identifier)
    return near


def _zone_names(names: list[Name], start: int, end: int) -> list[int]:
    return [index for index, name in enumerate(names) if start <= name.start < end]


_TOWNSHIP_WORD = re.compile(r"(?:[\u4e00-\u9fff]{1,7}?)(?:镇|乡|街道|苏木)(?=人民政府|街道办事处|办事处|党委|党工委|委员会|20\d\d|法治|关于|依法|$)")


def find_own(draft: Draft, names: list[Name], title: str | None, register: Gazetteer) -> tuple[str | None, str, list[str], tuple[str, ...], str | None]:
    """(place id or None, status, candidates, reasons, name): whose report it is."""
    evidence = Evidence(draft, names, register)
    head_end = max(draft.head_end, 1)
    heading = draft.clean[:head_end].rstrip("\n")
    if heading.endswith("："):  # whom it is addressed to is not whose it is
        head_end = heading.rfind("\n") + 1 or head_end
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
        adjacent = set().union(*(_adjacent(names, other, register) for other in indexes if names[other].name == name))
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
    own = _own_words(draft.clean)
    speaks_as_township = own["镇"] + own["乡"] + own["街道"] + own["苏木"]
    speaks_as_county = own["县"] + own["区"] + own["市"] + own["旗"]
    # no township in the heading: the one the body speaks of most, if it speaks as a township
    counted = Counter(names[index].name for index in townships(list(range(len(names)))))
    if counted and speaks_as_township >= speaks_as_county and not _county_in(head, names, levels):
        name, count = counted.most_common(1)[0]
        if count >= 2 or len(counted) == 1:
            candidates = [identifier for identifier in register.by_name[name] if levels[identifier].level == "township"]
            adjacent = set().union(*(_adjacent(names, index, register) for index in range(len(names)) if names[index].name == name))
            identifier, reasons = resolve(candidates, evidence, adjacent=adjacent)
            if identifier is not None:
                return identifier, "resolved", [], ("vote", *reasons), None
            return None, "ambiguous", sorted(candidates), ("vote",), name
    county = _vote_county(draft, names, head, tail, evidence, register)
    if speaks_as_township > speaks_as_county and speaks_as_township >= 1:
        kind = max(("镇", "乡", "街道", "苏木"), key=lambda word: own[word])
        below = [identifier for identifier in register.children.get(county[0], []) if levels[identifier].name.endswith(kind)] if county else []
        return None, "unresolved", sorted(below), county[1] if county else (), f"{kind}@{county[0] if county else ''}"
    if county is not None:
        return county[0], "resolved", [], county[1], None
    return None, "unresolved", [], (), None


def _county_in(head: list[int], names: list[Name], levels: dict[str, Place]) -> bool:
    return any(levels[identifier].level == "county" for index in head for identifier in names[index].candidates)


def _own_words(clean: str) -> Counter[str]:
    """How often the text says 我镇, 全县 …, and 镇 without a name in front of what only a township's own body does."""
    counted: Counter[str] = Counter(match.group(1) for match in _OWN.finditer(clean))
    counted.update(match.group(1) for match in _BARE_TOWNSHIP.finditer(clean))
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
            near = _adjacent(names, index, register)
            better = [identifier for identifier in candidates if identifier in near]
            candidates = better if len(better) == 1 else _best_above(candidates, evidence)
        if len(candidates) == 1:
            level = places[candidates[0]].level
            scores[candidates[0]] += weight * {"county": 3, "prefecture": 2, "province": 1}[level]
    if not scores:
        counties = {identifier for name in names for identifier in name.candidates if len(name.candidates) == 1 and places[identifier].level == "township"}
        parents = Counter(places[identifier].parent for identifier in counties)
        if parents and (most := parents.most_common(1)[0])[1] >= 2 and most[0]:
            return most[0], ("townships named",)
        return None
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


def _best_above(candidates: list[str], evidence: Evidence) -> list[str]:
    """Counties that share a name (鼓楼区): the one whose prefecture or province the text names."""
    scored = []
    for identifier in candidates:
        above = evidence.register.chain(identifier)[:-1]
        scored.append(
            (
                sum(evidence.above(place.id)[0] for place in above)
                + sum(2 for child in evidence.register.children[identifier] if evidence.counts[evidence.register.places[child].name]),
                identifier,
            )
        )
    scored.sort(key=lambda item: (-item[0], item[1]))
    return [scored[0][1]] if scored[0][0] > 0 and scored[0][0] > scored[1][0] else candidates


# --- the frame ------------------------------------------------------------------------------------------------------------------------------------------------


def find_year(draft: Draft, title: str | None, signed: str | None) -> tuple[int | None, str | None, list[str]]:
    """(covered year, where it was read, warnings). The title decides; then 2023年度; then the lead; then the signature (January to June report on the year before)."""
    warnings: list[str] = []
    clean = draft.clean
    stated = Counter(int(match.group(1)) for match in re.finditer(r"(20\d\d)年度", clean))
    for text, where in ((title or "", "title"), (draft.source.title or "", "title")):
        years = [int(match.group(1)) for match in _TITLE_YEAR.finditer(text)] or [
            year for match in _CHINESE_YEAR.finditer(text) if (year := _chinese_year(match.group(1)))
        ]
        if years:
            if stated and stated.most_common(1)[0][0] != years[0]:
                warnings.append(f"The title says {years[0]}, the text says {stated.most_common(1)[0][0]}年度.")
            return years[0], where, warnings
    if stated:
        return min(stated, key=lambda year: (-stated[year], year)), "text", warnings
    lead = clean[draft.head_end : draft.head_end + 300]
    if (match := re.search(r"(20\d\d)年(?:以来|来|，|,|度|上半年|全年|[^\d]{0,6}(?:镇|乡|县|市|区|局|街道))", lead)) is not None:
        return int(match.group(1)), "lead", warnings
    if signed is not None:
        year, month = int(signed[:4]), int(signed[5:7])
        return (year - 1 if month <= 6 else year), "signature", warnings
    if (match := _PUBLISHED.search(clean[:600])) is not None:  # a page's own line: 发布时间：2024-03-21
        year, month = int(match.group(1)), int(match.group(2))
        return (year - 1 if month <= 6 and title is not None and _TITLE.search(title) else year), "published", warnings
    named = Counter(int(match.group(1)) for match in re.finditer(r"(20[12]\d)年", clean))
    if named:
        return min(named, key=lambda year: (-named[year], year)), "text", warnings
    for value in (draft.source.metadata.get("year"), draft.source.published):
        if value and (match := re.match(r"(20\d\d)(?:-(\d\d))?", str(value))) is not None:
            return int(match.group(1)) - (1 if match.group(2) and int(match.group(2)) <= 6 else 0), "metadata", warnings
    return None, None, warnings


def find_signed(clean: str, tail_start: int) -> str | None:
    """ISO date of the signature: the first date line of the closing part."""
    for line in clean[tail_start:].splitlines():
        if match := _DATE_LINE.match(line.strip()):
            year, month, day = (int(part) for part in match.groups())
        elif match := _CHINESE_DATE_LINE.match(line.strip()):
            year, month, day = _chinese_year(match.group(1)) or 0, _small_number(match.group(2)), _small_number(match.group(3))
        else:
            continue
        if 1 <= month <= 12 and 1 <= day <= 31 and year:
            return f"{year:04d}-{month:02d}-{day:02d}"
    return None


def read_frame(draft: Draft) -> None:
    """Fill in the draft's heading zone, closing part, frame and whereabouts, and note the places it names."""
    register = gazetteer()
    clean = draft.clean
    head_end, title = find_head(clean)
    draft.head_end = head_end
    draft.tail_start = find_tail(clean, head_end)
    names = find_places(clean, register)
    own, status, candidates, reasons, extra = find_own(draft, names, title, register)
    where = draft.where = Whereabouts()
    place_id = own
    place_name: str | None = None
    path: list[str] = []
    level: str | None = None
    if own is not None:
        _settle(where, register, own)
        where.own = register.places[own]
        place_name = extra or where.own.name
        path = [place.name for place in register.chain(own)]
        level = where.own.level
    elif status == "ambiguous":
        place_id = f"cn:?/{report_id(draft.source.key)[:8]}"
        place_name, level = extra, "township"
        where.own = where.township = Place(place_id, extra or "", "township", None)
    elif extra:
        kind, _, county = extra.partition("@")
        where.unnamed = kind
        level = "township"
        parent = county or None
        if parent is not None:
            _settle(where, register, parent)
            path = [place.name for place in register.chain(parent)]
        place_id = f"{parent or 'cn:?'}/?{report_id(draft.source.key)[:8]}"
        place_name = f"{path[-1] if path else ''}某{kind}（未具名）"
        where.own = where.township = Place(place_id, place_name, "township", parent)
    signed = find_signed(clean, draft.tail_start)
    full_title = _title_of(draft, title)
    year, year_evidence, warnings = find_year(draft, full_title, signed)
    number = _DOCNUMBER.search(clean[: max(head_end, 200)])
    coverage_end = signed if signed is not None and year is not None and signed[:4] == str(year) else f"{year}-12-31" if year is not None else None
    draft.frame = Frame(
        place=place_id,
        place_name=place_name,
        path=tuple(path),
        level=level,
        status="resolved" if own is not None else "ambiguous" if status == "ambiguous" else "unresolved",
        candidates=tuple(candidates),
        place_evidence=tuple(dict.fromkeys(reasons)),
        title=full_title,
        year=year,
        year_evidence=year_evidence,
        coverage_end=coverage_end,
        docnumber=f"{number.group(1)}〔{number.group(2)}〕{number.group(3)}号" if number else None,
        signed=signed,
        warnings=tuple(warnings),
    )
    _note_places(draft, names, register)


def _settle(where: Whereabouts, register: Gazetteer, identifier: str) -> None:
    for place in register.chain(identifier):
        setattr(where, place.level, place)


def node_for(draft: Draft, place: Place, **properties: object) -> str:
    """The place as a graph node, with all places above it."""
    register = gazetteer()
    for above in register.chain(place.id)[:-1] or (register.chain(place.parent) if place.parent else []):
        draft.add_node(above.id, ("Place", LABELS[above.level]), above.name, level=above.level, parent=above.parent)
    return draft.add_node(place.id, ("Place", LABELS[place.level]), place.name, level=place.level, parent=place.parent, **properties)


def _note_places(draft: Draft, names: list[Name], register: Gazetteer) -> None:
    """Place mentions: full names resolved by the report's surroundings, short forms of its own county, and villages of its own township."""
    where = draft.where
    chain = {place.id for place in (where.province, where.prefecture, where.county, where.township) if place is not None}
    evidence = Evidence(draft, names, register)
    taken: list[tuple[int, int]] = []
    if where.own is not None:
        node_for(draft, where.own, **({} if draft.frame.status == "resolved" else {"status": draft.frame.status, "candidates": list(draft.frame.candidates)}))
    for index, name in enumerate(names):
        taken.append((name.start, name.end))
        near = _adjacent(names, index, register)
        identifier: str | None
        local = [candidate for candidate in name.candidates if candidate in chain or register.places[candidate].parent in chain]
        if name.name == draft.frame.place_name and draft.frame.status == "ambiguous":
            identifier = None
        elif len(local) == 1:
            identifier = local[0]
        else:
            identifier, _ = resolve(name.candidates, evidence, adjacent=near)
        if identifier is None and len(name.candidates) > 1 and all(register.places[candidate].level == "county" for candidate in name.candidates):
            best = _best_above(name.candidates, evidence)
            identifier = best[0] if len(best) == 1 else None
        if identifier is not None:
            place = register.places[identifier]
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.full_name",
                confidence=0.97 if identifier in chain or near else 0.85,
                canonical=register.full_name(identifier),
                node=node_for(draft, place),
                attrs={"level": place.level},
            )
        elif name.name == draft.frame.place_name and where.own is not None:
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.ambiguous",
                confidence=0.6,
                canonical=name.name,
                node=where.own.id,
                attrs={"status": "ambiguous", "candidates": sorted(name.candidates)},
            )
        else:
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.ambiguous",
                confidence=0.4,
                canonical=name.name,
                node=None,
                attrs={"status": "ambiguous", "candidates": sorted(name.candidates)},
            )
    _note_short_forms(draft, taken, register)
    _note_villages(draft, taken, register)
    if where.unnamed is not None and where.own is not None:
        match = _OWN.search(draft.clean) or _BARE_TOWNSHIP.search(draft.clean)
        start, end = (match.start(), match.end()) if match else (0, min(1, len(draft.clean)))
        draft.add(
            "place",
            start,
            end,
            rule="place.unnamed_township",
            confidence=0.8,
            canonical=draft.own_name,
            node=where.own.id,
            attrs={"status": "unresolved", "candidates": list(draft.frame.candidates)},
        )


_SHORT_RIGHT = re.compile(
    r"[的、，。；：“”（《》\n 20]|法治|县委|县政府|市委|市政府|区委|区政府|镇|乡|街道|司法所|派出所|法庭|人民|移民|各|全|实际|建设|第[一二三四五六七八九十]|[\u4e00-\u9fff]{0,4}(?:中学|小学|法院|学校|医院)"
)


def _note_short_forms(draft: Draft, taken: list[tuple[int, int]], register: Gazetteer) -> None:
    """曲沃, 漳平 for the report's own county, and 参内 for its own township: never for places elsewhere."""
    for place in (draft.where.county, draft.where.prefecture, draft.where.province, draft.where.township if draft.frame.status == "resolved" else None):
        if place is None or place.stem == place.name or len(place.stem) < 2:
            continue
        risky = place.stem in _risky_stems()
        for match in re.finditer(re.escape(place.stem), draft.clean):
            start, end = match.span()
            if any(a < end and start < b for a, b in taken):
                continue
            if (risky or place.level == "township") and not _SHORT_RIGHT.match(draft.clean[end : end + 6]):
                continue
            if risky and not re.search(r"(?:法治|平安|美丽|中共|[，。、\n“])$", draft.clean[max(0, start - 2) : start]):
                continue
            taken.append((start, end))
            draft.add(
                "place",
                start,
                end,
                rule="place.short_form",
                confidence=0.85,
                canonical=register.full_name(place.id),
                node=node_for(draft, place),
                attrs={"level": place.level},
            )


@cache
def _risky_stems() -> frozenset[str]:
    """Stems that are plain words of the genre as well: 建设, 人民, 中心, 安全, 发展, 平安, 和平, 团结 …"""
    return frozenset(
        "建设 人民 中心 安全 发展 平安 和平 团结 新华 胜利 解放 民主 文明 幸福 光明 前进 红旗 东风 创新 改革 开发 长安 安定 和谐 永安 公安 社会 政府 治安 保安 西安 宣传 服务 城关 城区 城市 新城 老城 乡村 农场 林场 机关 工业 基地 高新 振兴 富民 惠民 利民 为民 新民 安居 兴隆 兴旺 太平 城东 城西 城南 城北 城中 市中 中山 人和 三民 文化 教育 科技 自由 民生 民族 民权 友谊 友好 先锋 向阳 朝阳 共和 阳光 和顺 信义 诚信 正义 公正 仁和 大同 统一 双拥 联合 合作 互助 共青 青年 五四 五一 八一 七一 建国 建华 建新 新建 新兴 中华".split()
    )


def _note_villages(draft: Draft, taken: list[tuple[int, int]], register: Gazetteer) -> None:
    """Villages and communities of the report's own township, by their full names."""
    township = draft.where.township
    if township is None or draft.frame.status != "resolved":
        return
    for village in register.villages(township.id):
        if len(village) < 2 or village in ("社区", "本村", "全村", "农村", "乡村", "各村", "行政村", "自然村"):
            continue
        position = draft.clean.find(village)
        while position >= 0:
            start, end = position, position + len(village)
            position = draft.clean.find(village, end)
            if any(a < end and start < b for a, b in taken):
                continue
            if len(village) == 2 and not re.match(r"[村委社党集支两，。、的民小]|$", draft.clean[end : end + 1]):
                continue
            taken.append((start, end))
            place = Place(f"{township.id}/{village}", village, "village", township.id)
            draft.add(
                "place",
                start,
                end,
                rule="place.village",
                confidence=0.9,
                canonical=register.full_name(township.id) + village,
                node=node_for(draft, place),
                attrs={"level": "village"},
            )


# A street or road: after 在, 到, 把 … or a list comma or the place it is in, and before what is done there.
_SITE = re.compile(
    r"(?<=[在到于把将沿至、镇乡道市县区])(?P<name>(?![的各本全我该条城街道公铁马网思出一上通])[\u4e00-\u9fff]{1,5}?(?:步行街|大街|老街|商业街|[^上逛临沿大街跨社]街|大道|[^道公铁马网思出一上通线套门之有后半]路|[^街里小陋背]巷|集市))"
    r"(?=[、，。；和与及等设制开举打建悬张沿发摆两]|进行|为)"
)


def note_sites(draft: Draft) -> None:
    """Streets and roads by name (仁河路, 巴山镇步行街): places of the township that no register lists."""
    own = draft.own_name if draft.frame.status == "resolved" else ""
    for match in _SITE.finditer(draft.clean):
        start, name = match.start("name"), match.group("name")
        if own and draft.clean.endswith(own, 0, start):
            start -= len(own)
        if draft.covers(match.start("name"), match.end(), "place", "document") or re.match(
            r"(?:党|政|群众|干部|辖区|主要|重点|相关|有关|村|社区|一条)|.*(?:致富|幸福|平安|振兴|发展|连心|回家|上学|小康|之)路$", name
        ):
            continue
        draft.add("place", start, match.end(), rule="place.site", confidence=0.7, canonical=f"{own}{name}", attrs={"kind": "site"})


@Language.component("fazhi_places")
def places(doc: Doc) -> Doc:
    """Read the frame and note every place: full names, short forms of the own county, villages of the own township, streets."""
    draft = draft_of(doc)
    read_frame(draft)
    note_sites(draft)
    return doc


def issuers_of(draft: Draft) -> tuple[tuple[Issuer, ...], tuple[Issuer, ...]]:
    """(issuers, addressees) from the bodies that stand in the header, title and signature, and in the addressee line."""
    issuers: dict[str, Issuer] = {}
    addressees: dict[str, Issuer] = {}
    clean = draft.clean
    reach = 0
    for body in draft.of("body"):  # by start, longest first
        if body.end <= reach or draft.head_end <= body.start < draft.tail_start:
            continue
        reach = body.end
        name = body.canonical or clean[body.start : body.end]
        line_start = clean.rfind("\n", 0, body.start) + 1
        line_end = clean.find("\n", body.end)
        line = clean[line_start : line_end if line_end >= 0 else len(clean)].strip()
        if body.start < draft.head_end and _ADDRESSEE.match(line):
            addressees.setdefault(name, Issuer(name=name, node=body.node))
        elif body.start < draft.head_end or (
            body.start >= draft.tail_start and not re.match("抄|主办|承办|.*印发", line) and clean[body.end : body.end + 1] in ("", "\n", " ")
        ):
            issuers.setdefault(name, Issuer(name=name, node=body.node))
    return tuple(issuers.values()), tuple(addressees.values())
