"""What a text says of a practice that there is none of it, that it is not wholly so, or that others do it and not the place whose report it is."""

from __future__ import annotations

import re

from ingest.draft import Draft, Mention
from ingest.wordings import wording

_REACH = 14  # characters before a name in which a denial can stand
_FAR = 80  # characters around a name in which a sentence is looked at for whose deed it is


def find_denial(draft: Draft, named: tuple[int, int]) -> re.Match[str] | None:
    """The words right before or behind a practice that say that there is none of it; ``named``: its span, or that of the enumeration it stands in."""
    clean, (start, end), reach = draft.clean, named, _reach(draft, named)
    if wording("otherwise_after").match(clean, end):
        return None
    if found := wording("denied_before").search(clean, reach, start) or wording("denied_after").match(clean, end):
        return found
    if (found := wording("none_before").search(clean, reach, start)) and not wording("none_of_after").match(clean, end):
        return found
    return wording("lacked_before").search(clean, reach, start) if wording("such_after").match(clean, end) else None


def find_doubt(draft: Draft, named: tuple[int, int], denial: re.Match[str] | None) -> re.Match[str] | None:
    """The words that say neither yes nor no: a practice is not known well, not everywhere, or the denial may be of something else."""
    if denial is not None:
        return denial if wording("not_wholly").search(denial.group()) else None
    clean, (start, end) = draft.clean, named
    if wording("otherwise_after").match(clean, end):
        return None
    return wording("doubted_before").search(clean, _reach(draft, named), start) or wording("doubted_after").match(clean, end)


def _reach(draft: Draft, named: tuple[int, int]) -> int:
    return max(draft.sentence_at(named[0])[0], named[0] - _REACH)


def is_elsewhere(draft: Draft, practice: Mention) -> bool:
    """Whether the sentence says of a practice that others do it, and not that it was learnt from them or is done here as well."""
    clean, (start, end), (first, last) = draft.clean, draft.sentence_at(practice.start), draft.named_with(practice)
    start, end = max(start, first - _FAR), min(end, last + _FAR)
    others = [
        place
        for place in draft.of("place")
        if start <= place.start
        and place.end <= first
        and place.attrs.get("level") in ("township", "county")
        and place.node not in (None, draft.frame.place)
        and not wording("our_own").search(clean, place.end, first)
    ]
    if others and wording("compared_before").search(clean, start, first):
        return True
    found = (
        wording("elsewhere_before").search(clean, start, first)
        or wording("elsewhere_after").match(clean, last, end)
        or (wording("above_before").search(clean, start, first) and wording("above_after").match(clean, last, end))
        or any(_is_theirs(clean, place, first, start) for place in others)
    )
    if others and _is_only_looked_at(clean, others[-1], (first, last), start, end):
        return True
    if others and (wording("gathered_after").match(clean, last, end) or wording("admired_after").match(clean, last, end)):
        return not wording("here_too").search(clean, last, end)
    return bool(found) and not wording("learnt").search(clean, start, first) and not wording("here_too").search(clean, last, end)


def _is_only_looked_at(clean: str, place: Mention, named: tuple[int, int], start: int, end: int) -> bool:
    """Whether a practice of this place is visited or studied, and no more; not where people of the place come to see it here."""
    first, last = named
    if wording("came_here").search(clean, place.end, first):
        return False
    return bool(wording("looked_at_before").search(clean, start, first) and wording("looked_at_after").match(clean, last, end))


def _is_theirs(clean: str, place: Mention, first: int, start: int) -> bool:
    """Whether another township or county stands right before the practice: 湖头镇的…, 湖头镇已推行…"""
    deed = wording("theirs").fullmatch(clean, place.end, first)
    if deed is None or wording("beside_before").search(clean, start, place.start):
        return False
    return place.attrs.get("level") == "township" or deed.group().strip("的“‘《") != ""  # 列入安溪县“…”试点 is the township's own
