"""The view of one report: its text with facts marked, each fact's card, what disagrees, what stayed undecided, what was rejected and why.

``build_view`` makes plain data of an analysis. The templates beside it turn that into HTML, on a page of the server and in the file of ``fazhi explain``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from archive.applying import MARK
from fazhi.explaining.findings import ShownFinding, show_findings, starts_of
from fazhi.explaining.marking import Line, Piece, assign_lanes, choose_facts, mark_lines
from fazhi.explaining.words import Texts
from ingest.model import Analysis, Fact, FactType, Frame, Rejection
from ingest.rejections import REASONS

SURE = 0.9
TYPES: tuple[FactType, ...] = get_args(FactType)
_BESIDE = 12  # facts on the same characters that a card leads to
_CANDIDATES = 12  # shown of one undecided name: 城关镇 has 82
_PLACES = 20  # shown of one rejection
_CONTEXT = 8  # characters on either side of a rejected one
_HIDDEN_ATTRS = frozenset(("status", "candidates", "unlinked", "header", "post", "serves_node", "firm_node", "body_node", "date", "page", "rows"))


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the document around the text. Addresses are those of the page's own server; None where there is none."""

    title: str
    key: str
    url: str | None = None
    linkable: bool = False  # whether ``url`` may be a link
    published: str | None = None
    duplicate_of: str | None = None
    original: str | None = None
    json: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    classes: str
    title: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run of characters as the template writes it. ``marks`` from the outermost to the innermost; ``href`` leads to the card of the shortest fact."""

    text: str
    classes: str
    id: str | None
    spot: str | None  # anchor of a rejection
    href: str | None
    marks: tuple[Mark, ...]
    heading: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str | None
    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One fact. ``at`` is its anchor in the text, ``beside`` the cards of facts on the same characters."""

    id: str
    at: str
    fact: Fact
    classes: str
    name: str
    value: str
    modality: str
    node_url: str | None
    details: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, str], ...]  # (card id, type and name)


@dataclass(frozen=True, slots=True)
class Entry:
    """A type in the legend. ``available``: its facts are on the page; ``shown``: at first sight; ``only_url``: the page with this type alone."""

    type: str
    count: int
    available: bool
    shown: bool
    chosen: bool
    only_url: str | None


@dataclass(frozen=True, slots=True)
class Undecided:
    surface: str
    type: str
    why: str
    places: tuple[str, ...]  # anchors
    candidates: tuple[str, ...]
    total: int  # of candidates


@dataclass(frozen=True, slots=True)
class Refused:
    """Equal rejections: the same words, turned down by the same rule for the same reason."""

    type: str
    surface: str
    before: str
    after: str
    rule: str
    against: str | None
    places: tuple[str, ...]  # anchors
    count: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """``groups``: (reason in words, how many, what). ``note``: why it is empty or may differ from the facts above."""

    groups: tuple[tuple[str, int, tuple[Refused, ...]], ...] = ()
    dropped: int = 0
    note: str | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    about: About
    frame: Frame
    place: str
    evidence: str
    frame_candidates: tuple[str, ...]
    total: int
    paragraphs: tuple[Paragraph, ...]
    cards: tuple[Card, ...]
    legend: tuple[Entry, ...]
    all_url: str | None
    headings: tuple[tuple[str, str, int], ...]  # (anchor, words, level)
    undecided: tuple[Undecided, ...]
    findings: tuple[ShownFinding, ...]
    refusals: Refusals | None  # None: nobody asked
    ask_url: str | None  # where to ask for them


def build_view(
    t: Texts,
    about: About,
    text: str,
    analysis: Analysis,
    *,
    rejections: Sequence[Rejection] | None = None,
    dropped: int = 0,
    note: str | None = None,
    failed: str | None = None,
    types: Collection[str] = (),
    pointed: tuple[int, int] | None = None,
    only_url: Callable[[str], str] | None = None,
    all_url: str | None = None,
    ask_url: str | None = None,
    node_url: Callable[[Fact], str | None] | None = None,
    name_place: Callable[[str], str | None] | None = None,
) -> View:
    """All that the page of one report shows, in the words of ``t``.

    ``rejections`` None: nobody asked for them. ``types`` restricts what is marked and listed; relations are marked only when asked for, for they span other
    facts. ``pointed`` is the passage that the reader was led to. ``name_place`` gives the full name of a place by its graph id.
    """
    facts = analysis.facts
    marked = choose_facts(facts, types)
    listed = marked if types else list(facts)
    starts = {fact.start for fact in listed} | ({pointed[0]} if pointed else set()) | starts_of(analysis.findings)
    lines = mark_lines(text, marked, analysis.sections, pointed, rejections or (), starts)
    at = Anchors(lines)
    names = {node.id: node.name for node in analysis.nodes}

    def name_of(id: str) -> str:
        name = (name_place(id) if name_place else None) or names.get(id)
        return f"{name}（{id}）" if name else id

    counts = Counter(fact.type for fact in facts)
    line_of = {start: line for line in lines for start in line.opens}
    frame = analysis.frame
    return View(
        about=about,
        frame=frame,
        place=" › ".join(name_path(frame.path, frame.place_name)) or t("unknown_place"),
        evidence=("、" if t.lang == "zh" else ", ").join(t(f"evidence.{reason}") for reason in frame.place_evidence),
        frame_candidates=tuple(name_of(id) for id in frame.candidates),
        total=len(facts),
        paragraphs=_paragraphs(
            t,
            lines,
            {fact.id: number for number, fact in enumerate(listed, 1)},
            {at.near(start) for start in starts},
            {at.near(rejection.start) for rejection in rejections or ()},
        ),
        cards=_cards(t, listed, at, node_url),
        legend=tuple(
            Entry(
                type=type,
                count=counts[type],
                available=not types or type in types,
                shown=type in types or (not types and type != "relation"),
                chosen=type in types,
                only_url=only_url(type) if only_url else None,
            )
            for type in TYPES
            if counts[type]
        ),
        all_url=all_url,
        headings=tuple(
            (f"h{line_of[section.start].start}", section.heading, section.level)
            for section in analysis.sections
            if section.heading and section.start in line_of
        ),
        undecided=tuple(_undecided(t, listed, at, name_of)),
        findings=show_findings(t, analysis.findings, lambda start: f"c{at.near(start)}"),
        refusals=_refusals(t, rejections or (), text, at, dropped, note, failed) if rejections is not None or failed else None,
        ask_url=ask_url,
    )


def name_path(path: Sequence[str], place_name: str | None) -> list[str]:
    """Names from the province down to the place that reports, also where the path ends above it because the text does not name it."""
    return [*path] if not place_name or place_name in path else [*path, place_name]


# -- text ------------------------------------------------------------------------------------------------------------------------------------------


class Anchors:
    """Where in the shown text a link may lead: blanks at the end of a line are not shown."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._starts = [piece.start for line in lines for piece in line.pieces]

    def near(self, start: int) -> int:
        """The first piece at or after an offset, else the last one; 0 where nothing is shown."""
        if not self._starts:
            return 0
        return self._starts[min(bisect_left(self._starts, start), len(self._starts) - 1)]


def _paragraphs(t: Texts, lines: Sequence[Line], numbers: Mapping[str, int], anchors: Collection[int], spots: Collection[int]) -> tuple[Paragraph, ...]:
    lanes = assign_lanes(lines)
    tips: dict[str, str] = {}

    def describe(fact: Fact) -> str:
        if fact.id not in tips:
            tips[fact.id] = describe_fact(t, fact)
        return tips[fact.id]

    def run(piece: Piece) -> Run:
        marks = tuple(
            Mark(_classes(fact, lanes[fact.id]), "\n".join(map(describe, piece.facts)) if fact is piece.facts[0] else "") for fact in reversed(piece.facts)
        )
        return Run(
            text=piece.text,
            classes=" ".join(name for name, holds in (("pointed", piece.pointed), ("no", piece.rejected)) if holds),
            id=f"c{piece.start}" if piece.start in anchors else None,
            spot=f"r{piece.start}" if piece.start in spots else None,
            href=f"#f{numbers[piece.facts[0].id]}" if piece.facts else None,
            marks=marks,
            heading=piece.heading,
        )

    return tuple(Paragraph(f"h{line.start}" if line.opens else None, line.level, tuple(run(piece) for piece in line.pieces)) for line in lines)


def _classes(fact: Fact, lane: int | None = None) -> str:
    names = [f"t-{fact.type}", fact.modality]
    if lane:
        names.append(f"lane{lane}")
    if fact.confidence < SURE:
        names.append("unsure")
    return " ".join(names)


# -- cards -----------------------------------------------------------------------------------------------------------------------------------------


def _cards(t: Texts, facts: Sequence[Fact], anchors: Anchors, node_url: Callable[[Fact], str | None] | None) -> tuple[Card, ...]:
    beside = _find_beside(facts)
    return tuple(
        Card(
            id=f"f{number}",
            at=f"c{anchors.near(fact.start)}",
            fact=fact,
            classes=_classes(fact),
            name=name_fact(fact),
            value=value_of(t, fact),
            modality=t(f"modality.{fact.modality}") + (f" · {t('polarity.negative')}" if fact.polarity == "negative" else ""),
            node_url=node_url(fact) if node_url else None,
            details=tuple(_details(t, fact)),
            beside=tuple((f"f{other + 1}", f"{t(f'type.{facts[other].type}')} {name_fact(facts[other])}") for other in beside[number - 1]),
        )
        for number, fact in enumerate(facts, 1)
    )


def _find_beside(facts: Sequence[Fact]) -> list[list[int]]:
    """For each fact those that share a character with it, by position; ``facts`` are ordered by where they start."""
    found: list[list[int]] = [[] for _ in facts]
    open_ones: list[int] = []
    for number in sorted(range(len(facts)), key=lambda index: facts[index].start):
        open_ones = [other for other in open_ones if facts[other].end > facts[number].start]
        for other in open_ones:
            if len(found[other]) < _BESIDE:
                found[other].append(number)
            if len(found[number]) < _BESIDE:
                found[number].append(other)
        open_ones.append(number)
    return [sorted(others) for others in found]


def _details(t: Texts, fact: Fact) -> Iterable[tuple[str, str]]:
    """What a card says beside name, link, value, modality, rule and confidence."""
    yield t("section"), t(f"section.{fact.section}")
    if fact.year is not None:
        yield t("year"), str(fact.year)
    if fact.date and fact.value is not None:
        yield t("date"), fact.date
    if fact.indicator_id:
        yield t("canonical"), f"{fact.canonical or ''} {fact.indicator_id}".strip()
    for name, value in fact.attrs.items():
        words = _plain(value)
        if name not in _HIDDEN_ATTRS and words:
            yield t(f"attr.{name}"), t(f"{name}.{words}") if name == MARK else words


def _plain(value: Any) -> str:
    """An attribute's value in words; empty for what says nothing."""
    if value is None or value is False or value == "":
        return ""
    if isinstance(value, list | tuple):
        return "、".join(words for item in value if (words := _plain(item)))
    if isinstance(value, dict):
        return "；".join(f"{name}: {words}" for name, item in value.items() if (words := _plain(item)))
    return f"{value:g}" if isinstance(value, float) else str(value)


def name_fact(fact: Fact) -> str:
    if fact.type == "relation":
        return f"{fact.subject or '?'} –{fact.relation}→ {fact.object or '?'}"
    return fact.indicator or fact.canonical or fact.surface


def value_of(t: Texts, fact: Fact) -> str:
    if fact.value is None:
        return fact.date or ""
    return f"{t(f'approx.{fact.approx}') if fact.approx else ''}{' ' if t.lang == 'en' and fact.approx else ''}{_number(fact.value)}{fact.unit or ''}"


def _number(value: float) -> str:
    """13000, 97.52: all digits, never 1.3e+06."""
    return str(int(value)) if float(value).is_integer() else f"{value:.6f}".rstrip("0")


def describe_fact(t: Texts, fact: Fact) -> str:
    """The fact in one line, for a tooltip."""
    parts = [f"{t(f'type.{fact.type}')}: {name_fact(fact)}", value_of(t, fact), t(f"modality.{fact.modality}")]
    parts += [t("polarity.negative")] if fact.polarity == "negative" else []
    parts += [fact.node or t("no_node"), f"{fact.rule} {fact.confidence:.2f}"]
    return " · ".join(part for part in parts if part)


# -- undecided, rejected ---------------------------------------------------------------------------------------------------------------------------


def _undecided(t: Texts, facts: Sequence[Fact], anchors: Anchors, name_of: Callable[[str], str]) -> Iterable[Undecided]:
    """Facts that the text names without saying which one is meant; equal ones once."""
    found: dict[tuple[str, str, str, tuple[str, ...]], list[Fact]] = defaultdict(list)
    for fact in facts:
        why = fact.attrs.get("status") if fact.attrs.get("status") in ("ambiguous", "unresolved") else "unlinked" if fact.attrs.get("unlinked") else None
        if why:
            found[fact.canonical or fact.surface, fact.type, why, tuple(fact.attrs.get("candidates") or ())].append(fact)
    for (_, type, why, candidates), same in found.items():
        yield Undecided(
            surface=same[0].surface,
            type=type,
            why=t(f"open.{why}"),
            places=tuple(f"c{anchors.near(fact.start)}" for fact in same[:_PLACES]),
            candidates=tuple(name_of(id) for id in candidates[:_CANDIDATES]),
            total=len(candidates),
        )


def _refusals(t: Texts, rejections: Sequence[Rejection], text: str, anchors: Anchors, dropped: int, note: str | None, failed: str | None) -> Refusals:
    """Rejections by reason, in the order of the vocabulary of reasons; equal ones are one with several places."""
    by_reason: dict[str, dict[tuple[str, str, str], list[Rejection]]] = defaultdict(lambda: defaultdict(list))
    for rejection in rejections:
        by_reason[rejection.reason][rejection.type, "".join(rejection.surface.split()), rejection.rule].append(rejection)
    order: dict[str, int] = {reason: number for number, reason in enumerate(REASONS)}
    return Refusals(
        groups=tuple(
            (
                t.reason(reason),
                sum(map(len, by_reason[reason].values())),
                tuple(_refused(same, text, anchors) for same in by_reason[reason].values()),
            )
            for reason in sorted(by_reason, key=lambda reason: (order.get(reason, len(order)), reason))
        ),
        dropped=dropped,
        note=note,
        failed=failed,
    )


def _refused(same: Sequence[Rejection], text: str, anchors: Anchors) -> Refused:
    first = same[0]
    left = text[max(0, first.start - _CONTEXT) : first.start]
    right = text[first.end : first.end + _CONTEXT]
    return Refused(
        type=first.type,
        surface=first.surface,
        before=left.rsplit("\n", 1)[-1].lstrip(),
        after=right.split("\n", 1)[0].rstrip(),
        rule=first.rule,
        against=first.against if first.against != first.surface else None,
        places=tuple(f"r{anchors.near(rejection.start)}" for rejection in same[:_PLACES]),
        count=len(same),
    )
