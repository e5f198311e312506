"""Words that several pages make of answers: the coverage in one line, a sentence cut at its highlights, numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from fazhi.explaining.words import Texts
from search_api import models


def write_coverage(t: Texts, coverage: models.Coverage) -> str:
    """What an answer rests on, in one line."""
    years = ", ".join(list_runs(coverage.years)) if coverage.years else t("no_years")
    line = t("coverage", reports=coverage.reports, townships=coverage.townships, years=years)
    more = [t("undated", count=coverage.undated)] if coverage.undated else []
    more += [t("unreadable", count=coverage.unreadable)] if coverage.unreadable else []
    if t.lang == "en":
        return f"{'; '.join([line, *more])}. {t('coverage_note')}"
    return f"{'；'.join([line, *more])}。{t('coverage_note')}"


def list_runs(years: Sequence[int]) -> Iterator[str]:
    """2019, 2020, 2021, 2023 → 2019–2021, 2023: a year without any report must show."""
    first = years[0]
    for year, following in pairwise([*years, 0]):
        if following != year + 1:
            yield f"{first}–{year}" if year > first else str(year)
            first = following


def cut_highlights(passage: models.Passage) -> list[tuple[str, bool]]:
    """The sentence in pieces, (text, whether it is highlighted)."""
    pieces: list[tuple[str, bool]] = []
    here = passage.start
    for span in sorted(passage.highlights, key=lambda span: span.start):
        start, end = max(span.start, here), min(span.end, passage.end)
        if start >= end:
            continue
        pieces += [(passage.text[here - passage.start : start - passage.start], False), (passage.text[start - passage.start : end - passage.start], True)]
        here = end
    pieces.append((passage.text[here - passage.start :], False))
    return [(text, lit) for text, lit in pieces if text]


def show_number(value: float | None) -> str:
    """13,000 and 97.52: all digits, in groups, never 1.3e+04."""
    if value is None:
        return ""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.6f}".rstrip("0")
