"""A sentence as the examples have it: signs for the practice, for other practices and for places, one digit for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.draft import Draft, Mention

PRACTICE, OTHER_PRACTICE, OWN_PLACE, OTHER_PLACE, ABOVE = "◆◇●○◎"
_REACH = 70  # characters before and behind a practice that are looked at
_NUMBERS = re.compile(r"[0-9０-９]+(?:[.,，．][0-9０-９]+)*|[一二两三四五六七八九十百]+(?=[个名次场人件支处所家条项部村位户批起类])")
_YEAR = re.compile(r"(20[0-9]{2})\s?(?=年)")
_LEFT_OUT = re.compile(r"[\s“”‘’\"'「」《》]+")


def mark(draft: Draft, practice: Mention) -> str:
    """The sentence around a practice, at most ``_REACH`` characters to each side."""
    start, end = draft.sentence_at(practice.start)
    start, end = max(start, practice.start - _REACH), min(end, practice.end + _REACH)
    told, at, covered = [], start, draft.frame.year
    for span_start, span_end, sign in _signs(draft, practice, start, end):
        if span_start >= at:
            told += [plain(draft.clean[at:span_start], covered), sign]
            at = span_end
    return "".join(told) + plain(draft.clean[at:end], covered)


def plain(words: str, covered: int | None = None) -> str:
    """Words without quotation marks and blanks, numbers as 0, years as 今年, 往年 or 来年 by the one that the report covers."""
    if covered is not None:
        words = _YEAR.sub(lambda match: _relative(int(match[1]), covered), words)
    return _NUMBERS.sub("0", _LEFT_OUT.sub("", words))


def _relative(year: int, covered: int) -> str:
    return "今" if year == covered else "往" if year < covered else "来"


def _signs(draft: Draft, practice: Mention, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    own = draft.frame.place or ""
    found = [(practice.start, practice.end, PRACTICE)]
    for mention in draft.mentions:
        if start <= mention.start and mention.end <= end and (mention.end <= practice.start or practice.end <= mention.start):
            if mention.type == "program":
                found.append((mention.start, mention.end, OTHER_PRACTICE))
            elif mention.type == "place" and mention.node is not None:
                sign = OWN_PLACE if mention.node == own else ABOVE if own.startswith(mention.node) else OTHER_PLACE
                found.append((mention.start, mention.end, sign))
    return sorted(found, key=lambda each: (each[0], -each[1]))
