"""Sections of a report: a heading's words decide the kind, not its number."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import vocabulary
from ingest.draft import Stretch
from ingest.model import SectionKind

_LEVELS = [
    re.compile(r"(第[一二三四五六七八九十]+[章节部分]{1,2}|[一二三四五六七八九十]{1,3}[、.])\s?"),
    re.compile(r"(（[一二三四五六七八九十]{1,3}）)[、.]?"),
    re.compile(r"(\d{1,2}[、.](?!\d))"),
    re.compile(r"(（\d{1,2}）|[①-⑳])"),
]
_NUMBERED = re.compile(r"[第一二三四五六七八九十（\d①-⑳]")  # how all of them begin
_HEADING_END = re.compile(r"[。：；\n]")
_ALONE = re.compile(r"\s*(?P<asks>问[：:])?(?P<words>[^。；，,;：:|\t\d（(][^。；，,;：:|\t]{2,22})\s*")
_YEAR = re.compile(r"(20\d\d)年")
_LEAD = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[）)、.]|第[一二三四五六七八九十]+[章节部分]{1,2})")


@cache
def _kinds() -> list[tuple[SectionKind, re.Pattern[str]]]:
    return [(entry["kind"], re.compile("|".join(entry["headings"]))) for entry in vocabulary.load("sections")["kinds"]]


@cache
def _openings(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{opening})" for opening in vocabulary.load("sections")[name]))


@lru_cache(maxsize=4096)
def kind_of_heading(heading: str) -> SectionKind | None:
    """Kind that a heading's words name, or None. 存在的不足和原因 → problems; 下步工作打算 → plan."""
    words = _LEAD.sub("", heading).strip("。：；？? \n")
    for kind, pattern in _kinds():
        if pattern.search(words):
            # 存在问题及下一步打算: what is said first stands first in the section, its own paragraphs tell where the plan begins
            if kind == "plan" and re.search("问题|不足", words) and not re.match("下|20", words):
                return "problems"
            return kind
    return None


def read_sections(clean: str, head_end: int, tail_start: int, marked: frozenset[int], year: int | None = None) -> list[Stretch]:
    """Sections in order; a nested section follows the one it is in. The text before the first heading is a section without heading.

    A heading that names a year after ``year``, the report's own, opens a plan: 三、2024年重点工作.
    """
    found: list[tuple[int, int, int, str, str]] = []  # start, heading end, level, number, heading
    position = 0
    for line in clean.splitlines(keepends=True):
        start, position = position, position + len(line)
        if start < head_end or start >= tail_start:
            continue
        for level, pattern in enumerate(_LEVELS if _NUMBERED.match(line) else (), 1):
            match = pattern.match(line)
            if match is None:
                continue
            mark = _HEADING_END.search(line, match.end())
            stop = mark.start() if mark else len(line)
            if level > 2 and stop - match.end() > 60:
                stop = match.end()
            found.append((start, start + stop, level, match.group(1).strip("、. "), line[:stop]))
            break
        else:
            if (start in marked and len(line) <= 60 and not re.search("。", line)) or _stands_alone(line):
                found.append((start, start + len(line.rstrip("\n")), 1, "", line.rstrip("\n")))
    sections: list[Stretch] = []
    first = found[0][0] if found else tail_start
    if first > head_end:
        sections += _split_openings(clean, Stretch(kind="results", start=head_end, end=first, path="导语" if found else ""))
    stack: list[Stretch] = []
    ends = _ends_of([(start, level) for start, _, level, _, _ in found], tail_start)
    for index, (start, heading_end, level, number, heading) in enumerate(found):
        while stack and stack[-1].level >= level:
            stack.pop()
        parent = stack[-1] if stack else None
        named = kind_of_heading(heading)
        if named in (None, "results") and year is not None and (ahead := _YEAR.search(heading)) is not None and int(ahead.group(1)) > year:
            named = "plan"
        if parent is not None and parent.kind != "results" and named in (None, "results", "other"):
            named = parent.kind
        kind: SectionKind = named or (parent.kind if parent is not None else "results")
        end = ends[index]
        own_end = found[index + 1][0] if index + 1 < len(found) else tail_start
        section = Stretch(kind, start, end, heading, heading_end, level, f"{parent.path}/{number}" if parent is not None and parent.path else number)
        stack.append(section)
        sections.append(section)
        body = Stretch(kind, heading_end, min(own_end, end), "", heading_end, level + 10, section.path)
        sections += _split_openings(clean, body)[1:]
    return sections


def _stands_alone(line: str) -> bool:
    """Whether a short line without a number is a heading: a question that the lines below answer, or words that name problems or plans."""
    words = _ALONE.fullmatch(line)
    return words is not None and (words["asks"] is not None or kind_of_heading(words["words"]) in ("plan", "problems"))


def _ends_of(headings: list[tuple[int, int]], last: int) -> list[int]:
    """Where the section under each heading, (start, level), ends: at the next one of its level or a higher one."""
    ends = [last] * len(headings)
    opened: list[int] = []
    for index, (start, level) in enumerate(headings):
        while opened and headings[opened[-1]][1] >= level:
            ends[opened.pop()] = start
        opened.append(index)
    return ends


def _split_openings(clean: str, section: Stretch) -> list[Stretch]:
    """Cut where a paragraph opens a plan without a heading (下一步，…), or names problems in a text without sections."""
    parts = [section]
    position = section.start
    if section.kind == "plan":
        return parts
    for line in clean[section.start : section.end].splitlines(keepends=True):
        start, position = position, position + len(line)
        opening: SectionKind | None = None
        if start > section.start or not section.heading_end:
            if _openings("plan_openings").match(line):
                opening = "plan"
            elif not section.heading_end and _openings("problem_openings").match(line[:90]):
                opening = "problems"
        if opening is not None and opening != parts[-1].kind:
            parts.append(Stretch(opening, start, section.end, "", start, section.level, section.path))
    for earlier, later in zip(parts, parts[1:], strict=False):
        earlier.end = later.start
    return parts
