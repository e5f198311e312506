"""What the rules looked at and did not take, and why: for people who read an explanation, never for the facts themselves.

A rule says ``reject(type, start, end, rule, reason)`` where a guard turns a candidate down. Unless somebody listens, that costs a call and nothing is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol, get_args

from ingest.model import Fact, FactType, Rejection
from ingest.text import Text

Reason = Literal[
    # the words themselves
    "part of a longer word",
    "a plain word, not a name",
    "too general to name one",
    "too short or too long for a name",
    "reads as a sentence, not as a name",
    "nothing bounds the name",
    "tells how, names nothing",
    "a slogan",
    "a figure of speech",
    # what stands around
    "inside a title or quotation",
    "needs quotation marks or a class word",
    "named after the law, not the law",
    "the words around do not fit",
    "says that there is none",
    "named among the problems",
    "says that others do it",
    "reads like a lack",
    "reads like what others do",
    "counted, not named",
    "belongs to a listed series",
    "of another kind",
    "already taken up once",
    # against other readings
    "a reviewer turned it down",
    "a longer or stronger reading stands there",
    "another finding stands there",
    # places and bodies
    "a short form that is a common word",
    "no place says whose it is",
    "bodies of that kind in general",
    # documents, dates, numbers
    "a plan without place or year",
    "no issuing code before the number",
    "comes round again, no one date",
    "no such day",
    "a range or vague digits, no one value",
    "a length of time",
    "the unit is part of another word",
    "a number in words that counts nothing",
    # persons
    "no name ends there",
    "a national leader, no person of this report",
]  # fmt: skip

CHINESE: Mapping[str, str] = {
    "part of a longer word": "只是更长词语的一部分",
    "a plain word, not a name": "是普通词语，不是名称",
    "too general to name one": "泛称，没有专指",
    "too short or too long for a name": "长短不像名称",
    "reads as a sentence, not as a name": "像句子，不像名称",
    "nothing bounds the name": "名称的左界无法确定",
    "tells how, names nothing": "只说明做法，没有名称",
    "a slogan": "口号",
    "a figure of speech": "比喻或成语",
    "inside a title or quotation": "在书名号或引号之内",
    "needs quotation marks or a class word": "没有引号，也没有类别词",
    "named after the law, not the law": "以法律命名的日子、场所或活动，不是法律本身",
    "the words around do not fit": "上下文不符",
    "says that there is none": "文中说没有",
    "named among the problems": "只出现在问题部分",
    "says that others do it": "说的是别处的做法",
    "reads like a lack": "句式近于说没有",
    "reads like what others do": "句式近于说别处的做法",
    "counted, not named": "只计数，未点名",
    "belongs to a listed series": "属于所列系列中的一项",
    "of another kind": "属于另一类",
    "already taken up once": "已经记过一次",
    "a reviewer turned it down": "已由人工审核排除",
    "a longer or stronger reading stands there": "同一处有更长或更可靠的解读",
    "another finding stands there": "同一处已有其他发现",
    "a short form that is a common word": "简称同时是常用词",
    "no place says whose it is": "没有地名说明归属",
    "bodies of that kind in general": "泛指此类机构",
    "a plan without place or year": "没有地名或年份的方案",
    "no issuing code before the number": "编号前没有发文代字",
    "comes round again, no one date": "周期性时间，不是某一日期",
    "no such day": "日历上没有这一天",
    "a range or vague digits, no one value": "区间或约数，没有确定数值",
    "a length of time": "时间长度",
    "the unit is part of another word": "量词属于另一个词",
    "a number in words that counts nothing": "汉字数词，不表示计数",
    "no name ends there": "此处不是姓名的结尾",
    "a national leader, no person of this report": "国家领导人等，不是报告中的任职人员",
}

REASONS: tuple[Reason, ...] = get_args(Reason)
LIMIT = 2_000
"""How many rejections a draft keeps: a text of nothing but candidates must not fill the memory."""


class Reject(Protocol):
    """What a rule calls for a candidate that it turns down. Offsets are the cleaned text's; ``against`` is the span that spoke against it."""

    def __call__(self, type: FactType, start: int, end: int, rule: str, reason: Reason, against: tuple[int, int] | None = None, /) -> None: ...


def unheard(type: FactType, start: int, end: int, rule: str, reason: Reason, against: tuple[int, int] | None = None, /) -> None:
    """Nobody listens."""


class Rejected(NamedTuple):
    """A rejection in the cleaned text, as a draft keeps it."""

    type: FactType
    start: int
    end: int
    rule: str
    reason: Reason
    against: tuple[int, int] | None


def gather(rejected: Iterable[Rejected], text: Text, facts: Sequence[Fact]) -> tuple[Rejection, ...]:
    """Rejections with offsets into the original, by (start, end, type, reason).

    What became a fact of that type after all is left out. What lies inside a longer fact of its type is a shorter reading of it, whatever the guard said.
    """
    found = {(fact.type, fact.start, fact.end) for fact in facts if fact.type != "relation"}  # one span may carry several relations
    around = _Around(facts)
    rejections = []
    for type, left, right, rule, reason, against in rejected:
        start, end = text.to_original(left, right)
        if start == end or (type, start, end) in found:
            continue
        if (longer := around.find(type, start, end)) is not None:
            why: tuple[Reason, tuple[int, int] | None] = ("a longer or stronger reading stands there", longer)
        else:
            why = (reason, text.to_original(*against) if against is not None else None)
        opposed = text.original[slice(*why[1])] if why[1] is not None else ""
        rejections.append(
            Rejection(type=type, surface=text.original[start:end], start=start, end=end, rule=rule, reason=why[0], against=opposed if opposed.strip() else None)
        )
    return tuple(sorted(rejections, key=lambda rejection: (rejection.start, rejection.end, rejection.type, rejection.reason, rejection.rule)))


class _Around:
    """Facts that are names, by type, asked for one that holds a span. Figures and relations span their clauses: what lies in them is no reading of them."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._starts: dict[FactType, list[int]] = defaultdict(list)
        self._farthest: dict[FactType, list[tuple[int, int]]] = defaultdict(list)  # of all that start no later, the one that ends last
        for fact in sorted(facts, key=lambda fact: (fact.start, fact.end)):
            if fact.type in ("metric", "relation"):
                continue
            spans = self._farthest[fact.type]
            span = (fact.start, fact.end)
            spans.append(span if not spans or fact.end > spans[-1][1] else spans[-1])
            self._starts[fact.type].append(fact.start)

    def find(self, type: FactType, start: int, end: int) -> tuple[int, int] | None:
        index = bisect_right(self._starts.get(type, ()), start) - 1
        if index < 0:
            return None
        span = self._farthest[type][index]
        return span if end <= span[1] else None
