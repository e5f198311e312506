"""How many terms an index should hold of a report."""

from __future__ import annotations

import re

from fulltext.project import ALL, Row

_TERM = re.compile(r"[^ \t\n\f\r]+")  # str.split would cut at more characters than engines do


def expect(row: Row) -> dict[str, int]:
    """Different words and pairs of the whole text."""
    cell = row.cells.get(ALL)
    return {"words": len(set(_TERM.findall(cell.words))) if cell else 0, "pairs": len(set(_TERM.findall(cell.pairs))) if cell else 0}
