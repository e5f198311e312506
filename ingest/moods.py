"""Whether what a text names is done, goes on, is planned or only asked for: by the section it stands in and by the words around it (vocabulary/moods.yaml)."""

from __future__ import annotations

import re
from bisect import bisect_right

from ingest.draft import Draft, Mention
from ingest.model import Modality, SectionKind
from ingest.wordings import wording

_NAMES = frozenset({"program", "platform", "mediation_room", "relation"})
_BEFORE: tuple[tuple[str, Modality], ...] = (("urged_before", "exhorted"), ("prepared_before", "planned"))
_BEFORE_REACH = 30  # characters before a name in which such words stand
_FAR = 80  # characters behind a name in which it is looked for what was said of it
_ONGOING = re.compile("正在|常态化|长期坚持")
_EACH = ("每年", "每半年", "每季度", "每月", "每个月", "每两", "每周", "每天", "每日", "每旬")  # a duty that comes round, not a deed


def _is_spoken_of(clean: str, named: tuple[int, int], start: int, end: int) -> bool:
    """Whether somebody above only speaks of a practice, or it is only learnt about; ``start`` of its clause, ``end`` of its sentence."""
    first, last = named
    start, end = max(start, first - _BEFORE_REACH), min(end, last + _FAR)
    told = wording("spoken_of_before").search(clean, start, first) or wording("spoken_of_after").match(clean, last, end)
    return bool(told) and not wording("by_order").match(clean, start, first) and not wording("here_too").search(clean, last, end)


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
        self._called_for = self._ends("called")
        self._ongoing = [match.end() for match in _ONGOING.finditer(draft.clean)]

    def _ends(self, name: str) -> list[int]:
        return [match.end() for match in wording(name).finditer(self._draft.clean) if self._lies_ahead(match)]

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
        match = wording("exhorted_at_start").match(self._draft.clean, start, end)
        return match.end() if match else self._never

    def _called(self, start: int, end: int) -> int:
        """End of the words by which somebody calls on others to do what follows."""
        called = self._first(self._calls, start, end)
        return self._never if called < self._never and wording("by_order").match(self._draft.clean, start, called) else called

    def _read(self, position: int, start: int, end: int) -> tuple[int, int, int, int, bool] | None:
        """Of the clause around a position: its end, where planning, exhorting and 将 begin, and whether it goes on; None for a clause of none of that."""
        never = self._never
        planned, exhorted = self._first(self._plans, start, end), min(self._exhorts(start, end), self._called(start, end))
        sentence = self._draft.sentence_at(position)
        will = self._first(self._wills, *sentence) if self._wills else never
        if (called := self._first(self._called_for, *sentence)) < never and not wording("has_come").search(self._draft.clean, called, sentence[1]):
            exhorted = min(exhorted, called)
        goes_on = self._first(self._ongoing, start, end) < never
        return (end, planned, exhorted, will, goes_on) if goes_on or planned < never or exhorted < never or will < never else None

    def _prepared(self, named: tuple[int, int], start: int) -> Modality | None:
        """planned or exhorted where the words right before or behind a practice say that it is only prepared, or asked for; ``start``: of its clause."""
        clean, (first, last) = self._draft.clean, named
        reach = max(start, first - _BEFORE_REACH)
        found: Modality | None = next((modality for name, modality in _BEFORE if wording(name).search(clean, reach, first)), None)
        if found is None and wording("prepared_after").match(clean, last):
            found = "planned"
        sentence = self._draft.sentence_at(first)
        if found is None:
            return "exhorted" if _is_spoken_of(clean, named, start, sentence[1]) else None
        has_come = wording("has_come").search(clean, *sentence) and not wording("is_to_come").search(clean, *sentence)
        return None if has_come else found

    def of(self, mention: Mention, kind: SectionKind) -> Modality:
        """done, ongoing, planned or exhorted: the section decides first, then the words before the finding, at last the likeness to other sentences."""
        told = self._by_wordings(mention, kind)
        is_practice = mention.type == "program" or mention.relation == "ADOPTS"
        return self._draft.doubts.get((mention.start, mention.end), told) if is_practice and told in ("done", "ongoing") else told

    def _by_wordings(self, mention: Mention, kind: SectionKind) -> Modality:
        if kind == "heading":
            return "done"
        named = self._draft.named_with(mention)
        if mention.type in _NAMES and (after := wording("planned_after").match(self._draft.clean, named[1])) and self._lies_ahead(after):
            return "planned"
        start, end = self._draft.clause_at(mention.start)
        if (mention.type == "program" or mention.relation == "ADOPTS") and (prepared := self._prepared(named, start)):
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
