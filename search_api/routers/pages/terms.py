"""Words that set a result apart, on its page.

They take longer to find than the result (up to a second at 10,000 reports), so they are found when somebody asks for them: a link leads there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from search_api import models
from search_api.likening import TermsQuestion, answer_terms
from search_api.reader import Reader
from search_api.routers.pages.layout import Page

ASKED = "terms"
"""The parameter by which a page of results is asked for them."""

_SHOWN, _FOUND = 12, 60
_PART = 0.9  # share of a word's reports that have it within a longer one: then it is a part of that one and no word of its own


def list_terms(page: Page, reader: Reader, conditions: Mapping[str, str | None]) -> list[dict[str, Any]] | None:
    """Each with the address of the question with the word added to it; None where nobody asked for them."""
    if not page.request.query_params.get(ASKED):
        return None
    given = {name: value for name, value in conditions.items() if value}
    asked = TermsQuestion.model_validate({**given, "size": _FOUND})
    found = reader.remember(("terms of a page", tuple(sorted(given.items()))), lambda: answer_terms(reader, asked))
    question = conditions.get("q") or ""
    chosen = choose_terms(found.terms, question)[:_SHOWN]
    return [{"label": one.term, "reports": one.reports, "url": page.here(q=f"{question} {one.term}".strip(), **{ASKED: None})} for one in chosen]


def choose_terms(terms: Sequence[models.SignificantTerm], question: str) -> list[models.SignificantTerm]:
    """Without words of the question, and without those that are hardly found but as a part of a longer one: 功率 of 成功率."""
    fresh = [one for one in terms if one.term not in question]
    return [one for one in fresh if not any(one.term != other.term and one.term in other.term and other.reports >= _PART * one.reports for other in terms)]
