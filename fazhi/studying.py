"""All practices of a collection fitted together: a practice alone has too few adopters to tell its sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from diffusion.adoptions.coding import code, learn_habits
from diffusion.adoptions.model import Adoption, Mention, Watched
from diffusion.adoptions.reading import read
from diffusion.attribution.assembling import Assembled, Key, assemble, count_siblings, suppose
from diffusion.attribution.model import Ground
from diffusion.attribution.naming import Named, find_sources
from diffusion.networks.hidden import infer_acts
from diffusion.networks.panel import Parents, Text, build
from diffusion.networks.parents import Fit, fit
from diffusion.reuse import Index
from fazhi.reusing import build_reuse
from fazhi.workspace import Workspace
from ingest.model import Fact

TEXT = Text()
_NAMED_TYPES = {"place": "place", "body": "body", "document": "document"}
_REPORTS = 100  # whose sentences are read at a time


class Studied(msgspec.Struct, frozen=True, kw_only=True):
    """``adoptions`` of all programs that any report names, townships' only."""

    snapshot: str
    watched: Watched
    adoptions: tuple[Adoption, ...]
    assembled: Assembled
    parents: Parents
    found: Fit


def study(workspace: Workspace, more: Sequence[Mention] = ()) -> Studied:
    """Read all reports and fit the sources of all adoptions. Compares the texts with each other first, where that was not done since the collection changed.

    ``more``: mentions of a candidate beside those that the archive has.
    """
    index = build_reuse(workspace)
    units = {about.key: about.unit for about in index.texts}
    watched = read(workspace.archive)
    watched = with_superiors(msgspec.structs.replace(watched, mentions=(*watched.mentions, *more)), index)
    habits = learn_habits(watched)
    programs = sorted({mention.program for mention in watched.mentions})
    by_program: dict[str, list[Mention]] = defaultdict(list)
    for mention in watched.mentions:
        by_program[mention.program].append(mention)
    adoptions: list[Adoption] = []
    for program in programs:
        own = msgspec.structs.replace(watched, mentions=tuple(by_program[program]))
        adoptions += [row for row in code(own, program, {program: program.removeprefix("program:")}, habits) if "/" in row.place]
    pairs = (pair for pair in index.pairs() if pair.kind != "self")
    assembled = assemble(watched, adoptions, pairs, index.templates, units, _named(workspace, watched))
    parents = build(assembled.panel, TEXT)
    found = fit(parents.problem)
    panel = infer_acts(assembled.panel, TEXT, parents, found, count_siblings(assembled))
    if panel.acts != assembled.panel.acts:
        assembled = suppose(assembled, panel)
        parents = build(panel, TEXT)
        found = fit(parents.problem)
    return Studied(snapshot=workspace.archive.snapshot(), watched=watched, adoptions=tuple(adoptions), assembled=assembled, parents=parents, found=found)


def with_superiors(watched: Watched, index: Index) -> Watched:
    """What a superior's order says is the superior's; townships that no report names are left out, for nobody knows which of them are the same."""
    superiors = {about.key: about.unit for about in index.texts if about.superior}
    mentions = [
        msgspec.structs.replace(mention, place=superiors[mention.key]) if mention.own and mention.key in superiors else mention for mention in watched.mentions
    ]
    return msgspec.structs.replace(watched, mentions=tuple(mention for mention in mentions if "?" not in mention.place))


class _Facts(msgspec.Struct):
    facts: tuple[Fact, ...] = ()


def _named(workspace: Workspace, watched: Watched) -> dict[Key, list[tuple[str, Ground]]]:
    """Sources that the sentences of claims name themselves, by (program, place)."""
    by_report: dict[str, list[Mention]] = defaultdict(list)
    for mention in watched.mentions:
        if mention.own and mention.claims and "/" in mention.place:
            by_report[mention.report].append(mention)
    found: dict[Key, list[tuple[str, Ground]]] = defaultdict(list)
    reports = sorted(by_report)
    for first in range(0, len(reports), _REPORTS):
        for report, (_, told) in workspace.archive.quote(reports[first : first + _REPORTS], _Facts).items():
            for mention in by_report[report]:
                for source in find_sources(mention.sentence, _names_in(told.facts, mention)):
                    if source.role == "peer" and source.node != mention.place:
                        ground = Ground(kind="named", facts=(mention.fact,), sentence=mention.sentence)
                        found[mention.program, mention.place].append((source.node, ground))
    return found


def _names_in(facts: Sequence[Fact], mention: Mention) -> list[Named]:
    return [
        Named(fact.start - mention.start, fact.end - mention.start, fact.node, _NAMED_TYPES[fact.type])  # type: ignore[arg-type]
        for fact in facts
        if fact.type in _NAMED_TYPES and fact.node and mention.start <= fact.start and fact.end <= mention.end
    ]
