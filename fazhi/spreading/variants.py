"""Names of one family through the years: who states which, what they stated before, and which members the reports themselves list."""

from __future__ import annotations

from collections import Counter, defaultdict

import vocabulary
from fazhi.spreading.model import MemberSet, Sentence, Variants, VariantStep, VariantUse
from fazhi.spreading.telling import Quotes
from fazhi.workspace import Workspace
from graph import queries
from graph.pages import MOST
from ingest.ids import report_of_fact

_DONE = ("done", "ongoing")
_PAGES = 50


def follow_variants(workspace: Workspace, program: str) -> Variants:
    """The family of a practice, or the practice alone where it has none. Raises NotFound for one that no report names."""
    variants = queries.list_variants(workspace.graph, program)
    names = {variant.id: variant.name for variant in variants}
    family = next((variant.id for variant in variants if variant.relation == "family"), program)
    below = [row for row in _list_statements(workspace, family) if row.program in names]  # a family's statements are its variants'
    beside = [variant.id for variant in variants if variant.reports and variant.id not in {row.program for row in below} and variant.id != family]
    said = [*below, *(row for id in sorted(beside) for row in _list_statements(workspace, id) if row.program == id)]
    stating: dict[tuple[str, int], set[str]] = defaultdict(set)  # (place, year) → names
    places: dict[str, set[str]] = defaultdict(set)
    first: dict[str, int] = {}
    for row in said:
        if row.year is not None and row.modality in _DONE:
            stating[row.place, row.year].add(row.program)
            places[row.program].add(row.place)
            first[row.program] = min(first.get(row.program, row.year), row.year)
    stated = _list_members(workspace, said)
    uses = [
        VariantUse(
            program=id, name=name, members=_catalogued(name), stated=tuple(stated.get(id, ())), places=len(places[id]), first_seen=first.get(id)
        )
        for id, name in names.items()
        if places[id] or stated.get(id)
    ]  # fmt: skip
    uses.sort(key=lambda use: (use.first_seen or 9999, -use.places, use.name))
    return Variants(family=family, uses=tuple(uses), steps=_list_steps(stating, names))


def _list_statements(workspace: Workspace, program: str) -> list[queries.Adoption]:
    rows: list[queries.Adoption] = []
    cursor: str | None = None
    for _ in range(_PAGES):
        page = queries.list_adopters(workspace.graph, program, cursor=cursor, size=MOST)
        rows += page.rows
        cursor = page.cursor
        if cursor is None:
            break
    return rows


def _list_steps(stating: dict[tuple[str, int], set[str]], names: dict[str, str]) -> tuple[VariantStep, ...]:
    counts: Counter[tuple[int, int, tuple[str, ...], tuple[str, ...]]] = Counter()
    before: dict[str, tuple[int, tuple[str, ...]]] = {}
    for place, year in sorted(stating, key=lambda pair: (pair[1], pair[0])):
        now = tuple(sorted(names[id] for id in stating[place, year]))
        then, old = before.get(place, (0, ()))
        counts[year, then, old, now] += 1
        before[place] = year, now
    return tuple(
        VariantStep(year=year, before_year=then or None, before=old, now=new, places=count) for (year, then, old, new), count in sorted(counts.items())
    )


def _list_members(workspace: Workspace, said: list[queries.Adoption]) -> dict[str, list[MemberSet]]:
    """Sets of members that reports list beside a name; the same name can mean different sets."""
    facts = {fact: row for row in said for fact in row.facts}
    quotes = Quotes(workspace)
    quotes.fetch(report_of_fact(fact) for fact in facts)
    places: dict[tuple[str, frozenset[str]], set[str]] = defaultdict(set)
    shown: dict[tuple[str, frozenset[str]], tuple[tuple[str, ...], Sentence]] = {}
    for fact, row in facts.items():
        members = quotes.members(fact)
        sentence = quotes.of_fact(fact) if members else None
        if sentence is not None:
            key = (row.program, frozenset(members))
            places[key].add(row.place)
            shown.setdefault(key, (members, sentence))
    found: dict[str, list[MemberSet]] = defaultdict(list)
    for key, (members, sentence) in shown.items():
        found[key[0]].append(MemberSet(members=members, places=len(places[key]), sentence=sentence))
    return {program: sorted(sets, key=lambda one: (-one.places, one.members)) for program, sets in found.items()}


def _catalogued(name: str) -> tuple[str, ...]:
    return next((tuple(entry.get("members", ())) for entry in vocabulary.load("programs") if entry["name"] == name), ())
