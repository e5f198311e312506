"""Places added up to the one above them: counts in one unit become sums, rates never do. The arithmetic is pure; ``iter_sums`` reads the cells for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING

import msgspec

from fazhi.errors import Invalid, NotFound
from fazhi.measuring.model import Cell, Question, Sum
from fazhi.measuring.panel import Held, iter_cells, read_held
from fazhi.measuring.settling import can_be_added
from graph import measuring
from graph.queries import find_indicators
from graph.schema import LEVELS
from ingest.audit.amounts import TOLERANCE

if TYPE_CHECKING:
    from fazhi.workspace import Workspace

# rate → the counts it may be made of, part and whole. A pair only counts for a place where both are stated and give the rate that is stated.
PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "mediation_success_rate": (
        ("disputes_resolved", "disputes_mediated"),
        ("disputes_resolved", "disputes_accepted"),
        ("disputes_resolved", "disputes_found"),
    ),
    "mediation_rate": (("disputes_mediated", "disputes_found"), ("disputes_mediated", "disputes_accepted")),
    "closing_rate": (("requests_closed", "requests_accepted"), ("requests_closed", "hotline_orders"), ("requests_closed", "petitions")),
    "petition_closing_rate": (("petitions_closed", "petitions"), ("requests_closed", "petitions")),
}

Counts = Mapping[tuple[str, int, str], float]  # (place, year, indicator) → an exact count


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """One group's cells of a year, an indicator and a unit; ``elsewhere`` of the group's places that answered in another unit only."""

    place: str
    name: str
    level: str
    cells: tuple[Cell, ...]
    reporting: frozenset[str]
    elsewhere: int


def iter_sums(workspace: Workspace, question: Question) -> Iterator[Sum]:
    """Sums by place above, indicator, year and unit. Raises Invalid where ``by`` is no level above that of the rows; else as ``panel.iter_cells``.

    All numbers of the asked indicators are in memory, without their sentences: name the indicators.
    """
    levels = list(LEVELS)
    if question.by not in levels or question.level not in levels or levels.index(question.by) >= levels.index(question.level):
        raise Invalid(f"A {question.level} can't be added up to a {question.by}.", cure=f"Levels from the top: {', '.join(levels)}.")
    if not question.indicators:
        raise Invalid("Sums can't be made for all indicators at once.", cure="Name the indicators.")
    wanted = {id for id, _ in find_indicators(workspace.graph, question.indicators)}
    needed = wanted | {f"indicator:{count}" for rate, pairs in PAIRS.items() if f"indicator:{rate}" in wanted for pair in pairs for count in pair}
    known = [id for id in sorted(needed) if id in wanted or _is_stated(workspace, id)]
    cells = list(iter_cells(workspace, msgspec.structs.replace(question, indicators=tuple(known), empty=False), sentences=False))
    held = read_held(workspace, question)
    counts = {(cell.place.id, cell.year, cell.indicator): cell.value for cell in cells if cell.value is not None and cell.approx is None and can_be_added(cell)}
    reporting = _group_reports(workspace, held, question)
    for answers in _group([cell for cell in cells if cell.indicator in wanted], question.by, reporting):
        yield add_up(answers, counts)


def add_up(answers: Answers, counts: Counts) -> Sum:
    """One line of the roll-up from its cells, all of one year, indicator and kind of unit."""
    first = answers.cells[0]
    decided = [cell for cell in answers.cells if cell.value is not None]
    values = [cell.value for cell in decided if cell.value is not None]
    added = can_be_added(first)
    units = {cell.unit for cell in answers.cells}
    pooled = None if added else _pool(decided, counts)
    return Sum(
        place=answers.place,
        name=answers.name,
        level=answers.level,
        year=first.year,
        indicator=first.indicator,
        indicator_name=first.indicator_name,
        kind=first.kind,
        unit=first.unit if len(units) == 1 else first.family,
        added=added,
        value=_total(values) if added and values else None,
        approx=_approximate(decided) if added and values else None,
        low=_total([cell.low or 0.0 for cell in answers.cells]) if added else None,
        high=_total([cell.high for cell in answers.cells if cell.high is not None]) if added and all(cell.high is not None for cell in answers.cells) else None,
        least=min(values, default=None),
        median=median(values) if values else None,
        most=max(values, default=None),
        answered=len({cell.place.id for cell in decided}),
        conflicting=len({cell.place.id for cell in answers.cells} - {cell.place.id for cell in decided}),
        reporting=len(answers.reporting),
        from_other_years=len({cell.place.id for cell in answers.cells} - answers.reporting),
        other_units=answers.elsewhere,
        **(pooled or {}),  # type: ignore[arg-type]
    )


def _total(values: Iterable[float]) -> float:
    """Rounded to what reports state: a hundredth of a 万元 is the finest."""
    return round(sum(values), 6)


def _approximate(cells: Sequence[Cell]) -> str | None:
    """How the sum of such numbers is to be read: one part that is more than it says makes a sum that is; parts both ways make it about."""
    kinds = {cell.approx for cell in cells} - {None}
    if not kinds:
        return None
    if kinds <= {"more_than", "at_least"}:
        return "more_than" if "more_than" in kinds else "at_least"
    return "less_than" if kinds == {"less_than"} else "about"


def _pool(rates: Sequence[Cell], counts: Counts) -> dict[str, object] | None:
    """All parts over all wholes of the places whose stated counts give the stated rate. None where no place states both."""
    parts: list[float] = []
    wholes: list[float] = []
    used: set[str] = set()
    for cell in rates:
        for part, whole in PAIRS.get(cell.indicator.removeprefix("indicator:"), ()):
            one = counts.get((cell.place.id, cell.year, f"indicator:{part}"))
            all_of_it = counts.get((cell.place.id, cell.year, f"indicator:{whole}"))
            if one is None or not all_of_it or cell.value is None or abs(100 * one / all_of_it - cell.value) > TOLERANCE:
                continue
            parts.append(one)
            wholes.append(all_of_it)
            used.add(f"{part}/{whole}")
            break
    if not wholes:
        return None
    pooled = round(100 * sum(parts) / sum(wholes), 4)
    return {"pooled": pooled, "parts": _total(parts), "wholes": _total(wholes), "weighted": len(wholes), "weight": " ".join(sorted(used))}


def _is_stated(workspace: Workspace, indicator: str) -> bool:
    try:
        find_indicators(workspace.graph, [indicator])
    except NotFound:
        return False
    return True


def _group_reports(workspace: Workspace, held: Held, question: Question) -> dict[tuple[str, int], frozenset[str]]:
    """(place above, year) → the places below that have a report of that year."""
    found: dict[tuple[str, int], set[str]] = {}
    places = sorted(held.years)
    for first in range(0, len(places), 500):
        for place, above in measuring.list_ancestors(workspace.graph, places[first : first + 500]).items():
            group = above.get(question.by or "")
            for year in held.years[place] if group else ():
                found.setdefault((group[0] if group else "", year), set()).add(place)
    return {key: frozenset(members) for key, members in found.items()}


def _group(cells: Iterable[Cell], by: str, reporting: Mapping[tuple[str, int], frozenset[str]]) -> Iterator[Answers]:
    groups: dict[tuple[str, str, int], dict[str, list[Cell]]] = {}
    names: dict[str, str] = {}
    for cell in cells:
        above = cell.place.above.get(by)
        if above is None:
            continue  # a place that nothing of that level is above of, as 重庆's counties have no prefecture
        names[above[0]] = above[1]
        groups.setdefault((above[0], cell.indicator, cell.year), {}).setdefault(cell.family, []).append(cell)
    for (place, indicator, year), families in sorted(groups.items()):
        del indicator
        everybody = {cell.place.id for members in families.values() for cell in members}
        for _, members in sorted(families.items()):
            here = {cell.place.id for cell in members}
            yield Answers(
                place=place,
                name=names[place],
                level=by,
                cells=tuple(members),
                reporting=reporting.get((place, year), frozenset()),
                elsewhere=len(everybody - here),
            )
