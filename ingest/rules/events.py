"""Events: congresses, legal days and weeks, trainings, meetings and campaigns that took place once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from ingest.draft import Draft
from ingest.patterns import lazy
from ingest.rejections import Reject, unheard
from ingest.rules.catalogue import catalogue, find_known
from ingest.rules.edges import phrase_before, strip_soft
from ingest.rules.quotes import inside, read_quotes, title_spans
from ingest.rules.signs import Signs, iter_at, iter_near


class Event(NamedTuple):
    name: str
    kind: str
    start: int
    end: int
    rule: str
    confidence: float
    national: bool = False  # the same event for everyone, such as 党的二十大
    date: str | None = None  # MM-DD of a day of the year


_CONGRESS = lazy(
    r"(?:中国共产党|党的)?(?:第?[十二]{1,3}[一二三四五六七八九]?届(?:[一二三四五六七八]中全会|历次全会|历届全会)|第?(?:十[六七八九]|二十[一二]?)(?:大(?![会类地多家力型])|次全国代表大会)|(?:十[六七八九]|二十)届历次全会)|全国两会"
)
_CONGRESS_SIGNS = Signs("六大 七大 八大 九大 十大 一大 二大 全会 代表大会 两会")
_MEETING = lazy(
    r"(?:专题培训(?:会|班)?|培训会|培训班|推进会|动员会|部署会|座谈会|研讨会|宣讲会|工作会议|专题会议|联席会议|现场会|知识竞赛|知识测试|专题讲座|法治讲座|法制讲座|法律讲座|主题党日|文艺演出|文艺汇演|文艺巡演|启动仪式|模拟法庭|宣誓仪式|报告会|观摩会|述法会|演练|专题学习|集体学习(?!\d)|宣传活动|普法活动|宣讲活动|主题活动)"
)
_MEETING_SIGNS = Signs(
    "专题培训 培训会 培训班 推进会 动员会 部署会 座谈会 研讨会 宣讲会 工作会议 专题会议 联席会议 现场会 知识竞赛 知识测试 专题讲座 法治讲座 法制讲座 法律讲座 主题党日 文艺演出 文艺汇演 文艺巡演 启动仪式 模拟法庭 宣誓仪式 报告会 观摩会 述法会 演练 专题学习 集体学习 宣传活动 普法活动 宣讲活动 主题活动"
)
_HELD = lazy(r"(?:召开|举办|举行|开展|组织|组织开展|参加|承办|召集)(?:了|过|好)?$")
_ORGANISED = lazy("(?:组织|参加|承办|召集)了?")
_DATE = lazy(r"(?:(?:20\d\d)年)?(?:1[0-2]|[1-9])月(?:[12]\d|3[01]|[1-9])日|(?:20\d\d年)?(?:1[0-2]|[1-9])月(?![\d份])")
_GENERIC = lazy(
    r"(?:各类|各种|系列|相关|有关|专题|集中|大型|多次|主题|法治|普法|法律|宣传|宣讲|工作|推进|部署|业务|普法宣传|法治宣传|法律宣传|法治宣传教育|教育|线上|线下|户外|现场|一次|全体|政府|党委|全镇|全乡|[\d一二三四五六七八九十两]+[次场期余]*|形式多样|多种形式|丰富多彩|日常|和|、|等|的|年度|开展)*+$"
)


def read_events(clean: str, reject: Reject = unheard) -> list[Event]:
    """Events of a text, by position; of overlapping readings the longest."""
    titles = title_spans(clean)
    found = [
        event
        for event in (*_known(clean), *_congresses(clean), *_quoted(clean, reject), *_meetings(clean, reject))
        if not inside(titles, event.start, event.end)
    ]
    kept: list[Event] = []
    for event in sorted(found, key=lambda event: (event.start, event.start - event.end)):
        if kept and event.start < kept[-1].end:
            last = kept[-1]
            if event.end - event.start > last.end - last.start:
                kept[-1], event = event, last
            better = kept[-1]
            reject("event", event.start, event.end, event.rule, "a longer or stronger reading stands there", (better.start, better.end))
            continue
        kept.append(event)
    return kept


def _known(clean: str) -> Iterator[Event]:
    for hit in find_known("events", clean):
        if not hit.entry.generic and len(hit.variant) > 2:
            yield Event(hit.entry.name, hit.entry.kind or "event", hit.start, hit.end, "event.catalogue", 0.95, True, hit.entry.properties.get("date"))


def _congresses(clean: str) -> Iterator[Event]:
    for match in iter_near(_CONGRESS, _CONGRESS_SIGNS, clean, 12, 8):
        name = match.group().removeprefix("中国共产党")
        if len(name) < 3 and clean[match.end() : match.end() + 2] not in ("精神", "以来", "报告", "、党", "及历", "和二"):
            continue
        yield Event(name if name.startswith(("党的", "全国")) else f"党的{name}", "congress", match.start(), match.end(), "event.congress", 0.95, True)


def _quoted(clean: str, reject: Reject) -> Iterator[Event]:
    known = catalogue("programs")
    for item in read_quotes(clean):
        if item.family not in ("activity", "meeting") or not item.own or item.of or len(item.words) > 30:
            continue
        if item.class_word in ("活动", "宣传活动", "普法活动") and not item.description and known.get(item.words) is not None:
            reject("event", item.start, item.class_end, "event.quoted", "of another kind")
            continue  # “法律八进”活动 is the program at work, no event of its own
        start, _ = phrase_before(clean, item.start, reach=16)
        before = clean[strip_soft(clean, start, item.start) : item.start]
        # 参内镇2023年“宪法宣传周”普法活动: place and year before the quote belong to the name
        prefix = re.search(r"(?:[\u4e00-\u9fff]{2,8}[镇乡县市区道])?(?:20\d\d年度?)?$", before)
        head = prefix.group() if prefix else ""
        begin = item.start - len(head)
        yield Event(clean[begin : item.class_end], "activity" if item.family == "activity" else "meeting", begin, item.class_end, "event.quoted", 0.85)


def _meetings(clean: str, reject: Reject) -> Iterator[Event]:
    for match in iter_at(_MEETING, _MEETING_SIGNS, clean):
        start, bounded = phrase_before(clean, match.start(), reach=24)
        organised = None
        for organised in _ORGANISED.finditer(clean, start, match.start()):
            start, bounded = organised.end(), True
        verb = organised or _HELD.search(clean, max(0, start - 6), start)
        begin = strip_soft(clean, start, match.start())
        modifier = clean[begin : match.start()]
        if verb is None or not bounded or not 3 <= len(modifier) <= 22 or _GENERIC.match(modifier) or re.search(r"\d+余?[次场期]|[了个]$", modifier):
            general = modifier and _GENERIC.match(modifier)
            reject("event", begin, match.end(), "event.held", "too general to name one" if general else "nothing bounds the name")
            continue
        kind = "training" if "培训" in match.group() else "activity" if match.group().endswith(("活动", "演出", "汇演", "巡演", "竞赛")) else "meeting"
        yield Event(f"{modifier}{match.group()}", kind, begin, match.end(), "event.held", 0.7)


def events(draft: Draft) -> None:
    """Add mentions of events, with the date that stands in their clause."""
    dates = [(mention.start, mention.date) for mention in draft.of("date") if mention.date and len(mention.date) >= 7]
    for event in read_events(draft.clean, draft.reject):
        add_event(draft, event, dates)


def add_event(draft: Draft, event: Event, dates: list[tuple[int, str]]) -> None:
    date = event.date if event.national else _date_of(draft, event, dates)
    year = draft.frame.year
    identifier = f"event:{event.name}" if event.national else f"event:{draft.own_id}/{year if year is not None else '?'}/{event.name}"
    node = draft.add_node(identifier, ("Event",), event.name, kind=event.kind)
    draft.add(
        "event",
        event.start,
        event.end,
        rule=event.rule,
        confidence=event.confidence,
        canonical=event.name,
        node=node,
        date=date,
        attrs={"kind": event.kind} | ({"date": date} if date else {}),
    )


def _date_of(draft: Draft, event: Event, dates: list[tuple[int, str]]) -> str | None:
    """ISO date in the clauses up to the event, where the dates rule found one or the text says month and day."""
    start = max(draft.sentence_at(event.start)[0], event.start - 120)
    semicolon = draft.clean.rfind("；", start, event.start)
    start = max(start, semicolon + 1)
    last = bisect_left(dates, (event.start, "")) - 1
    if last >= 0 and dates[last][0] >= start:
        return dates[last][1]
    found = None
    for match in _DATE.finditer(draft.clean, start, event.start):
        found = match.group()
    if found is None:
        return None
    numbers = [int(number) for number in re.findall(r"\d+", found)]
    if numbers and numbers[0] < 1000:
        if draft.frame.year is None:
            return None
        numbers.insert(0, draft.frame.year)
    return "-".join(f"{number:02d}" for number in numbers)
