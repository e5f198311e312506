"""Hits in an order that never wavers, page after page, however deep.

Hits are in the order of a number (the score downwards, or a sort key upwards) and, where that is equal, of their report ids. A cursor holds both for the last
hit and how many stood before it. While the index is as it was, the next page is one short look at that depth. When it has changed, all hits are looked
through for the first one after the cursor; scores shift with every report that comes or goes, so in their order it is the last hit itself that is
looked for, and its rank where it has gone.
"""

from __future__ import annotations

from typing import Any

import tantivy

from fulltext.cursor import Cursor, Place
from fulltext.store import Hit


class Ranking:
    """The hits of one query in one order. ``field`` is the sort key; None is the score."""

    def __init__(self, searcher: tantivy.Searcher, query: tantivy.Query, order: str, field: str | None) -> None:
        self.searcher = searcher
        self.query = query
        self.order = order
        self.field = field
        self.addresses: dict[str, Any] = {}  # report → where its document is, of the hits that were looked at

    def page(self, size: int, after: Cursor | None) -> tuple[list[Hit], int]:
        """(hits after the cursor, how many there are in all)."""
        if after is None:
            found, total = self._look(0, size)
            return self._show(found, 0, 0, size), total
        start = after.rank - after.tied  # where the last hit's equals begin
        found, total = self._look(max(start - 1, 0), size + after.tied + 1)
        skipped = 1 if start else 0
        last = skipped + after.tied - 1
        if last < len(found) and found[last] == after.place and found[skipped][0] == after.value and (not start or found[0][0] < after.value):
            return self._show(found, start - skipped, last + 1, size), total
        everything, total = self._look(0, total)
        if self.field is None:
            first = next((index for index, (_, report) in enumerate(everything, 1) if report == after.report), after.rank - 1)
        else:
            first = next((index for index, place in enumerate(everything) if place > after.place), len(everything))
        return self._show(everything, 0, first, size), total

    def _look(self, offset: int, wanted: int) -> tuple[list[Place], int]:
        """At least ``wanted`` hits from ``offset`` on, in order, as far as there are, and the total.

        The engine leaves the order of equal hits open, so all of the last ones' equals are fetched.
        """
        everything = self.searcher.num_docs  # a made-up cursor must not make the engine reserve room for billions of hits
        offset = min(offset, everything)
        limit = min(max(wanted, 1), everything - offset) + 1
        while True:
            if self.field is None:
                found: Any = self.searcher.search(self.query, limit=limit, offset=offset)
            else:
                found = self.searcher.search(self.query, limit=limit, offset=offset, order_by_field=self.field, order=tantivy.Order.Asc)
            hits = found.hits
            if len(hits) < limit or wanted < 1 or hits[-1][0] != hits[wanted - 1][0]:
                break
            limit = min(limit * 4, everything - offset + 1)
        numbers = self.searcher.fast_field_values("number", [address for _, address in hits])
        sign = -1 if self.field is None else 1
        reports = [f"{number:016x}" for number in numbers]
        self.addresses.update(zip(reports, (address for _, address in hits), strict=True))
        return sorted((sign * value, report) for (value, _), report in zip(hits, reports, strict=True)), int(found.count)

    def _show(self, found: list[Place], offset: int, first: int, size: int) -> list[Hit]:
        """``size`` hits from index ``first`` of ``found``, which begins at rank ``offset``."""
        hits: list[Hit] = []
        begin = first
        while begin and begin < len(found) and found[begin - 1][0] == found[first][0]:
            begin -= 1
        for index in range(first, min(first + size, len(found))):
            value, report = found[index]
            if value != found[begin][0]:
                begin = index
            stands = Cursor(self.order, value, report, offset + index + 1, index + 1 - begin)
            hits.append(Hit(report=report, score=-float(value) if self.field is None else 0.0, stands=stands))
        return hits
