"""What did not happen: 未发生 X、Y, 无 X 案件, 零事故, X 为零. Each thing named is a count of zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ingest.patterns import lazy
from ingest.rejections import Reject, unheard


class Zero(NamedTuple):
    """``start``..``end`` spans the thing that did not happen; ``unit`` is the text's own (无一例) or 起."""

    start: int
    end: int
    name: str
    unit: str


# things that are counted when they happen, as the last words of what is denied
_COUNTABLE = r"(?:案件|事件|事故|上访|信访|纠纷|诉讼|复议|械斗|案|访|斗殴|犯罪|投诉|举报|火灾|问题|行为|伤亡|死亡|败诉|纠错|撤销|舆情|灾害|中毒|违法|违纪|腐败|冲突|风险|矛盾|现象|疫情|感染|溺水|诈骗|吸毒|发案|刑案|转刑|争议|脱管|漏管|重新犯罪|复吸|积案|申请|申诉|规范性文件|应诉|警情|失火|决定书|检察建议|命案|民转刑|涉诉|欠薪|讨薪|违建|信访件|重犯|邪教|赌博|传销|毒品|强拆|登记|强制措施|盗窃|非访|群访|集访|缠访|闹访)"
_HAS_COUNTABLE = lazy(_COUNTABLE)
_ENDS_COUNTABLE = lazy(rf"{_COUNTABLE}[”]?$")
_ONE = r"(?:一(?P<classifier{0}>起|例|件|人|宗|名|次)|任何)?"
_TRIGGER = lazy("[未没无零为](?:(?<!为)|(?=[0零〇]))")
_DENIED = lazy(  # tried where 未, 没, 无 or 零 stands
    # 未发生一起…, 没有出现…, 未收到…, 未被提起…
    r"(?:未(?:曾|有|再)?(?:发生|出现|产生|引发|接到|收到|发现|制定|出台|被提起|动用|采取)(?:过)?|没有(?:发生|出现|引发|收到|动用|采取)(?:过)?)"
    + _ONE.format("1")
    + r"(?P<items>[^，。；：！？\n.]{2,80})"
    # 无一例…
    r"|无一(?P<classifier2>起|例|件|人|宗|名)(?P<one>[^，。；：！？\n.、]{2,40}(?:、[^，。；：！？\n.、无]{2,20})*)"
    # 无一被复议, 无一件出村
    r"|无一(?P<classifier3>起|例|件|宗|案|人|名|户)?(?P<fate>(?:被|反悔|反弹|反复|复发|出村|出镇|上交|上行|翻案|败诉|超期)[^，。；：！？\n.]{0,16})"
    # 没有因不作为被通报
    r"|(?:没有|未|无)因(?P<why>[^，。；：！？\n.]{2,24}?(?:被|受到)(?:通报|问责|追责|处分|处理|查处|约谈|投诉|起诉|曝光|批评)(?:批评|处分)?)"
    # 无…案件, at the start of a clause or behind its subject
    r"|(?:(?<=[，。；：、\n）镇乡县区市街道域内年度局象员均村组所])|(?<!.))无(?!人(?!员)|[一关法论私偿障缝锡为形声接不需机证照业房线极愧微纸疑从助力数穷限比其可缘处害理果效主权序视烟党])(?P<lacks>[^，。；：！？\n.“”]{2,50}|“[^，。；：！？\n.“”]{2,8}”[^，。；：！？\n.“”]{2,20})"
    # 零事故, 零上访
    rf"|零(?P<none>(?:{_COUNTABLE}|越级访|非访|进京访|集访)+)(?![率村户镇乡社单目创工]|目标|创建|单位|村|活动)"
)
_NEVER = lazy("零(?:发生|发案|新增)")  # 民转刑命案零发生
_NULL = lazy(r"为[0零〇](?!\d|\.\d|%|[\u4e00-\u9fff])")  # 赴京访为零
_COLON_BEFORE = lazy(r"：零(?=[，。；\n]|$)")  # 越级访、集体访：零
_BEFORE = lazy(r"[\u4e00-\u9fff“”、]{2,24}\Z")
_TAIL = lazy(r"(?:的)?(?:发生|现象|情况|等|新增|出现)+$")
_LEAD = lazy(r"^(?:过|一起|一例|一件|任何|被|有|新的?)+")
_GOAL = lazy(r"(?:确保|力争|努力|争取|防止|避免|杜绝|要|目标|创建|打造|开展|推进|推动|以)[^，。；：！？\n]{0,16}\Z")
_SUBJECT = lazy(
    r"^.*(?:实现|保持|做到|达到|继续|连续\S{1,3}年|今年以来|以来|全年|年内|期间|全[镇乡县区市街]|我[镇乡县区市局院]|辖区内?|街道|同时|并且?|且)(?=[\u4e00-\u9fff“]{2})"
)
_ALSO = lazy(r"(?:均|都|全部|全|仍|继续|始终)$")
_JOINT = lazy(r"(?<=[\u4e00-\u9fff]{2})(?:以及|和|及|或)(?=[\u4e00-\u9fff]{2})")


def iter_zeros(text: str, *, reject: Reject = unheard) -> Iterator[Zero]:
    """Zeros in ``text`` by position. What is only hoped for (努力实现零上访) or bears the word in its name (“零上访”村) is none."""
    done = 0
    for trigger in _TRIGGER.finditer(text):
        position = trigger.start()
        if position < done:
            continue
        if (denied := _DENIED.match(text, position)) is not None:
            zeros, done = list(_read(text, denied)), denied.end()
        elif (naught := (_NULL if text[position] == "为" else _NEVER).match(text, position)) is not None:
            zeros, done = list(_read_before(text, position, naught.end())), naught.end()
        elif text[position] == "零" and _COLON_BEFORE.match(text, position - 1) is not None:
            zeros, done = list(_read_before(text, position - 1, position + 1)), position + 1
        else:
            continue
        if not zeros:
            reject("metric", position, done, "metric.none_happened", "the words around do not fit")
        yield from zeros


def _read(text: str, match: re.Match[str]) -> Iterator[Zero]:
    """What 未发生, 无 or 零 denies."""
    if (words := match["none"]) is not None:
        before = text[max(0, match.start() - 20) : match.start()]
        if _GOAL.search(text, max(0, match.start() - 24), match.start()) is not None:
            return
        if (
            before.endswith("“")
            and _QUOTE_ENDS.match(text, match.end())
            and (achieved := _ACHIEVED.search(text, max(0, match.start() - 40), match.start())) is not None
        ):
            yield Zero(match.start(), match.end(), ("" if achieved["whose"] in _WHEN else achieved["whose"]) + words, unit_of(words))
            return
        if before.endswith(("“", "对", "归", "从", "清")) or text[match.end() : match.end() + 1] == "”":
            return
        held = _HELD.search(before)
        whose = held[1] if held is not None else _SUBJECT.sub("", alone[1]) if (alone := _ALONE.search(before)) is not None else ""
        yield Zero(match.start(), match.end(), ("" if whose in _WHEN else whose) + words, unit_of(words))
        return
    kind = next(name for name in ("items", "one", "lacks", "fate", "why") if match[name] is not None)
    words, unit = match[kind], match["classifier1"] or match["classifier2"] or match["classifier3"] or ""
    if kind in ("fate", "why"):
        yield Zero(match.start(), match.end(), words, "件" if unit == "案" or (not unit and kind == "fate") else unit or "次")
        return
    if not _HAS_COUNTABLE.search(words):
        return
    if kind == "one" and unit in ("人", "名"):
        yield Zero(match.start(), match.end(), _LEAD.sub("", words), unit)
        return
    yield from _items(match.start(kind), words, unit, strict=kind == "lacks")


# 实现“零强拆”、“零伤亡”, but not 创建“零上访”村
_ACHIEVED = lazy(r"(?:实现|做到|达到|保持|达成)了?(?P<whose>[\u4e00-\u9fff]{0,8})(?:“零[^“”]{1,8}”[、和及]?)*“\Z")
_QUOTE_ENDS = lazy(r"”(?=[、，。；！\n和及]|$)")
_ALONE = lazy(r"(?:[，。；、：\n]|^)([\u4e00-\u9fff]{2,12})\Z")
_WHEN = frozenset("全年 年内 今年 本年 全镇 全乡 全县 全区 实现 保持 做到 继续 我镇 我乡 辖区 全市 街道 持续".split())
_HELD = lazy(r"(?:实现|保持|做到|达到)([\u4e00-\u9fff]{0,10})\Z")


def _read_before(text: str, position: int, end: int) -> Iterator[Zero]:
    """What stands before 为零 or 零发生."""
    match = _BEFORE.search(text, max(0, position - 24), position)
    if match is None or _GOAL.search(text, max(0, match.start() - 24), match.start()) is not None:
        return
    name = _ALSO.sub("", _SUBJECT.sub("", match.group())).strip("、“”")
    if len(name) < 2 or not (_HAS_COUNTABLE.search(name) or name.endswith(("率", "数", "量", "人员"))):
        return
    start = match.start() + match.group().index(name[:2])
    for item in _ITEM.finditer(_JOINT.sub(lambda found: "、" * len(found.group()), name)):
        yield Zero(start + item.start(), end, item.group(), unit_of(item.group()))


_ITEM = lazy(r"[^、]+")
_OF_PERSONS = lazy(r"(?:重新犯罪|再犯罪|重犯|脱管|漏管|伤亡|死亡|受伤|感染|确诊|疑似|吸毒|复吸|失联|人员|人数)$")


def unit_of(name: str) -> str:
    """What a zero without a classifier is counted in: 脱管漏管 persons, 上访 cases, 败诉率 per cent."""
    if name.endswith("率"):
        return "%"
    return "人" if _OF_PERSONS.search(name) else "起"


def _items(start: int, words: str, unit: str, *, strict: bool) -> Iterator[Zero]:
    """One zero for each thing of a list. ``strict``: each must end in something that is counted when it happens."""
    listed = _JOINT.sub(lambda found: "、" * len(found.group()), words)
    for item in _ITEM.finditer(listed):
        name = _LEAD.sub("", _TAIL.sub("", item.group()).strip("“” 无"))
        if len(name) < 2 or name.startswith("撤销"):
            continue
        if strict and _ENDS_COUNTABLE.search(name) is None:
            if item.start() == 0:
                return
            continue
        yield Zero(start + item.start(), start + item.end(), name, unit or unit_of(name))
