"""An analysis as the checks read it: its counts in order, which sentence each stands in, and findings with their evidence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache

import vocabulary
from ingest.ids import finding_id
from ingest.model import Analysis, Fact, Finding, FindingKind, Severity, Side, Source


class Reading:
    """``counts`` are the numbers that the report states as done or under way, by position; plans are no statements yet."""

    def __init__(self, source: Source, analysis: Analysis) -> None:
        self.source = source
        self.text = source.text
        self.analysis = analysis
        self.frame = analysis.frame
        self.counts: list[Fact] = [fact for fact in analysis.facts if fact.type == "metric" and fact.value is not None and fact.modality in ("done", "ongoing")]
        self._sentence_starts: list[int] | None = None

    def sentence_of(self, position: int) -> int:
        """Number of the sentence around a position; -1 before the first."""
        if self._sentence_starts is None:
            self._sentence_starts = [start for start, _ in self.analysis.sentences]
        return bisect_right(self._sentence_starts, position) - 1

    def between(self, left: int, right: int) -> str:
        """The text between two positions without blanks and line ends."""
        return "".join(self.text[left:right].split())

    def before(self, fact: Fact) -> str:
        """The sentence up to and with a fact."""
        number = self.sentence_of(fact.start)
        start = self.analysis.sentences[number][0] if number >= 0 else 0
        return self.text[start : fact.end]

    def find(
        self,
        kind: FindingKind,
        severity: Severity,
        zh: str,
        en: str,
        evidence: Sequence[Side],
        *,
        stated: float | int | None = None,
        computed: float | int | None = None,
        unit: str | None = None,
    ) -> Finding:
        """A finding on this report. Its id depends on kind and evidence alone, so that it stays the same when others come and go."""
        spans = [(side.start or 0, side.end or 0) for side in evidence]
        return Finding(
            id=finding_id(self.analysis.doc, kind, spans),
            kind=kind,
            severity=severity,
            message_zh=zh,
            message_en=en,
            stated=stated,
            computed=round(computed, 4) if isinstance(computed, float) else computed,
            unit=unit,
            facts=tuple(side.fact for side in evidence if side.fact is not None),
            evidence=tuple(evidence),
        )


def side_of(fact: Fact, role: str) -> Side:
    return Side(role=role, surface=fact.surface, start=fact.start, end=fact.end, fact=fact.id, value=fact.value)


class Checks:
    """``vocabulary/checks.yaml``, compiled."""

    def __init__(self) -> None:
        data = vocabulary.load("checks")
        self.rates: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {}
        for row in data["rates"]:
            pair = (any_of(row["part"]), any_of(row["whole"]))
            for name in row["rate"]:
                self.rates.setdefault(name, pair)
        self.rate_name = any_of(self.rates)
        self.stages = any_of(data["stages"])
        self.rest = any_of(data["rest"])
        self.totals = any_of(data["totals"])
        self.whole_township = any_of(data["whole_township"])
        self.villages: dict[str, str] = {word: row["of"] for row in data["villages"] for word in row["words"]}
        self.village_word = any_of(self.villages)
        self._families: dict[str, str] = {unit: row[0] for row in data["units"] for unit in row}

    def family(self, unit: str | None) -> str:
        """One name for all units that count the same: 起 and 宗 are 件."""
        return self._families.get(unit or "", unit or "")


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))


@cache
def checks() -> Checks:
    return Checks()
