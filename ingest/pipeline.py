"""From a source to its analysis: one component per family of facts, one after the other. ``ingest.language`` offers the same components as a spaCy pipeline.

>>> from ingest.pipeline import load_pipeline
>>> analysis = load_pipeline().analyse(Source(key="a.txt", text="…"))      # doctest: +SKIP
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from functools import cache

import msgspec

import vocabulary
from ingest.audit import audit_report
from ingest.confidence import calibrate
from ingest.draft import Draft, Mention, Stretch
from ingest.gazetteer import gazetteer
from ingest.ids import fact_id
from ingest.model import Analysis, Explanation, Fact, Modality, Node, Section, SectionKind, Source
from ingest.origin import notes_of, weigh_facts
from ingest.places import issuers_of, node_for, places
from ingest.rejections import gather
from ingest.rules.bodies import bodies
from ingest.rules.dates import dates
from ingest.rules.documents import documents
from ingest.rules.events import events
from ingest.rules.metrics import metrics
from ingest.rules.persons import persons
from ingest.rules.platforms import platforms
from ingest.rules.programs import programs
from ingest.rules.relations import relations
from ingest.rules.rooms import rooms
from ingest.rules.tables import figures_start, join_rows, mask_tables, tables
from ingest.sections import planned_words, read_sections
from ingest.tables import find_tables
from ingest.text import Text, iter_sentences
from ingest.version import VERSION


def sections(draft: Draft) -> None:
    """Cut the text into sections and sentences, once the heading zone is known."""
    if draft.tables:
        draft.head_end = min(draft.head_end, figures_start(draft))
    heading = [Stretch("heading", 0, draft.head_end)] if draft.head_end else []
    draft.sections = heading + read_sections(
        mask_tables(draft) if draft.tables else draft.clean, draft.head_end, draft.tail_start, draft.text.marked, draft.frame.year
    )
    draft.sentences = iter_sentences(draft.clean)


# In this order: each may use what those before it found.
COMPONENTS: tuple[Callable[[Draft], None], ...] = (
    places,
    sections,
    dates,
    documents,
    bodies,
    persons,
    rooms,
    platforms,
    programs,
    events,
    metrics,
    tables,
    relations,
)


def read_draft(source: Source, *, explains: bool = False) -> Draft:
    """A draft that holds nothing yet but the text and its tables."""
    text = Text.of(source.text)
    return Draft(source=source, text=text, clean=text.clean, tables=source.tables or find_tables(source.text), explains=explains)


class Pipeline:
    """The rules, ready to read. Building one takes most of a second; reading a report takes milliseconds. Not for use from two threads at once."""

    def __init__(self) -> None:
        gazetteer()
        self.vocabulary = vocabulary.version()

    def analyse(self, source: Source) -> Analysis:
        """All that the rules say about one source; the same source gives the same analysis, byte for byte."""
        return self._analysis(self._read(source))

    def explain(self, source: Source) -> Explanation:
        """The same analysis, with the candidates that the rules turned down and why. A rejected span that another rule made a fact of that type is left out."""
        draft = self._read(source, explains=True)
        analysis = self._analysis(draft)
        return Explanation(analysis=analysis, rejections=gather(draft.rejections, draft.text, analysis.facts), dropped=draft.dropped)

    def _read(self, source: Source, *, explains: bool = False) -> Draft:
        draft = read_draft(source, explains=explains)
        for component in COMPONENTS:
            component(draft)
        return draft

    def _analysis(self, draft: Draft) -> Analysis:
        issuers, addressees = issuers_of(draft)
        facts = _facts(draft)
        used = {fact.node for fact in facts} | {fact.subject_node for fact in facts} | {fact.object_node for fact in facts}
        used |= {draft.frame.place, *(issuer.node for issuer in (*issuers, *addressees))}
        analysis = Analysis(
            doc=draft.source.key,
            frame=msgspec.structs.replace(draft.frame, issuers=issuers, addressees=addressees, warnings=draft.frame.warnings + notes_of(draft.source)),
            sections=tuple(_section(draft.text, section) for section in draft.sections),
            sentences=tuple(draft.text.to_original(start, end) for start, end in join_rows(draft)),
            facts=facts,
            nodes=_nodes(draft, {node for node in used if node}),
            pipeline=VERSION,
            vocabulary=self.vocabulary,
        )
        findings = audit_report(draft.source, analysis)
        return msgspec.structs.replace(analysis, findings=findings) if findings else analysis


@cache
def load_pipeline() -> Pipeline:
    """The process's pipeline."""
    return Pipeline()


def _section(text: Text, section: Stretch) -> Section:
    start, end = text.to_original(section.start, section.end)
    return Section(kind=section.kind, start=start, end=end, heading=section.heading, level=section.level, path=section.path)


def _nodes(draft: Draft, used: set[str]) -> tuple[Node, ...]:
    """Nodes that facts name, the places that bodies are of, and the places above them."""
    wanted = set(used)
    register = gazetteer()
    for identifier in used:
        node = draft.nodes.get(identifier)
        if node is None or node.labels != ("Body",):
            continue
        home = register.places.get(node.properties.get("place", ""))
        if home is not None and home.id not in draft.nodes:
            node_for(draft, home)
        if node.properties.get("place") in draft.nodes:
            wanted.add(node.properties["place"])
    for identifier in tuple(wanted):
        current = draft.nodes.get(identifier)
        while current is not None and (parent := current.properties.get("parent")) and parent not in wanted:
            wanted.add(parent)
            current = draft.nodes.get(parent)
    return tuple(draft.nodes[identifier] for identifier in sorted(wanted) if identifier in draft.nodes)


# --- facts ----------------------------------------------------------------------------------------------------------------------------------------------------


_EXHORTED = re.compile(r"(?:我们|各[^，]{1,8}|全[镇乡县]上下)?(?:要(?![素点求件])|应当|必须|务必|须)")
_CALLS = re.compile(r"(?:要求|号召|倡议|呼吁)(?=各|全体|全[镇乡县市区]|所有|村|社区|辖区|党员|干部|群众|居民)")
_BY_ORDER = re.compile(r"[^，。；：]*?(?:按照?|根据|依照|依据|落实|符合|达到)")  # 按照县委要求各村均已建立: no exhortation
_PLANNED_AFTER = re.compile(
    r"[”’》）]{0,2}(?:制度|工作|机制|活动|做法)?(?:预计|有望|计划|拟|将|即将)(?:于|在)?(?:明年|下半年|年底|年内|下一?年|近期|20\d\d年|[一二三四]季度)"
)
_NAMES = frozenset({"program", "platform", "mediation_room", "relation"})
_EXHORTED_FIRST, _EXHORTED_AFTER = frozenset("我各全要应必务须"), frozenset("，；。：\n")
_ONGOING = re.compile("正在|常态化|长期坚持")
_WILL = re.compile(
    r"将(?<![^，。；：、\n镇乡县区市州局院街道办会所们我也年]将)(?=(?:继续|进一步|持续|以|在|按照|认真|深入|不断|着力|重点|围绕|坚持|全面|积极|紧紧|严格|大力|加强|加大|切实|结合|始终|于(?!20|\d|当|是)|新[建增]|再|努力|通过)|[开组推建完做把对]\S)"
)


_EACH = ("每年", "每半年", "每季度", "每月", "每个月", "每两", "每周", "每天", "每日", "每旬")  # a duty that comes round, not a deed


class _Moods:
    """Where in the text a sentence or clause turns to what is yet to come; each clause is read once."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._never = len(draft.clean) + 1  # past every text
        self._clauses: dict[int, tuple[int, int, int, int, bool] | None] = {}
        # ends of the words; none of them goes over the end of a clause
        self._plans = [match.end() for match in planned_words().finditer(draft.clean)]
        self._wills = [match.end() for match in _WILL.finditer(draft.clean)]
        self._calls = [match.end() for match in _CALLS.finditer(draft.clean)]
        self._ongoing = [match.end() for match in _ONGOING.finditer(draft.clean)]

    def _first(self, ends: list[int], start: int, end: int) -> int:
        """The first of these ends in a stretch; past every text where there is none."""
        index = bisect_right(ends, start)
        return ends[index] if index < len(ends) and ends[index] <= end else self._never

    def _exhorts(self, start: int, end: int) -> int:
        """End of the words that exhort at the start of a clause."""
        clean = self._draft.clean
        if start == end or clean[start] not in _EXHORTED_FIRST or (start and clean[start - 1] not in _EXHORTED_AFTER):
            return self._never
        match = _EXHORTED.match(clean, start, end)
        return match.end() if match else self._never

    def _called(self, start: int, end: int) -> int:
        """End of the words by which somebody calls on others to do what follows."""
        called = self._first(self._calls, start, end)
        return self._never if called < self._never and _BY_ORDER.match(self._draft.clean, start, called) else called

    def _read(self, position: int, start: int, end: int) -> tuple[int, int, int, int, bool] | None:
        """Of the clause around a position: its end, where planning, exhorting and 将 begin, and whether it goes on; None for a clause of none of that."""
        never = self._never
        planned, exhorted = self._first(self._plans, start, end), min(self._exhorts(start, end), self._called(start, end))
        will = self._first(self._wills, *self._draft.sentence_at(position)) if self._wills else never
        goes_on = self._first(self._ongoing, start, end) < never
        return (end, planned, exhorted, will, goes_on) if goes_on or planned < never or exhorted < never or will < never else None

    def of(self, mention: Mention, kind: SectionKind) -> Modality:
        """done, ongoing, planned or exhorted: the section decides first, then the words before the finding."""
        if kind == "heading":
            return "done"
        if mention.type in _NAMES and _PLANNED_AFTER.match(self._draft.clean, mention.end):
            return "planned"
        start, end = self._draft.clause_at(mention.start)
        if start not in self._clauses:
            self._clauses[start] = self._read(mention.start, start, end)
        clause = self._clauses[start]
        goes_on = False
        if clause is not None:
            clause_end, planned, exhorted, will, goes_on = clause
            if kind == "plan":
                return "exhorted" if exhorted <= clause_end and planned > clause_end else "planned"
            if will <= mention.end or planned <= mention.end:
                return "planned"
            if exhorted <= mention.end:
                return "exhorted"
        elif kind == "plan":
            return "planned"
        return "ongoing" if goes_on or str(mention.attrs.get("per", "")).startswith(_EACH) else "done"


def _facts(draft: Draft) -> tuple[Fact, ...]:
    facts: dict[str, Fact] = {}
    to_original, kind_at, mood_of = draft.text.to_original, draft.kind_at, _Moods(draft).of
    doc, original, covered = draft.source.key, draft.source.text, draft.frame.year
    for mention in draft.mentions:
        start, end = to_original(mention.start, mention.end)
        identifier = fact_id(doc, mention.type, mention.relation, mention.subject, mention.object, start, end, mention.indicator or mention.canonical)
        if identifier in facts:
            continue
        kind = kind_at(mention.start)
        year = mention.year
        if year is None and covered is not None:
            year = covered + 1 if kind == "plan" else covered
        facts[identifier] = Fact(  # by position: msgspec takes ten times as long to find that many fields by their names
            identifier,
            doc,
            mention.type,
            original[start:end],
            start,
            end,
            kind,
            mention.canonical,
            mention.node,
            mention.indicator,
            mention.indicator_id,
            mention.value,
            mention.unit,
            mention.approx,
            year,
            mention.date,
            mention.relation,
            mention.subject,
            mention.object,
            mention.subject_node,
            mention.object_node,
            mention.modality or mood_of(mention, kind),
            mention.polarity,
            mention.rule,
            calibrate(mention.rule, mention.confidence),
            mention.attrs,
        )
    weighed = weigh_facts(facts.values(), draft.source.recognised) if draft.source.recognised else facts.values()
    return tuple(sorted(weighed, key=lambda fact: (fact.start, fact.end, fact.type, fact.id)))
