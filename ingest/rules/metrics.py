"""Metrics: every count, rate and sum with what it counts, and the zeros of 未发生 X、Y、Z."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from operator import attrgetter

from ingest.draft import Draft, Mention
from ingest.patterns import lazy
from ingest.rules.indicators import find_indicator, indicators
from ingest.rules.naming import (
    Clause,
    Topic,
    candidates_of,
    is_handed_out,
    is_side,
    meeting_of,
    name_quantity,
    noun_out_of,
    object_of,
    owned,
    owner_of,
    same_kind,
    share_equally,
    share_out,
    split_clause,
    trim_left,
    with_verb_of,
)
from ingest.rules.numbers import Quantity, iter_quantities
from ingest.rules.zeros import Zero, iter_zeros

_CLAUSE = lazy(r"[^，。；：！？\n.]+(?:(?<=[0-9A-Za-z])\.(?=[0-9A-Za-z])[^，。；：！？\n.]+)*")  # a full stop may be an ASCII one
_VILLAGES = lazy(r"(?:行政村|自然村|村（社区）|村（居）|社区（村）|村居|村|社区|乡镇|镇街)(?![级民委干部两规综法])")


@lru_cache(maxsize=65536)
def _indicator(name: str, unit: str) -> tuple[str | None, str | None]:
    if unit == "个" and (village := _VILLAGES.match(name)) is not None:
        if re.match("均|都|全部|已|实现|落实|完成|全面", name[village.end() :]):
            return None, None  # 14个村均签约: those that signed, which need not be all there are
        name = village.group()  # 27个行政村配齐法律明白人 counts villages, not people
    if name.startswith("召开"):
        name = _CONVENER.sub("召开", name)
    if _FILED.match(name) is not None:
        name = "立案"
    entry = next((entry for candidate in candidates_of(name) if (entry := find_indicator(candidate, unit)) is not None), None)
    if entry is None and is_handed_out(name, unit):
        entry = indicators()["materials_distributed"]
    if entry is None or (_AVERAGE.search(name) is not None and _AVERAGE.search(entry.name) is None):
        return None, None
    return entry.id, entry.name


_CONVENER = lazy("^召开(?:领导小组|协调小组|工作小组|委员会|工作专班)(?=.*会)")  # whoever meets, meetings they are
_FILED = lazy("立案(?!查处|侦查|审查|调查|侦办|件|数|监督)")  # 立案违建 counts the cases, whatever they are about
_AVERAGE = lazy("[人户村月日年案镇]均|平均|每[村人户]")  # so many for each is no count of all
_start_of = attrgetter("start")


def _add(draft: Draft, quantity: Quantity, name: str, start: int, end: int, *, some: bool = False) -> None:
    """Note a count. ``some``: of a part only (14个村中有5个…) or of one room's doing, which no catalogued indicator of the whole place is."""
    identifier, canonical = (None, None) if some else _indicator(name, quantity.unit)
    near = max(0, quantity.start - 16)
    often = _OFTEN.search(draft.clean, near, quantity.start) if draft.clean.find("每", near, quantity.start) >= 0 else None
    attrs: dict[str, object] = {}
    if quantity.upper is not None:
        attrs["upper"] = quantity.upper
    if quantity.per is not None:
        attrs["per"] = quantity.per
    if often is not None:
        attrs["per"] = often[1]
    draft.note(
        Mention(
            "metric",
            start,
            end,
            "metric.spoken" if quantity.spoken else "metric.count",
            0.92 if identifier else 0.85 if name else 0.5,
            indicator=name or None,
            indicator_id=identifier,
            canonical=canonical,
            value=quantity.value,
            unit=quantity.unit or None,
            approx=quantity.approx,
            subject=draft.own_name or None,
            subject_node=draft.frame.place,
            attrs=attrs,
        )
    )


# 每月一次 tells how often, not how much was done; 每村1名 is a rate too
_OFTEN = lazy(r"(每(?:半年|两?个?月|季度|年|月|周|天|日|旬|[村人户所站镇乡]))[^，。；：、\n\d]{0,12}$")


def read_counts(draft: Draft) -> None:
    """Counts with a number. Dates, document numbers and titles are passed over."""
    clean = draft.clean
    taken = _taken(draft)
    found = [quantity for quantity in iter_quantities(clean, reject=draft.reject) if not taken[quantity.start]]
    at = 0
    topic = Topic()
    for sentence_start, sentence_end in draft.sentences:
        if clean[sentence_start - 1 : sentence_start] in ("", "\n"):
            topic = Topic()
        topic.sentence = -1
        first = at
        while at < len(found) and found[at].start < sentence_end:
            at += 1
        quantities = found[first:at]
        if quantities and draft.kind_at(sentence_start) != "heading":
            _read_sentence(draft, sentence_start, sentence_end, quantities, topic)


def _taken(draft: Draft) -> bytearray:
    """1 where a date, a title or a document number stands."""
    taken = bytearray(len(draft.clean) + 1)
    for mention in draft.mentions:
        if mention.type in ("date", "document", "docnumber", "place"):
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return taken


def read_remark(draft: Draft, start: int, end: int, label: str) -> None:
    """The counts of a remark on something that ``label`` names, as beside the rows of a table: 合同审查 and 其中退回26份."""
    taken = _taken(draft)
    quantities = [quantity for quantity in iter_quantities(draft.clean, start, end, reject=draft.reject) if not taken[quantity.start]]
    if not quantities:
        return
    known = len(draft.mentions)
    _read_sentence(draft, start, end, quantities, Topic(label, label, label, label, label, quantities[0].unit, start))
    for mention in draft.mentions[known:]:
        said = mention.indicator or ""
        if not set(said) & set(label):
            mention.indicator = f"{label}{said}"
            mention.indicator_id, mention.canonical = _indicator(mention.indicator, mention.unit or "")
        elif mention.unit == "%" and said == label:
            mention.indicator = f"{label.removesuffix('数')}率" if not label.endswith("率") else label


def _read_sentence(draft: Draft, sentence_start: int, sentence_end: int, quantities: list[Quantity], topic: Topic) -> None:
    """Name the counts of a sentence, clause by clause, and keep in ``topic`` what they are about."""
    clean = draft.clean
    context = ""
    owner = owner_of(clean, sentence_start, sentence_end) if clean.find("“", sentence_start, sentence_start + 16) >= 0 else None
    parts_from = clean.find("其中", sentence_start, sentence_end)
    has_brackets = clean.find("（", sentence_start, sentence_end) >= 0
    done = 0
    for match in _CLAUSE.finditer(clean, sentence_start, sentence_end):
        clause_start, clause_end = match.span()
        before = done
        while done < len(quantities) and quantities[done].start < clause_end:
            done += 1
        if done == before:
            context = match.group()
            continue
        inside = quantities[before:done]
        shared: dict[int, str] = {}
        if clean.find("分别", clause_start, clause_end) >= 0:
            shared = {inside[index].start: name for index, name in share_out(match.group(), inside, clause_start).items()}
        listed = ""  # name of the first count in a list
        for start, end in split_clause(clean, clause_start, clause_end, inside):
            part = inside[bisect_left(inside, start, key=_start_of) : bisect_left(inside, end, key=_start_of)] if len(inside) > 1 else inside
            clause = Clause(clean, start, end, part)
            noun_of_part: str | None = None
            for index, quantity in enumerate(part):
                left, right = clause.sides(index)
                out_of, whole = noun_of_part, part[index - 1]
                noun_of_part = noun_out_of(clean, quantity, part[index + 1]) if index + 1 < len(part) else None
                if noun_of_part is not None:
                    right = noun_of_part  # 14个村|中还有5个
                if 0 <= parts_from < quantity.start and topic.unit and quantity.unit != "%" and not same_kind(quantity.unit, topic.unit):
                    parts_from = -1  # 其中 reaches as far as its unit goes on
                is_part = 0 <= parts_from < quantity.start or (has_brackets and _in_brackets(clean, sentence_start, quantity.start))
                name = shared.get(quantity.start) or name_quantity(left, right, quantity, topic, context, part=is_part and bool(topic.noun))
                name = meeting_of(name, clean[max(sentence_start, quantity.start - 80) : quantity.start]) if name.startswith("召开") else name
                if out_of is not None and not name.startswith(out_of):
                    name = f"{out_of}{name}"
                if owner is not None and owner.end <= quantity.start and topic.sentence < 0 and not trim_left(left) and not right:
                    name = owner.name  # “竹林夜校”：每周开课，年内12期
                if listed and index == 0 and not is_part and quantity.unit != "%" and clean[start - 1] == "、" and trim_left(left):
                    name = with_verb_of(listed, name)
                listed = listed or name
                span_start = whole.start if out_of is not None else max(start, quantity.start - len(left))
                first = _skip_blank(clean, span_start, quantity.start)
                said = owned(owner, name, clean[owner.end : quantity.start], quantity.unit) if owner is not None and owner.end <= quantity.start else name
                for each in share_equally(said, left, quantity.unit):
                    at = clean.find(each, first, quantity.start) if each is not said else first
                    _add(draft, quantity, each, max(at, first), min(end, quantity.end + len(right)), some=out_of is not None or said is not name)
                topic.last = name or topic.last
                if quantity.unit not in ("%", "个百分点"):
                    if topic.sentence < 0:
                        topic.first = name
                    topic.before, topic.name = topic.name, name or topic.name
                    if not ((is_part or is_side(left, quantity.unit)) and topic.noun):
                        topic.noun, topic.unit, topic.sentence = object_of(name)[-16:] or topic.noun, quantity.unit, sentence_start
        context = ""


def _in_brackets(text: str, start: int, position: int) -> bool:
    """Whether a bracket that opened after a number stands open at the position."""
    opened = text.rfind("（", max(start, position - 60), position)
    return opened > start and text.find("）", opened, position) < 0 and _COUNT_END.match(text, opened - 1) is not None


_COUNT_END = lazy(r"[件起宗例次场个名人户份条]")


def _skip_blank(clean: str, start: int, stop: int) -> int:
    while start < stop and clean[start] in "，、 ：的":
        start += 1
    return start


def metrics(draft: Draft) -> None:
    """Add metrics: counts with what they count, rates, money, and zeros."""
    read_counts(draft)
    read_zeros(draft)


def read_zeros(draft: Draft) -> None:
    """未发生 X、Y、Z and 无 X 发生: one zero each, with negative polarity."""
    for zero in iter_zeros(draft.clean, reject=draft.reject):
        _add_zero(draft, zero)


def _add_zero(draft: Draft, zero: Zero) -> None:
    identifier, canonical = _indicator(zero.name, zero.unit)
    draft.add(
        "metric",
        zero.start,
        zero.end,
        rule="metric.none_happened",
        confidence=0.88,
        indicator=zero.name,
        indicator_id=identifier,
        canonical=canonical,
        value=0,
        unit=zero.unit,
        polarity="negative",
        subject=draft.own_name or None,
        subject_node=draft.frame.place,
    )
