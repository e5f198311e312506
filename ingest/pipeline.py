"""From a source to its analysis: one component per family of facts, one after the other. ``ingest.language`` offers the same components as a spaCy pipeline.

>>> from ingest.pipeline import load_pipeline
>>> analysis = load_pipeline().analyse(Source(key="a.txt", text="…"))      # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import msgspec

import vocabulary
from ingest.audit import audit_report
from ingest.confidence import calibrate
from ingest.draft import Draft, Stretch
from ingest.gazetteer import gazetteer
from ingest.ids import fact_id
from ingest.model import Analysis, Explanation, Fact, Node, Section, Source
from ingest.moods import Moods
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
from ingest.rules.years import spoken_year
from ingest.sections import read_sections
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


def _facts(draft: Draft) -> tuple[Fact, ...]:
    facts: dict[str, Fact] = {}
    to_original, kind_at, mood_of = draft.text.to_original, draft.kind_at, Moods(draft).of
    doc, original, covered = draft.source.key, draft.source.text, draft.frame.year
    for mention in draft.mentions:
        start, end = to_original(mention.start, mention.end)
        identifier = fact_id(doc, mention.type, mention.relation, mention.subject, mention.object, start, end, mention.indicator or mention.canonical)
        if identifier in facts:
            continue
        kind = kind_at(mention.start)
        year = mention.year
        if year is None and mention.type == "metric":
            year = spoken_year(draft, mention.start, mention.end)
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
