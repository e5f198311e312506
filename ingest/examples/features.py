"""What of a marked sentence counts: its runs of two to four characters, and those close to the practice."""

from __future__ import annotations

import re

from ingest.examples.marking import PRACTICE

_CLAUSE = re.compile(r"[，；。：、,;:]")
_NEAR = 16  # characters of the practice's clause, to each side, whose runs count by themselves
_OPENING = (2, 3, 4, 5, 6)


def features(marked: str, section: str) -> set[str]:
    """Features of a sentence with one ``PRACTICE`` sign in it, in a section of this kind. Raises ValueError where the sign is missing."""
    at = marked.index(PRACTICE)
    before, behind = marked[:at], marked[at + 1 :]
    near_before, near_behind = _CLAUSE.split(before)[-1][-_NEAR:], _CLAUSE.split(behind, maxsplit=1)[0][:_NEAR]
    found = {f"section {section}"}
    found.update("…" + run for run in _runs(marked, 2))
    found.update("<" + run for run in _runs(near_before, 1))
    found.update(">" + run for run in _runs(near_behind, 1))
    for length in range(1, 6):
        found.add("<<" + before[-length:])
        found.add(">>" + behind[:length])
    found.update("^" + marked[:length] for length in _OPENING)
    return found


def _runs(words: str, least: int) -> list[str]:
    return [words[at : at + length] for length in range(least, 5) for at in range(len(words) - length + 1)]
