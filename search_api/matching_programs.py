"""Which program a name in somebody's table means: those of the catalogue and those that only reports name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from ingest.script import simplify
from vocabulary.names import fold_name

LONGEST = 60  # characters of a name
SAME, VARIANT, CLASSED = 100.0, 95.0, 85.0
LIKE = 70.0  # most that a name is worth that only resembles
LEAST = 0.5  # below that it does not
SHARED = 20.0  # off where several are called so
_CLASS = re.compile(r"(?:工作机制|工作制度|专项活动|主题活动|活动|工作|机制|制度|工程|行动|计划|项目|做法|模式|体系|建设)$")


class Program(NamedTuple):
    """``others``: its variants, where the catalogue has them."""

    id: str
    name: str
    others: tuple[str, ...] = ()


class FoundProgram(NamedTuple):
    program: Program
    score: float
    certain: bool


class ProgramNames:
    """Names of programs, their variants, and pairs of characters to find the similar ones by. Not changed after it was made."""

    def __init__(self, programs: Iterable[Program]) -> None:
        self.programs = {program.id: program for program in programs}
        self._same: dict[str, list[str]] = {}
        self._variants: dict[str, list[str]] = {}
        self._spellings: list[tuple[str, frozenset[str]]] = []  # id, pairs of characters
        self._with_pair: dict[str, list[int]] = {}
        for program in self.programs.values():
            self._same.setdefault(fold(program.name), []).append(program.id)
            for other in program.others:
                self._variants.setdefault(fold(other), []).append(program.id)
            for spelling in (program.name, *program.others):
                pairs = _pairs(fold(spelling))
                for pair in pairs:
                    self._with_pair.setdefault(pair, []).append(len(self._spellings))
                self._spellings.append((program.id, pairs))

    def find(self, name: str) -> list[FoundProgram]:
        """Candidates, best first. Certain is one whose name or variant it is and no other's."""
        if name.strip() in self.programs:
            return [FoundProgram(self.programs[name.strip()], SAME, certain=True)]
        folded = fold(name[: 4 * LONGEST])
        if not 2 <= len(folded) <= LONGEST:
            return []
        scores: dict[str, float] = {}
        classless = _CLASS.sub("", folded)
        for table, wanted, worth in (
            (self._same, folded, SAME),
            (self._variants, folded, VARIANT),
            (self._same, classless, CLASSED),
            (self._variants, classless, CLASSED),
        ):
            called = sorted(set(table.get(wanted, ())) - scores.keys())
            scores |= dict.fromkeys(called, worth - (SHARED if len(called) > 1 else 0))
        for id, score in self._similar(folded).items():
            scores.setdefault(id, score)
        best = max(scores.values(), default=0.0)
        found = [FoundProgram(self.programs[id], score, certain=score == best and best in (SAME, VARIANT)) for id, score in scores.items()]
        return sorted(found, key=lambda entry: (-entry.score, len(entry.program.name), entry.program.id))

    def _similar(self, folded: str) -> dict[str, float]:
        pairs = _pairs(folded)
        common = Counter(number for pair in pairs for number in self._with_pair.get(pair, ()))
        scores: dict[str, float] = {}
        for number, shared in common.items():
            id, others = self._spellings[number]
            likeness = 2 * shared / (len(pairs) + len(others))
            if likeness >= LEAST:
                scores[id] = max(scores.get(id, 0.0), round(LIKE * likeness, 1))
        return scores


def fold(name: str) -> str:
    """A name as it is compared: either script, without quotes, brackets, blanks; width and case make no difference."""
    return fold_name(simplify(name))


def _pairs(folded: str) -> frozenset[str]:
    return frozenset(folded[position : position + 2] for position in range(max(1, len(folded) - 1)))
