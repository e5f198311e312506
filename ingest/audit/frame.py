"""Title, headings, signature and covered year against each other."""

from __future__ import annotations

from ingest.audit.reading import Reading
from ingest.model import Fact, Finding, FindingKind, Section, Side
from ingest.patterns import lazy

_YEAR = lazy(r"(20(?<!\d20)\d\d)(?=\s*年|\s*[-—–至~]\s*20\d\d)")
_SPAN = lazy(r"(20(?<!\d20)\d\d)\s*年?\s*[-—–至~]\s*(20\d\d)")
_COVERED = lazy(r"(20(?<!\d20)\d\d)\s*年度(?!.{0,12}(?:计划|要点|安排|打算|考核|表彰|预算|总结中|报告中|通报|审计|反馈|提出))")
_TITLES = lazy(r"《[^》\n]*》")
_LEAD = 800  # characters in which a report says which year it is about; later on it may look back
_LATE = 1  # years after the covered one in which a report is still signed as a rule


def check_frame(reading: Reading) -> list[Finding]:
    """Years that differ between title, page title and headings; plans for the year that is over; signatures out of time; figures of a part of the year."""
    found = [*_check_titles(reading), *_check_headings(reading), *_check_signature(reading)]
    return [finding for finding in found if finding is not None]


def years_in(words: str) -> set[int]:
    """All years that the words speak of; 2021-2025年 is all five."""
    if "20" not in words:
        return set()
    years = {int(match.group(1)) for match in _YEAR.finditer(words)}
    for match in _SPAN.finditer(words):
        first, last = int(match.group(1)), int(match.group(2))
        years.update(range(first, last + 1) if first <= last <= first + 20 else (first, last))
    return years


def _check_titles(reading: Reading) -> list[Finding | None]:
    """The page's title against the text's, and the text's 年度 against the title."""
    frame, metadata = reading.frame, reading.source.title or ""
    own, outside = years_in(frame.title or ""), years_in(metadata)
    found: list[Finding | None] = []
    if own and outside and not own & outside and metadata != frame.title:
        there, here = min(outside), min(own)
        found.append(
            reading.find(
                "year_differs",
                "warning",
                f"网页或元数据的标题写{there}年，正文标题写{here}年；报告年份取{frame.year}年。",
                f"The title of the page says {there}, the heading of the text {here}; the report's year is taken to be {frame.year}.",
                [Side(role="year", surface=metadata, value=there), _year_side(reading, here)],
                stated=here,
                computed=there,
            )
        )
    if frame.year_evidence != "title" or frame.year is None:
        return found
    counted: dict[int, list[tuple[int, int]]] = {}
    lead = reading.text[:_LEAD]
    titles = [match.span() for match in _TITLES.finditer(lead)]
    for match in _COVERED.finditer(lead):
        if not any(start <= match.start() < end for start, end in titles):
            counted.setdefault(int(match.group(1)), []).append(match.span())
    if counted and frame.year not in counted:
        year = min(counted, key=lambda year: (-len(counted[year]), year))
        start, end = counted[year][0]
        found.append(
            reading.find(
                "year_differs",
                "warning",
                f"标题写{frame.year}年，正文写{year}年度。",
                f"The title says {frame.year}, the text says {year}年度.",
                [_year_side(reading, frame.year), Side(role="year", surface=reading.text[start:end], start=start, end=end, value=year)],
                stated=frame.year,
                computed=year,
            )
        )
    return found


def _check_headings(reading: Reading) -> list[Finding | None]:
    """一、2022年主要成效 in a report on 2023; 三、2023年工作打算 in a report on 2023."""
    year = reading.frame.year
    if year is None:
        return []
    found: list[Finding | None] = []
    for section in reading.analysis.sections:
        if section.kind in ("heading", "other") or not section.heading or "20" not in section.heading or "《" in section.heading:
            continue
        years = years_in(section.heading)
        if not years:
            continue
        if section.kind == "plan":
            if max(years) <= year:
                zh = f"报告年份为{year}年，计划一节的标题写{max(years)}年。"
                en = f"The report covers {year}; the heading of its plan says {max(years)}."
                found.append(_find_heading(reading, section, "plan_year", year, max(years), zh, en))
        elif year not in years:
            zh = f"报告年份为{year}年，小标题写{max(years)}年。"
            en = f"The report covers {year}; a heading says {max(years)}."
            found.append(_find_heading(reading, section, "year_differs", year, max(years), zh, en))
    return found


def _find_heading(reading: Reading, section: Section, kind: FindingKind, year: int, other: int, zh: str, en: str) -> Finding:
    position = reading.text.find(str(other), section.start, section.end)
    start, end = (position, position + 4) if position >= 0 else (section.start, section.start)
    sides = [_year_side(reading, year), Side(role="year", surface=reading.text[start:end], start=start, end=end, value=other)]
    return reading.find(kind, "note" if kind == "plan_year" else "warning", zh, en, sides, stated=year, computed=other)


def _check_signature(reading: Reading) -> list[Finding | None]:
    """A signature from before the covered year or long after it, and one from before its end: then the figures run to that day only."""
    frame = reading.frame
    if frame.year is None or frame.signed is None:
        return []
    signed = int(frame.signed[:4])
    fact = _signature(reading)
    surface = fact.surface if fact is not None else frame.signed
    side = Side(
        role="signature",
        surface=surface,
        start=fact.start if fact is not None else None,
        end=fact.end if fact is not None else None,
        fact=fact.id if fact is not None else None,
    )
    if signed < frame.year or signed > frame.year + _LATE:
        zh = f"报告年份为{frame.year}年，落款日期为{frame.signed}。"
        en = f"The report covers {frame.year}; it was signed on {frame.signed}."
        return [reading.find("signed_outside", "warning", zh, en, [side, _year_side(reading, frame.year)], stated=frame.year, computed=signed)]
    if signed == frame.year and frame.signed[5:7] < "12":
        zh = f"落款日期为{frame.signed}，数字只到这一天，不是全年。"
        en = f"It was signed on {frame.signed}: its figures run to that day, not to the year's end."
        return [reading.find("part_of_year", "note", zh, en, [side], stated=frame.year)]
    return []


def _signature(reading: Reading) -> Fact | None:
    """The date that signs the report: the first of the closing lines with that day."""
    facts = [fact for fact in reading.analysis.facts if fact.type == "date" and fact.date == reading.frame.signed]
    return next((fact for fact in facts if fact.attrs.get("role") == "signed"), facts[-1] if facts else None)


def _year_side(reading: Reading, year: int) -> Side:
    """Where the text says the year first; the title as it was read where its characters do not stand there in a row."""
    stop = max((section.end for section in reading.analysis.sections[:1] if section.kind == "heading"), default=0)
    position = reading.text.find(str(year), 0, stop or 400)
    if position < 0:
        return Side(role="year", surface=reading.frame.title or str(year), value=year)
    return Side(role="year", surface=reading.text[position : position + 4], start=position, end=position + 4, value=year)
