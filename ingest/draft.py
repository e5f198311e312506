"""What the components of the pipeline share while they read one report: the text, what is known so far, and a place for findings.

All offsets in a draft are those of ``clean``; ``pipeline`` maps them back to the original when it writes the facts.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

import vocabulary
from ingest.gazetteer import Place, gazetteer
from ingest.model import Approximation, FactType, Frame, Modality, Node, Polarity, SectionKind, Source, Table
from ingest.rejections import LIMIT, Reason, Rejected
from ingest.reviewed import is_rejected
from ingest.successions import Succession
from ingest.text import Text

CLAUSE_ENDS = re.compile(r"[，。！？；：\n]")


class Mention(msgspec.Struct, gc=False):
    """One finding in ``clean``. What a field means stands at ``ingest.model.Fact``."""

    type: FactType
    start: int
    end: int
    rule: str
    confidence: float
    canonical: str | None = None
    node: str | None = None
    indicator: str | None = None
    indicator_id: str | None = None
    value: float | int | None = None
    unit: str | None = None
    approx: Approximation | None = None
    year: int | None = None
    date: str | None = None
    relation: str | None = None
    subject: str | None = None
    object: str | None = None
    subject_node: str | None = None
    object_node: str | None = None
    modality: Modality | None = None  # None: decided by section and words
    polarity: Polarity = "positive"
    attrs: dict[str, Any] = {}


class Stretch(msgspec.Struct, gc=False):
    """A section in ``clean``: its kind, the heading's end and where it stops."""

    kind: SectionKind
    start: int
    end: int
    heading: str = ""
    heading_end: int = 0
    level: int = 0
    path: str = ""


@dataclass(slots=True)
class Whereabouts:
    """The places around a report. ``own`` is the reporting place; levels that are not known are None."""

    own: Place | None = None
    township: Place | None = None
    county: Place | None = None
    prefecture: Place | None = None
    province: Place | None = None
    unnamed: str | None = None  # 镇, 乡 or 街道 where the text speaks of 我镇 without ever naming it

    def of_level(self, word: str) -> Place | None:
        """The report's own place for a level word: 镇, 乡, 街道, 县, 区, 旗, 市, 州, 省. 市 is the county-level city where the county is one."""
        if word in ("镇", "乡", "街道", "街", "苏木", "办事处"):
            return self.township
        if word in ("县", "区", "旗"):
            return self.county if self.county is not None and self.county.name.endswith(word) else None
        if word in ("州", "盟", "地区"):
            return self.prefecture
        if word in ("省", "自治区"):
            return self.province
        if word == "市":
            if self.county is not None and self.county.name.endswith("市"):
                return self.county
            return self.prefecture or (self.province if self.province is not None and self.province.name.endswith("市") else None)
        return None


@dataclass(slots=True)
class Draft:
    source: Source
    text: Text
    clean: str
    frame: Frame = field(default_factory=Frame)
    where: Whereabouts = field(default_factory=Whereabouts)
    head_end: int = 0  # where the document's heading zone (header, title, addressee) ends
    tail_start: int = 0  # where the signature, copy and print lines begin
    sections: list[Stretch] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    tables: tuple[Table, ...] = ()  # by position, offsets of the original
    mentions: list[Mention] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    enumerations: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # by span of a practice: that of all it is enumerated with
    doubts: dict[tuple[int, int], Modality] = field(default_factory=dict)  # by span of a practice: what its sentence tells where no wording says so
    explains: bool = False  # whether somebody wants to know what was turned down
    rejections: dict[Rejected, None] = field(default_factory=dict)
    dropped: int = 0  # rejections beyond the limit
    _starts: list[int] = field(default_factory=list)
    _sentence_starts: list[int] = field(default_factory=list)
    _marks: list[int] = field(default_factory=list)

    def add(self, type: FactType, start: int, end: int, *, rule: str, confidence: float = 0.9, **fields: Any) -> Mention:
        """Note a finding; returns it. ``fields`` are those of Mention. What a reviewer has rejected is not noted."""
        return self.note(Mention(type, start, end, rule, confidence, **fields))

    def note(self, mention: Mention) -> Mention:
        """The same for a finding that is there already."""
        type, words = mention.type, self.clean[mention.start : mention.end]
        if vocabulary.rejected(type) and is_rejected(type, words, mention.canonical, self._place_of(mention)):
            self.reject(type, mention.start, mention.end, mention.rule, "a reviewer turned it down")
        else:
            self.mentions.append(mention)
        return mention

    def _place_of(self, mention: Mention) -> str:
        """Name of the place that a body is of; empty for everything else."""
        node = self.nodes.get(mention.node or "")
        home = str(node.properties.get("place", "")) if node is not None and mention.type == "body" else ""
        known = self.nodes.get(home) or gazetteer().places.get(home)
        return known.name if known is not None else ""

    def reject(self, type: FactType, start: int, end: int, rule: str, reason: Reason, against: tuple[int, int] | None = None, /) -> None:
        """Note a candidate that a guard turned down; nothing happens unless the draft explains. See ``ingest.rejections``."""
        if self.explains:
            if len(self.rejections) < LIMIT:
                self.rejections[Rejected(type, start, end, rule, reason, against)] = None
            else:
                self.dropped += 1

    def add_node(self, id: str, labels: tuple[str, ...], name: str, **properties: Any) -> str:
        """Note a graph node that a mention names; returns its id. The first to describe a node wins; later ones may add properties."""
        known = self.nodes.get(id)
        if known is None:
            self.nodes[id] = Node(id=id, labels=labels, name=name, properties=properties)
        elif properties.keys() - known.properties.keys():
            self.nodes[id] = Node(id=id, labels=known.labels, name=known.name, properties={**properties, **known.properties})
        return id

    def of(self, *types: FactType) -> list[Mention]:
        """Findings of these types so far, by position."""
        return sorted((mention for mention in self.mentions if mention.type in types), key=lambda mention: (mention.start, -mention.end))

    def covers(self, start: int, end: int, *types: FactType) -> bool:
        """Whether a finding of these types already covers the span."""
        return any(mention.type in types and mention.start <= start and end <= mention.end for mention in self.mentions)

    def named_with(self, mention: Mention) -> tuple[int, int]:
        """(start, end) of the enumeration that a practice stands in; of every other finding its own."""
        span = mention.start, mention.end
        return self.enumerations.get(span, span)

    def section_at(self, position: int) -> Stretch | None:
        """The innermost section around a position."""
        if len(self._starts) != len(self.sections):
            self._starts = [section.start for section in self.sections]
        index = bisect_right(self._starts, position) - 1
        while index >= 0:
            if position < self.sections[index].end:
                return self.sections[index]
            index -= 1
        return None

    def kind_at(self, position: int) -> SectionKind:
        if position < self.head_end:
            return "heading"
        section = self.section_at(position)
        return section.kind if section is not None else "other"

    def sentence_at(self, position: int) -> tuple[int, int]:
        """(start, end) of the sentence around a position."""
        if len(self._sentence_starts) != len(self.sentences):
            self._sentence_starts = [start for start, _ in self.sentences]
        index = bisect_right(self._sentence_starts, position) - 1
        return self.sentences[index] if index >= 0 else (0, len(self.clean))

    def clause_at(self, position: int) -> tuple[int, int]:
        """(start, end) of the clause around a position: between the marks ，。；：！？ and line ends."""
        if not self._marks:
            self._marks = [match.start() for match in CLAUSE_ENDS.finditer(self.clean)] + [len(self.clean)]
        index = bisect_left(self._marks, position)
        return (self._marks[index - 1] + 1 if index else 0), self._marks[index]

    @property
    def own_id(self) -> str:
        """Graph id that local things hang on: the reporting place, or the report's unresolved place."""
        return self.frame.place or "cn"

    @property
    def own_name(self) -> str:
        """Short name of the reporting place: 参内镇, 安溪县, or 通海县某镇（未具名）; empty where nothing is known."""
        return self.frame.place_name or ""
