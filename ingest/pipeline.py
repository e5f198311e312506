"""From a source to its analysis: one component per family of facts, one after the other. ``ingest.language`` offers the same components as a spaCy pipeline.

>>> from ingest.pipeline import load_pipeline
>>> analysis = load_pipeline().analyse(Source(key="a.txt", text="…"))      # doctest: +SKIP
"""

from __future__ import annotations

import re
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
        used = {node for fact in facts for node in (fact.node, fact.subject_node, fact.object_node) if node} | {draft.frame.place}
        used |= {issuer.node for issuer in (*issuers, *addressees)}
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
    for identifier in sorted(wanted):
        current = draft.nodes.get(identifier)
        while current is not None and (parent := current.properties.get("parent")):
            wanted.add(parent)
            current = draft.nodes.get(parent)
    return tuple(draft.nodes[identifier] for identifier in sorted(wanted) if identifier in draft.nodes)


# --- facts ----------------------------------------------------------------------------------------------------------------------------------------------------


_EXHORTED = re.compile(r"(?:(?<!.)|[，；。：])(?:我们|各[^，]{1,8}|全[镇乡县]上下)?(?:要(?![素点求件])|应当|必须|务必|须)")
_ONGOING = re.compile("正在|常态化|长期坚持")
_WILL = re.compile(
    r"(?:^|[，。；：、\n镇乡县区市州局院街道办会所们我也年])将(?=(?:继续|进一步|持续|以|在|按照|认真|深入|不断|着力|重点|围绕|坚持|全面|积极|紧紧|严格|大力|加强|加大|切实|结合|始终|于(?!20|\d|当|是)|新[建增]|再|努力|通过)|[开组推建完做把对]\S)"
)


_EACH = ("每年", "每半年", "每季度", "每月", "每个月", "每两", "每周", "每天", "每日", "每旬")  # a duty that comes round, not a deed


class _Moods:
    """Where in the text a sentence or clause turns to what is yet to come; each clause is read once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._clauses: dict[int, tuple[int, int, int, int, bool]] = {}
        self._wills: dict[int, int] = {}

    def _opens(self, pattern: re.Pattern[str], start: int, end: int) -> int:
        """End of the pattern's first match in a stretch; past every text where there is none."""
        match = pattern.search(self.draft.clean, start, end)
        return match.end() if match else len(self.draft.clean) + 1

    def _read(self, position: int) -> tuple[int, int, int, int, bool]:
        """Of the clause around a position: its end, where planning, exhorting and 将 begin, and whether it goes on."""
        draft = self.draft
        start, end = draft.clause_at(position)
        known = self._clauses.get(start)
        if known is None:
            sentence_start, sentence_end = draft.sentence_at(position)
            if sentence_start not in self._wills:
                self._wills[sentence_start] = self._opens(_WILL, max(0, sentence_start - 1), sentence_end)
            known = self._clauses[start] = (
                end,
                self._opens(planned_words(), start, end),
                self._opens(_EXHORTED, max(0, start - 1), end),
                self._wills[sentence_start],
                _ONGOING.search(draft.clean, start, end) is not None,
            )
        return known

    def of(self, mention: Mention, kind: SectionKind) -> Modality:
        """done, ongoing, planned or exhorted: the section decides first, then the words before the finding."""
        if kind == "heading":
            return "done"
        clause_end, planned, exhorted, will, goes_on = self._read(mention.start)
        if kind == "plan":
            return "exhorted" if exhorted <= clause_end and planned > clause_end else "planned"
        if will <= mention.end or planned <= mention.end:
            return "planned"
        if exhorted <= mention.end:
            return "exhorted"
        return "ongoing" if goes_on or str(mention.attrs.get("per", "")).startswith(_EACH) else "done"


def _facts(draft: Draft) -> tuple[Fact, ...]:
    facts: dict[str, Fact] = {}
    moods = _Moods(draft)
    original = draft.source.text
    for mention in draft.mentions:
        start, end = draft.text.to_original(mention.start, mention.end)
        year = mention.year
        kind = draft.kind_at(mention.start)
        modality = mention.modality or moods.of(mention, kind)
        if year is None and draft.frame.year is not None:
            year = draft.frame.year + 1 if kind == "plan" else draft.frame.year
        identifier = fact_id(
            draft.source.key, mention.type, mention.relation, mention.subject, mention.object, start, end, mention.indicator or mention.canonical
        )
        if identifier in facts:
            continue
        facts[identifier] = Fact(
            id=identifier,
            doc=draft.source.key,
            type=mention.type,
            surface=original[start:end],
            start=start,
            end=end,
            section=kind,
            canonical=mention.canonical,
            node=mention.node,
            indicator=mention.indicator,
            indicator_id=mention.indicator_id,
            value=mention.value,
            unit=mention.unit,
            approx=mention.approx,
            year=year,
            date=mention.date,
            relation=mention.relation,
            subject=mention.subject,
            object=mention.object,
            subject_node=mention.subject_node,
            object_node=mention.object_node,
            modality=modality,
            polarity=mention.polarity,
            rule=mention.rule,
            confidence=calibrate(mention.rule, mention.confidence),
            attrs=mention.attrs,
        )
    weighed = weigh_facts(facts.values(), draft.source.recognised) if draft.source.recognised else facts.values()
    return tuple(sorted(weighed, key=lambda fact: (fact.start, fact.end, fact.type, fact.id)))
