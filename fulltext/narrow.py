"""The filters of a request as part of the query, so that an engine compiles one tree and nothing else."""

from __future__ import annotations

from fazhi.errors import Invalid
from fulltext.characters import keyword
from fulltext.query import LEVELS, MODALITIES, SECTIONS, And, Has, Keyword, Query, Years, narrow_to
from fulltext.store import Filters


def narrow(query: Query | None, filters: Filters) -> Query | None:
    """``query`` and all ``filters`` together; None where nothing is asked for. Raises Invalid for a level, section or modality that there is not."""
    sections = (_known("section", filters.section, SECTIONS),) if filters.section else ()
    modalities = (_known("modality", filters.modality, MODALITIES),) if filters.modality else ()
    clauses: list[Query] = []
    if sections or modalities:
        clauses.append(Has(sections, modalities) if query is None else narrow_to(query, sections, modalities))
    elif query is not None:
        clauses.append(query)
    if filters.place:
        clauses.append(Keyword("place", keyword(filters.place)))
    if filters.level:
        clauses.append(Keyword("level", _known("level", filters.level, LEVELS)))
    for field, value in (("program", filters.program), ("body", filters.body), ("indicator", filters.indicator)):
        if value:
            clauses.append(Keyword(field, keyword(value)))
    if filters.from_year is not None or filters.to_year is not None:
        clauses.append(Years(filters.from_year, filters.to_year))
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else And(tuple(clauses))


def _known(name: str, value: str, known: dict[str, str]) -> str:
    if value not in known:
        raise Invalid(f"There is no {name} {value!r}.", cure=f"Known are {', '.join(dict.fromkeys(known.values()))}.")
    return known[value]
