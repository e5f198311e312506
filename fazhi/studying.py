"""All practices of a collection fitted together: a practice alone has too few adopters to tell its sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from diffusion.adoptions.coding import code, learn_habits
from diffusion.adoptions.model import Adoption, Mention, Watched
from diffusion.adoptions.reading import Told, read
from diffusion.attribution.assembling import Assembled, Key, assemble, chain, count_siblings, suppose
from diffusion.attribution.model import Ground
from diffusion.attribution.naming import Named, Source, find_sources, widen
from diffusion.networks.hidden import infer_acts
from diffusion.networks.panel import Parents, Text, build
from diffusion.networks.parents import Fit, fit
from diffusion.ordering import find_order
from diffusion.reuse import Index
from fazhi.reusing import build_reuse
from fazhi.workspace import Workspace
from ingest.gazetteer import gazetteer
from ingest.model import Fact

TEXT = Text()
_NAMED_TYPES = {"place": "place", "body": "body", "document": "document"}
_TELLING = 2.0  # times as often as sentences that go on with something have those that take it up to speak of orders
_LEAST_TOLD = 5  # of these that it can be told from
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

    ``more``: all mentions of a candidate, in place of the few that the archive may have of it.
    """
    index = build_reuse(workspace)
    units = {about.key: about.unit for about in index.texts}
    orders = frozenset(about.key for about in index.texts if about.order)
    watched = read(workspace.archive)
    read_again = {mention.program for mention in more}
    kept = (mention for mention in watched.mentions if mention.program not in read_again)
    watched = with_superiors(msgspec.structs.replace(watched, mentions=(*kept, *more)), index)
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
    assembled = assemble(watched, adoptions, pairs, index.templates, units, _named(workspace, watched), orders)
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


def _named(workspace: Workspace, watched: Watched) -> dict[Key, list[tuple[str, Ground]]]:
    """Sources that the sentences of claims name themselves, by (program, place)."""
    by_report: dict[str, list[Mention]] = defaultdict(list)
    for mention in watched.mentions:
        if mention.own and mention.claims and "/" in mention.place:
            by_report[mention.report].append(mention)
    found: dict[Key, list[tuple[str, Ground]]] = defaultdict(list)
    reports = sorted(by_report)
    orders = _Orders()
    for first in range(0, len(reports), _REPORTS):
        for report, (text, told) in workspace.archive.quote(reports[first : first + _REPORTS], Told).items():
            numbers = {span: at for at, span in enumerate(told.sentences)}
            read: dict[tuple[int, int], list[Source]] = {}
            for mention in by_report[report]:
                at = numbers.get((mention.start, mention.end))
                start, end = widen(text, told.sentences, at) if at is not None else (mention.start, mention.end)
                if (start, end) not in read:
                    read[start, end] = find_sources(text[start:end], _names_in(told.facts, start, end))
                for node, kind in _sources_of(mention, text[start:end], read[start, end], mention.start + mention.at - start):
                    found[mention.program, mention.place].append((node, Ground(kind=kind, facts=(mention.fact,), sentence=text[start:end])))
                orders.add(mention)
    for key, source, ground in orders.list():
        found[key].append((source, ground))
    return found


class _Orders:
    """Which sentences say that somebody above wants what they tell of. That counts only in a collection in which those that take something up say so much more
    often than those that go on with it: else it is a way of speaking.
    """

    def __init__(self) -> None:
        self._told: dict[Key, list[tuple[int, str | None, Mention]]] = defaultdict(list)

    def add(self, mention: Mention) -> None:
        said = find_order(mention.sentence, mention.at, mention.length)
        self._told[mention.program, mention.place].append((mention.covered, said, mention))

    def list(self) -> Iterator[tuple[Key, str, Ground]]:
        first: list[tuple[Key, str | None, Mention]] = []
        later: list[str | None] = []
        for key, told in self._told.items():
            begun = min(covered for covered, _, _ in told)
            first += [(key, said, mention) for covered, said, mention in told if covered == begun]
            later += [said for covered, said, _ in told if covered != begun]
        often, usually = (sum(said is not None for said in some) / max(len(some), 1) for some in ([said for _, said, _ in first], later))
        if sum(said is not None for _, said, _ in first) < _LEAST_TOLD or often < _TELLING * usually:
            return
        for key, said, mention in first:
            if said is not None:
                yield key, _who_orders(said, mention.place), Ground(kind="ordered", facts=(mention.fact,), sentence=mention.sentence)


def _who_orders(said: str, place: str) -> str:
    """The superior of a township that such words mean; its county where they leave that open."""
    province, prefecture, county = chain(place)[-3:]
    entry = gazetteer().places.get(county)
    if "省" in said or "自治区" in said:
        return province
    return prefecture if re.search("市(?!县)", said) and entry is not None and not entry.name.endswith("市") else county


def _sources_of(mention: Mention, sentence: str, sources: Sequence[Source], at: int) -> list[tuple[str, Literal["named", "mentioned"]]]:
    """Graph ids of the sources that the sentence of a claim names; or, if it names none, of the one other township that it mentions before the practice, whose
    name is ``at``."""
    named: list[str] = []
    mentioned: set[str] = set()
    for source in sources:
        if source.role == "superior":
            node = _superior(source.node, mention, sentence[source.start : source.end])
        else:
            node = _township(source.node)
        if node is None or node == mention.place:
            continue
        if source.role != "mentioned":
            named.append(node)
        elif "/" in node and "?" not in node and source.start < at:
            mentioned.add(node)
    if not named and len(mentioned) == 1:
        return [(mentioned.pop(), "mentioned")]
    return [(node, "named") for node in named]


def _township(node: str) -> str:
    """The township of a place below it; any other place is itself."""
    return "/".join(node.split("/")[:2])


def _superior(node: str, mention: Mention, said: str) -> str | None:
    """The place above whose order a report names, where the order is about this practice: 按照县委部署 alone stands in any sentence."""
    name = mention.program.removeprefix("program:")
    if name not in said and mention.sentence[mention.at : mention.at + mention.length] not in said:
        return None
    if node.startswith(("body:", "cn:")):
        place = node.removeprefix("body:").rpartition("/")[0] if node.startswith("body:") else node
        return place if place in chain(mention.place) else None
    title = node.removeprefix("doc:")
    register = gazetteer()
    above = (register.places.get(place) for place in reversed(chain(mention.place)))
    return next((place.id for place in above if place is not None and title.startswith((place.name, f"中共{place.name}"))), None)


def _names_in(facts: Sequence[Fact], start: int, end: int) -> list[Named]:
    return [
        Named(fact.start - start, fact.end - start, fact.node, _NAMED_TYPES[fact.type])  # type: ignore[arg-type]
        for fact in facts
        if fact.type in _NAMED_TYPES and fact.node and start <= fact.start and fact.end <= end
    ]
