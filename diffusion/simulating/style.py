"""What a family of generators has to bring: its words, its way to write a report, its law of delays and its model of edits.

Two families are there (``enumerated``, ``narrative``), so that what is tuned on one is checked on the other: they share this file and nothing that shows in a
report or in its times.
"""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple

_SLOT = re.compile(r"\{(\w+)\}")


class Practice(NamedTuple):
    """A program as reports name it. ``members`` are what its variant is made of (机关, 乡村 …); ``known``: it stands in the vocabulary."""

    id: str
    name: str
    members: tuple[str, ...] = ()
    family: str = ""
    known: bool = True


class Voice(NamedTuple):
    """Who writes: names as the text has them. ``kind`` is what a township calls itself (镇, 乡, 街道), a county its last character."""

    name: str
    kind: str
    county: str
    prefecture: str
    villages: tuple[str, ...]
    is_county: bool


class Style(ABC):
    name: str
    sentences: tuple[int, int]  # least and most of free prose in a section
    copy_share: float  # of adoptions after somebody's example whose words come along
    remention: float  # how often an adopted practice is named again in a later year
    words: ClassVar[Mapping[str, Sequence[str]]]
    boilerplate: Sequence[str]
    invented: Sequence[str]  # names of practices that no vocabulary has

    def fill(self, chance: random.Random, pattern: str, voice: Voice | None = None, practice: Practice | None = None) -> str:
        """A pattern with each of its slots drawn anew."""

        def draw(match: re.Match[str]) -> str:
            slot = match.group(1)
            if slot == "village" and voice is not None:
                return chance.choice(voice.villages)
            if slot == "practice" and practice is not None:
                return practice.name
            if slot == "we" and voice is not None:
                return "全" + voice.kind
            if slot == "a":
                return str(chance.randint(2, 12))
            if slot == "b":
                return str(chance.randint(13, 96))
            if slot == "c":
                return str(chance.randint(110, 9800))
            if slot == "month":
                return str(chance.randint(1, 12))
            if slot in self.words:
                return self.fill(chance, chance.choice(self.words[slot]), voice, practice)
            return match.group()

        return _SLOT.sub(draw, pattern)

    @abstractmethod
    def delay(self, chance: random.Random) -> float:
        """Years from an example to its taking up."""

    @abstractmethod
    def mandate_delay(self, chance: random.Random) -> float:
        """Years from a superior's order to its taking up."""

    @abstractmethod
    def missing(self, chance: random.Random, rate: float) -> float:
        """Share of a county's reports that are missing, ``rate`` on average."""

    @abstractmethod
    def edit(self, chance: random.Random, text: str, rate: float) -> str:
        """``text`` with at most ``rate`` of its characters inserted, deleted or replaced, and at least two thirds of that."""

    @abstractmethod
    def sentence(self, chance: random.Random, voice: Voice) -> str:
        """One sentence of free prose."""

    @abstractmethod
    def paragraph(self, chance: random.Random, length: int) -> str:
        """Whole sentences of free prose without any place's name, about ``length`` characters and never fewer: what others may take over."""

    @abstractmethod
    def adopted(self, chance: random.Random, practice: Practice) -> str:
        """A passage of 80 characters or more that says that a practice is at work."""

    @abstractmethod
    def since(self, year: int) -> str:
        """Words before a passage that say since when: 自2021年以来，"""

    @abstractmethod
    def continued(self, chance: random.Random, practice: Practice) -> str:
        """A short sentence that names a practice that is at work."""

    @abstractmethod
    def planned(self, chance: random.Random, practice: Practice, *, worded: bool) -> str:
        """A plan; ``worded`` says it with a word (拟, 计划), otherwise the section has to say it."""

    @abstractmethod
    def negated(self, chance: random.Random, practice: Practice) -> str:
        """That a practice is not there."""

    @abstractmethod
    def exhorted(self, chance: random.Random, practice: Practice) -> str:
        """That others are called upon."""

    @abstractmethod
    def stopped(self, chance: random.Random, practice: Practice) -> str:
        """That a practice was given up."""

    @abstractmethod
    def told_of(self, chance: random.Random, practice: Practice, town: str) -> str:
        """How a county tells that one of its townships has a practice."""

    @abstractmethod
    def credit(self, chance: random.Random, practice: Practice, source: str) -> str:
        """That a practice was learnt from a named place."""

    @abstractmethod
    def template(self, chance: random.Random) -> str:
        """A paragraph that a superior wants to have in every report of the year."""

    @abstractmethod
    def head(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        """Lines of the heading, addressee included."""

    @abstractmethod
    def opening(self, chance: random.Random, voice: Voice, year: int) -> str:
        """First sentence of the body."""

    @abstractmethod
    def headings(self, chance: random.Random, voice: Voice, year: int, sections: int) -> tuple[str, list[str], str, str]:
        """Of the results, of each of its sections, of the problems, of the plans."""

    @abstractmethod
    def tail(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        """Signature, date and the line that says 合成."""

    @abstractmethod
    def notice(self, chance: random.Random, voice: Voice, year: int, subject: str, body: list[tuple[str, object]]) -> list[list[tuple[str, object]]]:
        """Lines of a superior's document on ``subject``, each a list of (text, tag)."""

    def names_of(self) -> set[str]:
        """Characters that an edit may put in: those of the family's own words."""
        return {character for words in self.words.values() for word in words for character in word if "\u4e00" <= character <= "\u9fff"}


def part(text: str, pattern: str) -> list[str]:
    """Split after each match of ``pattern``; nothing is lost."""
    pieces, position = [], 0
    for match in re.finditer(pattern, text):
        pieces.append(text[position : match.end()])
        position = match.end()
    if position < len(text):
        pieces.append(text[position:])
    return pieces
