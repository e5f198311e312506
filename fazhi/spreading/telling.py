"""From a trace to a story: names, sentences and coverage put beside what was found."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

import msgspec

from diffusion.adoptions.model import Adoption
from diffusion.attribution.assembling import county_of
from diffusion.attribution.model import Attribution, Channel, Ground
from fazhi.sentences import find_sentence
from fazhi.spreading.model import Arrow, Banner, Caveat, Channels, Deed, Reason, Sentence, Share, Story, Unit
from fazhi.spreading.ranking import find_first, wilson
from fazhi.tracing import Trace, presence
from fazhi.workspace import Workspace
from ingest.gazetteer import gazetteer
from ingest.ids import report_id, report_of_fact
from ingest.model import Fact

CHANNELS: tuple[Channel, ...] = get_args(Channel)
_SENTENCES = 2  # of a place, first seen first
_PASSAGES = 2  # pairs of an arrow
_LONG = 240  # characters of a quotation
FEW = 10  # adopters below which shares say little


class _Parts(msgspec.Struct):
    """What quoting needs of an analysis."""

    facts: tuple[Fact, ...] = ()
    sentences: tuple[tuple[int, int], ...] = ()


class Slots(msgspec.Struct, frozen=True):
    """Years of each township's reports, and what can't be read. ``years`` are those of the whole collection."""

    present: Mapping[str, tuple[int, ...]]
    unreadable: int


def read_slots(workspace: Workspace) -> Slots:
    return Slots(presence(workspace), len(workspace.archive.failures()))


def tell(workspace: Workspace, trace: Trace, slots: Slots | None = None) -> Story:
    """The story of a traced practice; ``slots`` as ``read_slots`` gives them, where they are at hand."""
    slots = slots or read_slots(workspace)
    quotes = Quotes(workspace)
    quotes.fetch(_reports_of(trace))
    first, last = trace.coverage.from_year, trace.coverage.to_year
    chosen = choose_adoptions(trace.adoptions)
    units = tuple(sorted((_unit(row, variants, slots, quotes, first, last) for row, variants in chosen), key=_by_county))
    by_place = {unit.place: unit for unit in units}
    programs = {row.place: row.program for row, _ in chosen}
    arrows = tuple(_arrow(row, by_place, quotes) for row in trace.attributions if programs.get(row.place) == row.program)
    banner = _cover(trace, units, slots)
    return Story(
        program=trace.program,
        name=trace.program.removeprefix("program:"),
        snapshot=trace.snapshot,
        banner=banner,
        units=units,
        arrows=arrows,
        deeds=_deeds(trace.attributions, quotes),
        first=find_first(units),
        channels=share_out(arrows, by_place),
        caveats=_warn(trace, banner, arrows),
    )


def choose_adoptions(adoptions: Sequence[Adoption]) -> list[tuple[Adoption, tuple[str, ...]]]:
    """One row a place, with the names of all variants that it has: of a family's variants the one that was taken up first stands for it."""
    by_place: dict[str, list[Adoption]] = defaultdict(list)
    for row in adoptions:
        by_place[row.place].append(row)
    chosen = []
    for place in sorted(by_place):
        rows = sorted(by_place[place], key=lambda row: (row.t_upper is None, row.t_upper or 0, row.t_lower or 0, row.program))
        names = [row.variant or row.program.removeprefix("program:") for row in rows if row.t_upper is not None] or [row.variant for row in rows if row.variant]
        chosen.append((rows[0], tuple(dict.fromkeys(names))))
    return chosen


def name_place(id: str) -> str:
    """The name that the register has; of others the last part of the id."""
    place = gazetteer().places.get(id)
    return place.name if place is not None else id.rsplit("/", 1)[-1].removeprefix("cn:")


# -- sentences -------------------------------------------------------------------------------------------------------------------------------------


class Quotes:
    """Sentences of reports by fact or by offsets. What is gone since is left out."""

    def __init__(self, workspace: Workspace) -> None:
        self._archive = workspace.archive
        self._read: dict[str, tuple[str, _Parts]] = {}
        self._facts: dict[str, tuple[str, Fact]] = {}

    def fetch(self, reports: Iterable[str]) -> None:
        wanted = sorted(set(reports) - self._read.keys())
        for at in range(0, len(wanted), 200):
            for report, (text, parts) in self._archive.quote(wanted[at : at + 200], _Parts).items():
                self._read[report] = text, parts
                self._facts |= {fact.id: (report, fact) for fact in parts.facts}

    def of_fact(self, id: str) -> Sentence | None:
        if id not in self._facts:
            return None
        report, fact = self._facts[id]
        return self.of_span(report, fact.start, fact.end, fact=id)

    def members(self, id: str) -> tuple[str, ...]:
        """What a report lists beside the name of a program: 机关, 学校 … of 法律七进."""
        found = self._facts.get(id)
        return tuple(found[1].attrs.get("members", ())) if found else ()

    def of_span(self, report: str, start: int, end: int, *, fact: str | None = None) -> Sentence | None:
        if report not in self._read:
            return None
        text, parts = self._read[report]
        left, right = find_sentence(parts, start, end, len(text))
        if right - left > _LONG:  # a whole list can be one sentence: then as much as lies around what is meant
            left, right = max(left, start - _LONG // 3), min(right, max(end, start + _LONG * 2 // 3))
        document = self._archive.find(report)
        return Sentence(
            report=report, key=document.key if document else report, place=document.place if document else None, year=document.year if document else None,
            start=left, end=right, text=text[left:right].strip(), fact=fact,
        )  # fmt: skip


def _reports_of(trace: Trace) -> set[str]:
    facts = [fact for row in trace.adoptions for fact in row.facts[:_SENTENCES]]
    facts += [fact for row in trace.attributions for ground in row.evidence for fact in ground.facts]
    keys = [key for row in trace.attributions for ground in row.evidence for passage in ground.passages[:_PASSAGES] for key in (passage[0], passage[3])]
    keys += [ground.act for row in trace.attributions for ground in row.evidence if ground.act]
    return {*map(report_of_fact, facts), *map(report_id, keys)}


def _distinct(sentences: Iterable[Sentence | None]) -> tuple[Sentence, ...]:
    found: OrderedDict[tuple[str, int], Sentence] = OrderedDict()
    for sentence in sentences:
        if sentence is not None:
            found.setdefault((sentence.report, sentence.start), sentence)
    return tuple(found.values())


# -- rows ------------------------------------------------------------------------------------------------------------------------------------------


def _unit(row: Adoption, variants: tuple[str, ...], slots: Slots, quotes: Quotes, first: int, last: int) -> Unit:
    present = slots.present.get(row.place, ())
    said = _distinct(quotes.of_fact(fact) for fact in row.facts[:_SENTENCES])
    return Unit(
        place=row.place, name=name_place(row.place), county=county_of(row.place), county_name=name_place(county_of(row.place)), status=row.status,
        t_lower=row.t_lower, t_upper=row.t_upper, censored=row.censored, basis=row.basis, p=row.p, variants=variants, before=row.before, years=row.years,
        present=present, missing=tuple(year for year in range(first, last + 1) if year not in present),
        sentences=tuple(sorted(said, key=lambda sentence: (sentence.year or 9999, sentence.report, sentence.start))),
    )  # fmt: skip


def _by_county(unit: Unit) -> tuple[str, int, int, str]:
    return unit.county, 0 if unit.claims else 1, unit.t_upper if unit.t_upper is not None else 9999, unit.place


def _arrow(row: Attribution, units: Mapping[str, Unit], quotes: Quotes) -> Arrow:
    target = units[row.place]
    source = units.get(row.source or "")
    reason = _reason(row)
    from_year = source.t_upper if source is not None else None
    said: list[Sentence | None] = []
    for ground in row.evidence:
        said += [quotes.of_fact(fact) for fact in ground.facts]
        for key, start, end, own, own_start, own_end in ground.passages[:_PASSAGES]:
            said.append(quotes.of_span(report_id(own), own_start, own_end))
            if end > start:
                said.append(quotes.of_span(report_id(key), start, end))
        if ground.act is not None:
            said.append(_beginning(quotes, ground.act))
    if row.source is not None and source is None:
        years = [sentence.year for sentence in said if sentence and sentence.year is not None and sentence.place == row.source]
        from_year = min(years, default=target.t_upper)
    # the times of both ends are evidence of every arrow, and the only one of some
    ends = [*target.sentences[:1], *(source.sentences[:1] if source is not None and row.source is not None else ())]
    return Arrow(
        target=row.place, target_name=target.name, source=row.source, source_name=name_place(row.source) if row.source else None, channel=row.channel,
        posterior=row.posterior, text_backed=row.text_backed, reason=reason, from_year=from_year, to_year=target.t_upper,
        sentences=_distinct([*said, *ends])[: 2 * _PASSAGES + 2],
    )  # fmt: skip


def _beginning(quotes: Quotes, key: str) -> Sentence | None:
    return quotes.of_span(report_id(key), 0, 1)


def _reason(row: Attribution) -> Reason | None:
    """The strongest ground of an attribution."""
    if row.source is None:
        return None
    kinds = {ground.kind for ground in row.evidence}
    if "named" in kinds:
        return "named"
    if row.channel == "self":
        return "succession"
    if row.channel == "hidden_common":
        return "siblings"
    reasons: tuple[Reason, ...] = ("text", "ordered", "mentioned", "act")
    return next((reason for reason in reasons if reason in kinds), "time")


def _deeds(rows: Sequence[Attribution], quotes: Quotes) -> tuple[Deed, ...]:
    """Superiors' texts that some adoption is put down to, each once."""
    found: dict[str, Deed] = {}
    for row in rows:
        if row.channel == "vertical" and row.source is not None:
            for ground in row.evidence:
                for key in _texts_of(ground):
                    sentence = _beginning(quotes, key)
                    if sentence is not None and sentence.place == row.source and sentence.year is not None:
                        found[key] = Deed(place=row.source, name=name_place(row.source), year=sentence.year, report=sentence.report, key=key)
    return tuple(sorted(found.values(), key=lambda deed: (deed.year, deed.place, deed.key)))


def _texts_of(ground: Ground) -> tuple[str, ...]:
    return (*((ground.act,) if ground.act else ()), *(passage[0] for passage in ground.passages))


# -- sums ------------------------------------------------------------------------------------------------------------------------------------------


def _cover(trace: Trace, units: Sequence[Unit], slots: Slots) -> Banner:
    coverage = trace.coverage
    adopters = [unit for unit in units if unit.begins]
    years = Counter(unit.t_upper for unit in adopters)
    return Banner(
        places=coverage.places, from_year=coverage.from_year, to_year=coverage.to_year, eligible=coverage.reports + coverage.missing,
        observed=coverage.reports, missing=coverage.missing, unreadable=slots.unreadable, adopters=len(adopters),
        censored=sum(unit.t_lower is None for unit in adopters), ties=sum(count for count in years.values() if count > 1),
    )  # fmt: skip


def share_out(arrows: Sequence[Arrow], units: Mapping[str, Unit]) -> tuple[Channels, ...]:
    """Channels of all adoptions, then of each county, then of each year in which they were first seen. What was inherited came through none."""
    arrows = [arrow for arrow in arrows if arrow.channel != "self"]
    groups: dict[str | None, list[Arrow]] = {None: list(arrows)}
    names: dict[str | None, str] = {None: ""}
    for arrow in sorted(arrows, key=lambda arrow: arrow.target):
        county = units[arrow.target].county
        groups.setdefault(county, []).append(arrow)
        names[county] = units[arrow.target].county_name
    for arrow in sorted(arrows, key=lambda arrow: arrow.to_year or 0):
        if arrow.to_year is not None:
            groups.setdefault(str(arrow.to_year), []).append(arrow)
            names[str(arrow.to_year)] = str(arrow.to_year)
    return tuple(_share(group, names[group], rows) for group, rows in groups.items())


def _share(group: str | None, name: str, rows: Sequence[Arrow]) -> Channels:
    counts, backed = Counter(row.channel for row in rows), Counter(row.channel for row in rows if row.text_backed)
    shares = []
    for channel in CHANNELS:
        if counts[channel]:
            low, high = wilson(counts[channel], len(rows))
            share = round(counts[channel] / len(rows), 4)
            shares.append(Share(channel=channel, count=counts[channel], text_backed=backed[channel], share=share, low=low, high=high))
    return Channels(group=group, name=name, total=len(rows), shares=tuple(shares))


def _warn(trace: Trace, banner: Banner, arrows: Sequence[Arrow]) -> tuple[Caveat, ...]:
    found: list[Caveat] = ["first_here"]
    if banner.missing:
        found.append("missing")
    if banner.missing > banner.observed:
        found.append("mostly_missing")
    if banner.censored:
        found.append("censored")
    if banner.ties:
        found.append("ties")
    if any(arrow.reason == "time" for arrow in arrows):
        found.append("time_only")
    if any(arrow.channel == "hidden_common" for arrow in arrows):
        found.append("hidden")
    if banner.adopters < FEW:
        found.append("few")
    if banner.from_year == banner.to_year:
        found.append("one_year")
    if trace.candidate:
        found.append("candidate")
    return tuple(found)
