"""What a text says of a practice that there is none of it, that it is not wholly so, or that others do it and not the place whose report it is."""

from __future__ import annotations

import re

from ingest.draft import Draft, Mention
from ingest.wordings import wording

_REACH = 14  # characters before a name in which a denial can stand
_FAR = 80  # characters around a name in which a sentence is looked at for whose deed it is
_DO = re.compile(
    r"(?:那边|的同志讲，他们)?的?[“‘《]?|(?:那边|在[^，。；]{2,10}[上中时])?(?:已经?|早已|率先|今年|去年|前年|正在|正|先后|依靠|深入|全面|积极|大力|扎实|挂牌){0,3}"
    r"(?:推行?|推广|开展|建[立成起]|设立|成立|实[行施]|创[设建]|推出|探索|试[行点]|组建|启动|办起|搞起?|依靠|介绍|首创|有|[以因靠用]|通过)了?[“‘《]?(?:村级|农村|乡村)?[“‘《]?"
)
_BESIDE = re.compile(r"[、与和同及跟向为给到赴从由在受经随据照应把被]$|会同|联合|原$|(?:按照?|根据|响应|贯彻|落实|执行|对照|借鉴|学习|参照)[^，。；]{0,4}$")


def find_denial(draft: Draft, practice: Mention) -> re.Match[str] | None:
    """The words right before or behind a practice that say that there is none of it."""
    clean, (start, end) = draft.clean, (practice.start, practice.end)
    reach = _reach(draft, practice)
    if wording("otherwise_after").match(clean, end):
        return None
    if found := wording("denied_before").search(clean, reach, start) or wording("denied_after").match(clean, end):
        return found
    if (found := wording("none_before").search(clean, reach, start)) and not wording("none_of_after").match(clean, end):
        return found
    return wording("lacked_before").search(clean, reach, start) if wording("such_after").match(clean, end) else None


def find_doubt(draft: Draft, practice: Mention, denial: re.Match[str] | None) -> re.Match[str] | None:
    """The words that say neither yes nor no: a practice is not known well, not everywhere, or the denial may be of something else."""
    if denial is not None:
        return denial if wording("not_wholly").search(denial.group()) else None
    if wording("otherwise_after").match(draft.clean, practice.end):
        return None
    return wording("doubted_before").search(draft.clean, _reach(draft, practice), practice.start) or wording("doubted_after").match(draft.clean, practice.end)


def _reach(draft: Draft, practice: Mention) -> int:
    return max(draft.sentence_at(practice.start)[0], practice.start - _REACH)


def is_elsewhere(draft: Draft, practice: Mention) -> bool:
    """Whether the sentence says of a practice that others do it, and not that it was learnt from them or is done here as well."""
    clean, (start, end) = draft.clean, draft.sentence_at(practice.start)
    start, end = max(start, practice.start - _FAR), min(end, practice.end + _FAR)
    found = (
        wording("elsewhere_before").search(clean, start, practice.start)
        or wording("elsewhere_after").match(clean, practice.end, end)
        or (wording("above_before").search(clean, start, practice.start) and wording("above_after").match(clean, practice.end, end))
        or _others_do(draft, practice, start)
    )
    return bool(found) and not wording("learnt").search(clean, start, practice.start) and not wording("here_too").search(clean, practice.end, end)


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
