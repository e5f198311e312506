"""Documents: laws and regulations, plans and notices, with or without 《》, and the numbers under which they went out.

A law gets its full title from ``vocabulary/laws.yaml``; a plan of the own township that stands without marks gets the township's name. 《条例》 alone stays
unlinked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

import vocabulary
from ingest.draft import Draft, Mention
from ingest.patterns import lazy
from ingest.rejections import Reject, unheard
from ingest.rules.spans import Spans

_TITLE_MARK = lazy(r"[《》\n]")
_BROKEN = lazy(r"[^《》\n。；]{1,40}》")  # a title that a converter broke over two lines goes on
_TITLE_LENGTH = 160  # longer than this, a mark is missing
_NATIONAL = lazy(r"中华人民共和国|中国共产党|中共中央|党中央|国务院|全国人大|全国人民代表大会|最高人民|习近平|法治中国|中央")
_BARE = lazy(
    r"(?:实施|暂行|试行|管理|若干|工作)?(?:条例|办法|规定|意见|方案|通知|纲要|规划|决定|细则|规则|要点|清单|计划|章程|准则|决议|公约|标准|指南|规范|预案|公告|通报|报告|手册|协议|合同)"
)
_YEARS = lazy(r"((?:19|20)\d\d)年?[-—~至到]{1,2}((?:19|20)\d\d)")
_SHORT_NAME = lazy(r"以下(?:统称|简称|称)[：为]?[“《]([^“”《》\n]{1,30})[”》]")
_KEY = lazy(r"[\s《》〈〉“”（）()·、，年度\-—~]")

# --- titles in marks ------------------------------------------------------------------------------------------------------------------------------------------


def iter_titles(text: str, reject: Reject = unheard) -> Iterator[tuple[int, int]]:
    """(start, end) of each outermost 《…》, marks included. A mark that is never closed in its line hides none of the titles after it."""
    opened: list[int] = []
    inner: list[tuple[int, int]] = []
    for match in _TITLE_MARK.finditer(text):
        position, mark = match.start(), match.group()
        if mark == "《":
            opened.append(position)
        elif mark == "》":
            if not opened:
                continue
            start = opened.pop()
            if position - start > _TITLE_LENGTH:
                reject("document", start, position + 1, "document.title", "too short or too long for a name")
                continue
            while inner and inner[-1][0] > start:
                inner.pop()
            inner.append((start, position + 1))
            if not opened:
                yield from _flush(inner)
        elif opened and not _BROKEN.match(text, position + 1):
            yield from _flush(inner)
            opened.clear()
    yield from _flush(inner)


def _flush(inner: list[tuple[int, int]]) -> list[tuple[int, int]]:
    done = [(start, end) for start, end in inner if end - start > 2]
    inner.clear()
    return done


# --- laws -----------------------------------------------------------------------------------------------------------------------------------------------------


class Laws:
    """The catalogue: full titles by any of their names, and the names that are recognised without marks."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.local: set[str] = set()
        self.details: dict[str, dict[str, str]] = {}  # kind, number and date of a title
        self.free: list[str] = []
        for law in vocabulary.load("laws"):
            title = law["title"]
            self.details[title] = {"kind": law["kind"]} | {key: value for key, value in (("docnumber", law.get("number")), ("date", law.get("date"))) if value}
            if law["kind"] == "local":
                self.local.add(title)
            names = {title, title.removeprefix("中华人民共和国"), *law.get("aliases", [])}
            for name in names:
                self.titles.setdefault(_key(name), title)
            if law.get("free", True):
                self.free += sorted(name for name in names if len(name) >= 2)
        self._matcher = AhoCorasick(self.free, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)

    def find(self, text: str) -> list[tuple[str, int, int]]:
        """(full title, start, end) of names in running text, leftmost longest, before any guard."""
        return [(self.titles[_key(self.free[index])], start, end) for index, start, end in self._matcher.find_matches_as_indexes(text)]

    def full_title(self, title: str) -> str | None:
        """中华人民共和国民法典 for 民法典; None where the catalogue has no such name."""
        return self.titles.get(_key(title)) or self.titles.get(_key(re.sub(r"[（(][^（）()]*[）)]$", "", title)))


def _key(title: str) -> str:
    return _KEY.sub("", title)


@cache
def laws() -> Laws:
    return Laws()


# 宪法日, 民法典宣传月, 宪法广场, 民法典主题公园 are days and places, 宪法宣誓 is an act: not the law itself
_NOT_LAW_AFTER = lazy(
    r"(?:日|月|周|宣誓|广场|公园|长廊|大道|一条街|一条路|主题(?:公园|广场|街|游园|长廊|展|步道|馆|宣传月|宣传周|阵地)|宣传(?:日|周|月|季|栏|墙|长廊|阵地|基地|教育基地)|[\u4e00-\u9fff]{0,2}(?:小院|学堂|课堂|大讲堂|驿站|角)|文化(?:公园|广场|长廊|街)|卫队|学[^习])"
)
_QUOTED = lazy(r"“([^“”\n]{1,40})”")


class Reference(NamedTuple):
    """A document that the text names: where, its title as linked, and how sure."""

    start: int
    end: int
    title: str | None  # None: an unspecified 《条例》
    national: bool
    rule: str
    confidence: float
    about: str | None = None  # the title inside 关于印发〈…〉的通知


_SHOWS = ("栏目", "专栏", "节目", "频道")


def read_titles(text: str, reject: Reject = unheard) -> list[Reference]:
    """Each title in marks, with short names resolved that the text itself introduces (以下简称《条例》)."""
    found: list[Reference] = []
    short_names: dict[str, tuple[str, bool]] = {}
    introductions = {match.start(1): match.group(1) for match in _SHORT_NAME.finditer(text)}
    pending = deque(sorted(introductions))
    for start, end in iter_titles(text, reject):
        title = text[start + 1 : end - 1].replace("\n", "").strip()
        if text.startswith(_SHOWS, end):
            continue  # 《法治某县》栏目 is a programme
        while pending and pending[0] <= start + 1:
            position = pending.popleft()
            if found and found[-1].title is not None and position - found[-1].end < 30:
                short_names[introductions[position]] = (found[-1].title, found[-1].national)
        if title in short_names:
            linked, national = short_names[title]
            found.append(Reference(start, end, linked, national, "document.short_name", 0.9))
            continue
        if "、" in title and all(laws().full_title(part) for part in title.split("、")):
            offset = start + 1
            for part in text[start + 1 : end - 1].split("、"):
                full = laws().full_title(part)
                found.append(Reference(offset, offset + len(part), full, full not in laws().local, "document.law_list", 0.9))
                offset += len(part) + 1
            continue
        found.append(_reference(start, end, title))
    return found


def _reference(start: int, end: int, title: str) -> Reference:
    if full := laws().full_title(title):
        return Reference(start, end, full, full not in laws().local, "document.law", 0.98)
    if _BARE.fullmatch(title):
        return Reference(start, end, None, False, "document.unspecified", 0.6)
    about = re.search(r"[〈《](.+)[〉》]", title)
    return Reference(start, end, title, bool(_NATIONAL.match(title)), "document.title", 0.95, about.group(1) if about else None)


def read_laws(text: str, taken: list[tuple[int, int]], reject: Reject = unheard) -> list[Reference]:
    """Laws that stand without marks (讲解宪法、民法典), outside the spans ``taken``."""
    found = []
    names = laws().find(text)
    if not names:
        return []
    marked = Spans(taken)
    quoted = [match.span(1) for match in _QUOTED.finditer(text)]
    quote_starts = [start for start, _ in quoted]
    for title, start, end in names:
        if marked.touches(start, end):
            continue
        if (after := _NOT_LAW_AFTER.match(text, end)) is not None:
            reject("document", start, end, "document.law_unmarked", "named after the law, not the law", (start, after.end()))
            continue
        index = bisect_right(quote_starts, start) - 1
        if index >= 0 and end <= quoted[index][1] and end - start < quoted[index][1] - quoted[index][0]:
            reject("document", start, end, "document.law_unmarked", "inside a title or quotation", quoted[index])
            continue  # “美好生活·民法典相伴” is the name of an activity
        if start and text[start - 1] in "《〈":
            continue
        found.append(Reference(start, end, title, title not in laws().local, "document.law_unmarked", 0.85))
    return found


# --- plans without marks --------------------------------------------------------------------------------------------------------------------------------------

_PLAN = (
    r"(?:实施方案|工作方案|行动方案|试行方案|方案|工作计划|学法计划|培训计划|行动计划|计划(?!生育|经济)|规划(?![建局所办师])|实施意见|实施细则|管理办法|"
    r"暂行办法|办法(?![律学])|工作要点|要点|责任清单|清单(?![化制式管])|应急预案|预案|工作规则|议事规则)"
)
_PLAN_VERB = r"(?:制定|制订|印发|出台|下发|完善|修订|编制|拟定|拟订|落实|转发|按照|根据|依据|对照|执行|实施|通过|起草|发布)"
_PLAN_REFERENCE = lazy(
    rf"{_PLAN_VERB}(?:了|并(?:印发|下发|出台|实施|落实)了?|印发了?|出台了?)?(?P<name>[\u4e00-\u9fff“”\d（）—-]{{3,48}}?{_PLAN}(?:（20\d\d[-—]20\d\d年?）)?)"
    r"(?=[，。；、：）和及与并等的进开对\n（]|$)"
)
_OF_YEAR = lazy(r"20\d\d(?:[-—]20\d\d)?年")
_DEICTIC = lazy(r"(?:我|本)?(镇|乡|街道|县|区|市|旗)(?![级域区村城场容辖])(?=[\u4e00-\u9fff\d])")
_NOT_PLAN = lazy(r"[的了]|各项|各类|有关|相关|上级|具体|一系列|以下|等")


def read_plans(draft: Draft, taken: list[tuple[int, int]]) -> list[Reference]:
    """Plans that the text names without marks: only those that carry a place (巴山镇…实施方案, 我镇…计划) or a year and a proper name."""
    text = draft.clean
    own = [name for place in (draft.where.township, draft.where.county) if place is not None for name in (place.name, place.stem)]
    starts = {mention.start for mention in draft.mentions if mention.type == "place"}
    found = []
    marked = Spans(taken)
    for match in _PLAN_REFERENCE.finditer(text):
        start, end = match.span("name")
        name = match.group("name")
        if marked.touches(start, end):
            continue
        if (general := _NOT_PLAN.search(name)) is not None:
            draft.reject("document", start, end, "document.plan", "too general to name one", (start + general.start(), start + general.end()))
            continue
        if start in starts or any(name.startswith(stem) for stem in own):
            found.append(Reference(start, end, name, False, "document.plan_of_place", 0.85))
        elif (deictic := _DEICTIC.match(name)) and (place := draft.where.of_level(deictic.group(1))) is not None:
            found.append(Reference(start, end, place.name + name[deictic.end() :], False, "document.plan_of_own_place", 0.8))
        elif _OF_YEAR.match(name) and len(re.sub(r"[^\u4e00-\u9fff]", "", name)) >= 9:
            found.append(Reference(start, end, name, False, "document.plan_of_year", 0.7))
        else:
            draft.reject("document", start, end, "document.plan", "a plan without place or year")
    return found


# --- numbers --------------------------------------------------------------------------------------------------------------------------------------------------

_NUMBER = lazy(r"(?:〔(?P<year>(?:19|20)\d\d)年?〕|（(?P<round>(?:19|20)\d\d)）)第?(?P<serial>\d{1,4})号")
_CODE = lazy(r"[\u4e00-\u9fffA-Z]+$")
_DECREE = lazy(r"令(?:〔\d{4}〕)?第\d{1,4}号")
_DECREE_ORGAN = lazy(
    r"(?:国务院|主席|(?:应急管理|自然资源|生态环境|农业农村|交通运输|退役军人事务|人力资源和?社会保障|住房和?城乡建设|工业和信息化|文化和旅游|国家发展改革|[\u4e00-\u9fff]{2})部|国家发展改革委|(?<![\u4e00-\u9fff])(?:省|市)(?:人民)?政府|国家[\u4e00-\u9fff]{2,8}局|[\u4e00-\u9fff]{2,6}(?:省|市|自治区)(?:人民)?政府)$"
)
# What may stand before a code without a blank: verbs and particles, and what the numbered paper is. None of them is said of an issuer at that place.
_CODE_LEFT = (
    r"根据|按照|依照|依据|遵照|对照|印发|下发|制发|签发|转发|发布|公布|下达|出台|制定|报送|呈报|上报|答复|批复|批转|收到|接到|审议|学习|传达|部署|执行|落实|参照|贯彻|列入|写入|纳入|载入|收入|"
    r"文件|文号|字号|编号|通知|意见|方案|通报|通告|公告|决定|函件|督查|督察|督办|建议书|以|由|和|及|与|见|的|了|即|为|是|按|经|并|在|将|对|把|被|至|于|从|据|关于"
)
_CODE_GUARD = lazy(rf".*(?:{_CODE_LEFT})(?=[\u4e00-\u9fff]{{2}})")
_NO_CODE = lazy(rf"(?:{_CODE_LEFT})$")


class DocNumber(NamedTuple):
    """漳官委〔2023〕18号 as it stands and in the usual brackets."""

    start: int
    end: int
    canonical: str
    year: int | None


def iter_numbers(text: str, reject: Reject = unheard) -> Iterator[DocNumber]:
    """Document numbers and numbers of decrees in cleaned text; neither index numbers of web sites nor case numbers of courts."""
    for match in _NUMBER.finditer(text):
        run = _CODE.search(text, max(0, match.start() - 14), match.start())
        if run is None:
            reject("docnumber", match.start(), match.end(), "docnumber", "no issuing code before the number")
            continue
        guard = _CODE_GUARD.match(run.group())
        start = run.start() + (guard.end() if guard else 0)
        code = text[start : match.start()]
        year = match.group("year") or match.group("round")
        if len(code) < 2 or (match.group("round") and len(code) > 8) or _NO_CODE.match(code):
            reject("docnumber", start, match.end(), "docnumber", "no issuing code before the number")
            continue
        yield DocNumber(start, match.end(), f"{code}〔{year}〕{int(match.group('serial'))}号", int(year))
    for match in _DECREE.finditer(text):
        if organ := _DECREE_ORGAN.search(text, max(0, match.start() - 12), match.start()):
            yield DocNumber(organ.start(), match.end(), text[organ.start() : match.end()], None)


# --- components -----------------------------------------------------------------------------------------------------------------------------------------------


def document_node(draft: Draft, title: str, national: bool, **properties: object) -> str:
    """The document as a node: ``law:`` for national ones, ``doc:`` for all others."""
    return draft.add_node(f"{'law' if national else 'doc'}:{title}", ("Document",), title, **properties)


def documents(draft: Draft) -> None:
    """Note documents and document numbers; a number in brackets behind a title is the title's."""
    text = draft.clean
    titles = read_titles(text, draft.reject)
    taken = [(reference.start, reference.end) for reference in titles]
    unmarked = read_laws(text, taken, draft.reject)
    taken += [(reference.start, reference.end) for reference in unmarked]
    numbers = list(iter_numbers(text, draft.reject))
    number_at = {number.start: number for number in numbers}
    dates = {mention.start: mention for mention in draft.mentions if mention.type == "date"}
    for reference in [*titles, *unmarked, *read_plans(draft, taken)]:
        _note(draft, reference, number_at, dates)
    for number in numbers:
        attrs: dict[str, object] = {"header": True} if number.start < max(draft.head_end, 1) and number.canonical == _own_number(draft, number) else {}
        draft.add("docnumber", number.start, number.end, rule="docnumber", confidence=0.97, canonical=number.canonical, attrs=attrs)


def _own_number(draft: Draft, number: DocNumber) -> str | None:
    """The report's own number: in the heading zone and not behind a title."""
    return None if draft.clean[max(0, number.start - 2) : number.start].endswith(("》（", "》", "（")) else number.canonical


def _note(draft: Draft, reference: Reference, number_at: dict[int, DocNumber], dates: dict[int, Mention]) -> None:
    text = draft.clean
    attrs: dict[str, object] = {}
    if reference.title is None:
        attrs["unlinked"] = True
        draft.add(
            "document",
            reference.start,
            reference.end,
            rule=reference.rule,
            confidence=reference.confidence,
            canonical=f"{text[reference.start : reference.end]}（未指明）",
            attrs=attrs,
        )
        return
    properties: dict[str, object] = dict(laws().details.get(reference.title, {}))
    if years := _YEARS.search(text, reference.start, reference.end):
        attrs |= {"valid_from": int(years.group(1)), "valid_to": int(years.group(2))}
        date = dates.get(years.start())
        if date is not None:
            date.attrs |= {"role": "valid_period", "document": reference.title}
    if reference.about:
        attrs["about"] = reference.about
    bracket = reference.end + (text[reference.end : reference.end + 1] == "（")
    if number := number_at.get(bracket):
        attrs["number"] = properties["docnumber"] = number.canonical
    node = document_node(draft, reference.title, reference.national, **properties)
    draft.add(
        "document", reference.start, reference.end, rule=reference.rule, confidence=reference.confidence, canonical=reference.title, node=node, attrs=attrs
    )
