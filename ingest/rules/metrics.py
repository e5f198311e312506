"""Metrics: every count, rate and sum with what it counts, and the zeros of 未发生 X、Y、Z."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from spacy.language import Language
from spacy.tokens import Doc

from ingest.draft import Draft, draft_of
from ingest.rules.indicators import find_indicator
from ingest.rules.naming import Clause, candidates_of, name_quantity, split_clause
from ingest.rules.numbers import Quantity, iter_quantities

_CLAUSE = re.compile(r"[^，。；：！？\n]+")
_NONE = re.compile(
    r"(?:未(?:曾|有)?(?:发生|出现|产生|引发)(?:过|一起|一例|一件)?|没有(?:发生|出现)(?:过|一起|一例)?|无一(?:例|起|件)?(?:发生|出现)?|(?:实现|确保|做到)?零(?=发生|事故|上访|信访|案件|投诉|复议|诉讼|感染))(?P<items>[^，。；：！？\n]{2,80})"
)
_NO_ITEM_HAPPENED = re.compile(
    r"(?:^|[，。；：\n])(?:全年|全镇|全乡|我镇|辖区内?|今年以来|年内|期间|均)?无(?P<items>[^，。；：！？\n有]{2,60}?)(?:的?(?:发生|出现|现象|情况发生|事件发生))"
)
_VILLAGES = re.compile(r"(?:行政村|自然村|村（社区）|村（居）|社区（村）|村居|村|社区|乡镇|镇街)(?![级民委干部两规综法])")
_ITEM = re.compile(r"[^、]+")
_COUNTABLE = re.compile(
    r"(?:案件|事件|事故|上访|信访|纠纷|诉讼|复议|械斗|案|访|斗殴|犯罪|投诉|火灾|问题|行为|伤亡|死亡|败诉|纠错|撤销|舆情|灾害|中毒|违法|违纪|腐败|冲突|风险|矛盾|现象|疫情|感染|溺水|诈骗|吸毒|发案|责任事故|刑案|转刑)"
)


@lru_cache(maxsize=65536)
def _indicator(name: str, unit: str) -> tuple[str | None, str | None]:
    if unit == "个" and (village := _VILLAGES.match(name)) is not None:
        if re.match("均|都|全部|已|实现|落实|完成|全面", name[village.end() :]):
            return None, None  # 14个村均签约: those that signed, which need not be all there are
        name = village.group()  # 27个行政村配齐法律明白人 counts villages, not people
    entry = next((entry for candidate in candidates_of(name) if (entry := find_indicator(candidate, unit)) is not None), None)
    return (entry.id, entry.name) if entry is not None else (None, None)


def _add(draft: Draft, quantity: Quantity, name: str, start: int, end: int) -> None:
    identifier, canonical = _indicator(name, quantity.unit)
    draft.add(
        "metric",
        start,
        end,
        rule="metric.spoken" if quantity.spoken else "metric.count",
        confidence=0.92 if identifier else 0.85 if name else 0.5,
        indicator=name or None,
        indicator_id=identifier,
        canonical=canonical,
        value=quantity.value,
        unit=quantity.unit,
        approx=quantity.approx,
        subject=draft.own_name or None,
        subject_node=draft.frame.place,
    )


def read_counts(draft: Draft) -> None:
    """Counts with a number. Dates, document numbers and titles are passed over."""
    clean = draft.clean
    taken = bytearray(len(clean) + 1)  # 1 where a date, a title or a document number stands
    for mention in draft.mentions:
        if mention.type in ("date", "document", "docnumber"):
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    found = [quantity for quantity in iter_quantities(clean) if not taken[quantity.start]]
    starts = [quantity.start for quantity in found]
    for sentence_start, sentence_end in draft.sentences:
        quantities = found[bisect_left(starts, sentence_start) : bisect_left(starts, sentence_end)]
        if not quantities:
            continue
        if draft.kind_at(sentence_start) == "heading":
            continue
        previous: str | None = None
        context = ""
        for match in _CLAUSE.finditer(clean, sentence_start, sentence_end):
            inside = [quantity for quantity in quantities if match.start() <= quantity.start < match.end()]
            if not inside:
                context = match.group()
                continue
            for start, end in split_clause(clean, match.start(), match.end(), inside):
                part = [quantity for quantity in inside if start <= quantity.start < end]
                clause = Clause(clean, start, end, part)
                for index, quantity in enumerate(part):
                    left, right = clause.sides(index)
                    name = name_quantity(left, right, quantity, previous, context)
                    span_start = max(start, quantity.start - len(left))
                    _add(draft, quantity, name, _skip_blank(clean, span_start, quantity.start), min(end, quantity.end + len(right)))
                    if quantity.unit != "%":
                        previous = name or previous
            context = match.group()


def _skip_blank(clean: str, start: int, stop: int) -> int:
    while start < stop and clean[start] in "，、 ：的":
        start += 1
    return start


def read_zeros(draft: Draft) -> None:
    """未发生 X、Y、Z and 无 X 发生: one zero each, with negative polarity."""
    clean = draft.clean
    zeros: list[tuple[int, int]] = []
    for pattern in (_NONE, _NO_ITEM_HAPPENED):
        for match in pattern.finditer(clean):
            offset = match.start("items")
            words = match.group("items")
            if pattern is _NONE and not _COUNTABLE.search(words):
                continue
            for item in _ITEM.finditer(
                re.sub(r"(?<=[\u4e00-\u9fff]{2})(?:以及|和|及|或)(?=[\u4e00-\u9fff]{3})", lambda found: "、" * len(found.group()), words)
            ):
                name = re.sub(r"^(?:一起|一例|一件|任何)|(?:的)?(?:发生|现象|情况|等)$", "", item.group()).strip()
                if len(name) < 2:
                    continue
                start = offset + item.start()
                if any(a <= start < b for a, b in zeros):
                    continue
                zeros.append((start, offset + item.end()))
                identifier, canonical = _indicator(name, "件")
                draft.add(
                    "metric",
                    start,
                    offset + item.end(),
                    rule="metric.none_happened",
                    confidence=0.88,
                    indicator=name,
                    indicator_id=identifier,
                    canonical=canonical,
                    value=0,
                    unit="起",
                    polarity="negative",
                    subject=draft.own_name or None,
                    subject_node=draft.frame.place,
                )


@Language.component("fazhi_metrics")
def metrics(doc: Doc) -> Doc:
    """Add metrics: counts with what they count, rates, money, and zeros."""
    draft = draft_of(doc)
    read_counts(draft)
    read_zeros(draft)
    return doc
