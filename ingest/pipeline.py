"""From a source to its analysis: one spaCy pipeline with one component per family of facts.

>>> from ingest.pipeline import load_pipeline
>>> analysis = load_pipeline().analyse(Source(key="a.txt", text="…"))      # doctest: +SKIP
"""

from __future__ import annotations

import re
from functools import cache

import msgspec
import spacy
from spacy.language import Language
from spacy.tokens import Doc

import vocabulary
from ingest import places as places_component  # noqa: F401 - registers its component, as the imports below do
from ingest.draft import Draft, Mention, Stretch
from ingest.gazetteer import gazetteer
from ingest.ids import fact_id
from ingest.model import Analysis, Fact, Modality, Node, Section, SectionKind, Source
from ingest.places import issuers_of, node_for
from ingest.rules import bodies, dates, documents, events, metrics, persons, platforms, programs, relations, rooms  # noqa: F401
from ingest.sections import planned_words, read_sections
from ingest.text import Text, iter_sentences
from ingest.tokenizer import BLANK_CONFIG
from ingest.version import VERSION

COMPONENTS = (
    "fazhi_places",
    "fazhi_sections",
    "fazhi_dates",
    "fazhi_documents",
    "fazhi_bodies",
    "fazhi_persons",
    "fazhi_rooms",
    "fazhi_platforms",
    "fazhi_programs",
    "fazhi_events",
    "fazhi_metrics",
    "fazhi_relations",
)


@Language.component("fazhi_sections")
def sections(doc: Doc) -> Doc:
    """Cut the text into sections and sentences, once the heading zone is known."""
    draft: Draft = doc.user_data["fazhi"]
    heading = [Stretch("heading", 0, draft.head_end)] if draft.head_end else []
    draft.sections = heading + read_sections(draft.clean, draft.head_end, draft.tail_start, draft.text.marked, draft.frame.year)
    draft.sentences = iter_sentences(draft.clean)
    return doc


class Pipeline:
    """The rules, ready to read. Building one takes most of a second; reading a report takes milliseconds. Not for use from two threads at once."""

    def __init__(self) -> None:
        self.language = spacy.blank("zh", config=BLANK_CONFIG)
        for name in COMPONENTS:
            self.language.add_pipe(name)
        self.vocabulary = vocabulary.version()

    def analyse(self, source: Source) -> Analysis:
        """All that the rules say about one source; the same source gives the same analysis, byte for byte."""
        text = Text.of(source.text)
        draft = Draft(source=source, text=text, clean=text.clean)
        doc = self.language.make_doc(text.clean)
        doc.user_data["fazhi"] = draft
        for _, component in self.language.pipeline:
            doc = component(doc)
        issuers, addressees = issuers_of(draft)
        facts = _facts(draft)
        used = {node for fact in facts for node in (fact.node, fact.subject_node, fact.object_node) if node} | {draft.frame.place}
        used |= {issuer.node for issuer in (*issuers, *addressees)}
        return Analysis(
            doc=source.key,
            frame=msgspec.structs.replace(draft.frame, issuers=issuers, addressees=addressees),
            sections=tuple(_section(text, section) for section in draft.sections),
            sentences=tuple(text.to_original(start, end) for start, end in draft.sentences),
            facts=facts,
            nodes=_nodes(draft, {node for node in used if node}),
            pipeline=VERSION,
            vocabulary=self.vocabulary,
        )


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
    r"(?:^|[，；。：镇乡县局院街道们我也])将(?=(?:继续|进一步|持续|以|在|按照|认真|深入|不断|着力|重点|围绕|坚持|全面|积极|紧紧|严格|大力|加强|加大|切实|结合|始终)|[开组推建完做把对]\S)"
)


class _Moods:
    """Where in the text a sentence or clause turns to what is yet to come; each stretch is read once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._first: dict[tuple[str, int], int] = {}

    def _opens(self, name: str, pattern: re.Pattern[str], start: int, end: int) -> int:
        """End of the pattern's first match in a stretch; past every text where there is none."""
        key = (name, start)
        if key not in self._first:
            match = pattern.search(self.draft.clean, start, end)
            self._first[key] = match.end() if match else len(self.draft.clean) + 1
        return self._first[key]

    def of(self, mention: Mention, kind: SectionKind) -> Modality:
        """done, ongoing, planned or exhorted: the section decides first, then the words before the finding."""
        draft = self.draft
        if kind == "heading":
            return "done"
        sentence_start, sentence_end = draft.sentence_at(mention.start)
        clause_start, clause_end = draft.clause_at(mention.start)
        planned = self._opens("planned", planned_words(), clause_start, clause_end)
        exhorted = self._opens("exhorted", _EXHORTED, max(0, clause_start - 1), clause_end)
        if kind == "plan":
            return "exhorted" if exhorted <= clause_end and planned > clause_end else "planned"
        if self._opens("will", _WILL, sentence_start, sentence_end) <= mention.end or planned <= mention.end:
            return "planned"
        if exhorted <= mention.end:
            return "exhorted"
        return "ongoing" if self._opens("ongoing", _ONGOING, clause_start, clause_end) <= clause_end else "done"


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
            confidence=mention.confidence,
            attrs=mention.attrs,
        )
    return tuple(sorted(facts.values(), key=lambda fact: (fact.start, fact.end, fact.type, fact.id)))
