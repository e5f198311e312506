"""Whether what a text names is done, goes on, is planned or only asked for: by the section it stands in and by the words around it (vocabulary/moods.yaml)."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import Any

import vocabulary
from ingest.draft import Draft, Mention
from ingest.model import Modality, SectionKind

_NAMES = frozenset({"program", "platform", "mediation_room", "relation"})
_BEHIND = r"[”’》）]{0,2}(?:制度|工作|机制|活动|做法|队伍|模式|体系|项目|试点|建设|培[养育训])?(?:的?工作)?"
_ITEM = r"(?:（[一二三四五六七八九十\d]{1,2}）|\d{1,2}[.、]|[一二三四五六七八九十]{1,2}(?:[、是]|(?=要))|其[一二三四五六]，?)?"
_SENTENCE = rf"(?:^|(?<=[。；！？])){_ITEM}(?:(?:此外|同时|与此同时|另外|另一方面|其次|再次|最后|其间|在此基础上)，?)?"
_WILL = r"将(?<![^，。；：、\n镇乡县区市州局院街道办会所们我也年里门组队站厅部委心员]将)"
_BEFORE: tuple[tuple[str, Modality], ...] = (("urged_before", "exhorted"), ("prepared_before", "planned"))
_BEFORE_REACH = 30  # characters before a name in which such words stand
_FAR = 80  # characters around a name in which a sentence is looked at for whose deed it is
_PLACED_WITHIN = 40  # characters behind 将 in which a verb of placing makes what stands between its object
_DO = re.compile(
    r"(?:那边|的同志讲，他们)?的?[“‘《]?|(?:那边|在[^，。；]{2,10}[上中时])?(?:已经?|早已|率先|今年|去年|前年|正在|正|先后|依靠|深入|全面|积极|大力|扎实|挂牌){0,3}"
    r"(?:推行?|推广|开展|建[立成起]|设立|成立|实[行施]|创[设建]|推出|探索|试[行点]|组建|启动|办起|搞起?|依靠|介绍|首创|有|[以因靠用]|通过)了?[“‘《]?(?:村级|农村|乡村)?[“‘《]?"
)
_BESIDE = re.compile(r"[、与和同及跟向为给到赴从由在受经随据照应把被]$|会同|联合|原$|(?:按照?|根据|响应|贯彻|落实|执行|对照|借鉴|学习|参照)[^，。；]{0,4}$")
_ONGOING = re.compile("正在|常态化|长期坚持")
_EACH = ("每年", "每半年", "每季度", "每月", "每个月", "每两", "每周", "每天", "每日", "每旬")  # a duty that comes round, not a deed

# A guard before the first character says the same behind it: (?<![虚模])拟 and 拟(?<![虚模]拟). Where all alternatives begin with a plain character, they are
# found six times as fast.
_GUARDED = re.compile(r"^\(\?<!(\[[^]]+\])\)([\u4e00-\u9fff]+)(?=[(|]|$)")


@cache
def _catalogue() -> dict[str, str]:
    """The alternatives of each list as one expression. Groups for years are numbered: an expression may have several."""
    told: dict[str, Any] = vocabulary.load("moods")
    verb = "|".join(told["verbs"])
    joined: dict[str, str] = {}
    for name, entries in told.items():
        if name not in ("verbs", "ahead"):
            entries = [entries] if isinstance(entries, str) else entries
            filled = (entry.replace("{verb}", f"(?:{verb})").replace("{ahead}", f"(?:{told['ahead']})") for entry in entries)
            joined[name] = "|".join(_GUARDED.sub(r"\2(?<!\1\2)", entry) for entry in filled)
    return {name: _number_years(words) for name, words in joined.items()}


def _number_years(words: str) -> str:
    first, *rest = words.split("(?P<year>")
    return first + "".join(f"(?P<year{number}>{part}" for number, part in enumerate(rest))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = _catalogue()
    if name == "will":
        placed = rf"(?![^，。；：\n]{{0,{_PLACED_WITHIN}}}?(?:{words['placed']}))"
        return re.compile(rf"{_WILL}(?:(?={words['will']})|(?={words['will_unless_placed']}){placed})")
    if name == "planned_sentence":
        return re.compile(f"{_SENTENCE}(?:{words[name]})", re.MULTILINE)
    if name == "exhorted_at_start":
        return re.compile(f"{_ITEM}(?:{words[name]})")
    if name.endswith("_before"):
        return re.compile(f"(?:{words[name]})的?[“‘《（]{{0,2}}$")
    return re.compile(f"{_BEHIND}(?:{words[name]})" if name.endswith("_after") else words[name])


def is_elsewhere(draft: Draft, practice: Mention) -> bool:
    """Whether the sentence says of a practice that others do it, and not that it was learnt from them or is done here as well."""
    clean, (start, end) = draft.clean, draft.sentence_at(practice.start)
    start, end = max(start, practice.start - _FAR), min(end, practice.end + _FAR)
    found = (
        _pattern("elsewhere_before").search(clean, start, practice.start)
        or _pattern("elsewhere_after").match(clean, practice.end, end)
        or (_pattern("above_before").search(clean, start, practice.start) and _pattern("above_after").match(clean, practice.end, end))
        or _others_do(draft, practice, start)
    )
    return bool(found) and not _pattern("learnt").search(clean, start, practice.start) and not _pattern("here_too").search(clean, practice.end, end)


def find_denial(draft: Draft, practice: Mention, reach: int) -> re.Match[str] | None:
    """The words right before a practice, from ``reach`` on, or right behind it, that say that there is none of it."""
    return _pattern("denied_before").search(draft.clean, reach, practice.start) or _pattern("denied_after").match(draft.clean, practice.end)


def _is_spoken_of(clean: str, practice: Mention, start: int, end: int) -> bool:
    """Whether somebody above only speaks of a practice, or it is only learnt about; ``start`` of its clause, ``end`` of its sentence."""
    start, end = max(start, practice.start - _BEFORE_REACH), min(end, practice.end + _FAR)
    told = _pattern("spoken_of_before").search(clean, start, practice.start) or _pattern("spoken_of_after").match(clean, practice.end, end)
    return bool(told) and not _pattern("by_order").match(clean, start, practice.start) and not _pattern("here_too").search(clean, practice.end, end)


def _others_do(draft: Draft, practice: Mention, start: int) -> bool:
    """Whether another township or county stands right before the practice: 湖头镇的…, 湖头镇已推行…"""
    before = (
        place for place in draft.of("place") if start <= place.start and place.end <= practice.start and place.attrs.get("level") in ("township", "county")
    )
    return any(
        place.node not in (None, draft.frame.place)
        and (deed := _DO.fullmatch(draft.clean, place.end, practice.start)) is not None
        and (place.attrs.get("level") == "township" or deed.group().strip("的“‘《"))  # 列入安溪县“…”试点 is the township's own
        and _BESIDE.search(draft.clean, start, place.start) is None
        for place in before
    )


class Moods:
    """Where in a text a sentence or clause turns to what is yet to come; each clause is read once."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._never = len(draft.clean) + 1  # past every text
        self._clauses: dict[int, tuple[int, int, int, int, bool] | None] = {}
        # ends of the words; none of them goes over the end of a clause
        self._plans = self._ends("planned")
        self._wills = sorted([*self._ends("will"), *self._ends("planned_sentence")])
        self._calls = self._ends("exhorted")
        self._ongoing = [match.end() for match in _ONGOING.finditer(draft.clean)]

    def _ends(self, name: str) -> list[int]:
        return [match.end() for match in _pattern(name).finditer(self._draft.clean) if self._lies_ahead(match)]

    def _lies_ahead(self, match: re.Match[str]) -> bool:
        """Whether a year in the words, if they have one, lies after the year that the report covers."""
        year = next((value for value in match.groupdict().values() if value), None)
        return year is None or (self._draft.frame.year is not None and int(year) > self._draft.frame.year)

    def _first(self, ends: list[int], start: int, end: int) -> int:
        """The first of these ends in a stretch; past every text where there is none."""
        index = bisect_right(ends, start)
        return ends[index] if index < len(ends) and ends[index] <= end else self._never

    def _exhorts(self, start: int, end: int) -> int:
        """End of the words that exhort at the start of a clause."""
        match = _pattern("exhorted_at_start").match(self._draft.clean, start, end)
        return match.end() if match else self._never

    def _called(self, start: int, end: int) -> int:
        """End of the words by which somebody calls on others to do what follows."""
        called = self._first(self._calls, start, end)
        return self._never if called < self._never and _pattern("by_order").match(self._draft.clean, start, called) else called

    def _read(self, position: int, start: int, end: int) -> tuple[int, int, int, int, bool] | None:
        """Of the clause around a position: its end, where planning, exhorting and 将 begin, and whether it goes on; None for a clause of none of that."""
        never = self._never
        planned, exhorted = self._first(self._plans, start, end), min(self._exhorts(start, end), self._called(start, end))
        will = self._first(self._wills, *self._draft.sentence_at(position)) if self._wills else never
        goes_on = self._first(self._ongoing, start, end) < never
        return (end, planned, exhorted, will, goes_on) if goes_on or planned < never or exhorted < never or will < never else None

    def _prepared(self, practice: Mention, start: int) -> Modality | None:
        """planned or exhorted where the words right before or behind a practice say that it is only prepared, or asked for; ``start``: of its clause."""
        clean = self._draft.clean
        reach = max(start, practice.start - _BEFORE_REACH)
        found: Modality | None = next((modality for name, modality in _BEFORE if _pattern(name).search(clean, reach, practice.start)), None)
        if found is None and _pattern("prepared_after").match(clean, practice.end):
            found = "planned"
        sentence = self._draft.sentence_at(practice.start)
        if found is None:
            return "exhorted" if _is_spoken_of(clean, practice, start, sentence[1]) else None
        has_come = _pattern("has_come").search(clean, *sentence) and not _pattern("is_to_come").search(clean, *sentence)
        return None if has_come else found

    def of(self, mention: Mention, kind: SectionKind) -> Modality:
        """done, ongoing, planned or exhorted: the section decides first, then the words before the finding."""
        if kind == "heading":
            return "done"
        if mention.type in _NAMES and (after := _pattern("planned_after").match(self._draft.clean, mention.end)) and self._lies_ahead(after):
            return "planned"
        start, end = self._draft.clause_at(mention.start)
        if (mention.type == "program" or mention.relation == "ADOPTS") and (prepared := self._prepared(mention, start)):
            return prepared
        if start not in self._clauses:
            self._clauses[start] = self._read(mention.start, start, end)
        clause = self._clauses[start]
        goes_on = False
        if clause is not None:
            clause_end, planned, exhorted, will, goes_on = clause
            if kind == "plan":
                return "exhorted" if exhorted <= clause_end and planned > clause_end else "planned"
            if will <= mention.end or planned <= mention.end:
                return "planned"
            if exhorted <= mention.end:
                return "exhorted"
        elif kind == "plan":
            return "planned"
        return "ongoing" if goes_on or str(mention.attrs.get("per", "")).startswith(_EACH) else "done"
