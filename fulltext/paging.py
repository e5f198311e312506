"""Hits in an order that never wavers, page after page, however deep.

A cursor holds the sort values of the last hit and how many stood before it. While the index is as it was, the next page is one short look at
that depth; when it has changed, all hits are looked through for the first one after those values, so that nothing is seen twice. Scores shift
with every report that comes or goes, so in their order it is the last hit itself that is looked for, and its rank where it has gone.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
import tantivy

from fazhi.errors import Invalid
from fulltext.store import Hit


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    order: str
    key: str  # of the last hit: its unique sort value, or its report id
    rank: int  # hits up to and with the last one
    score: float = 0.0
    tied: int = 0  # of these, how many at the end have the last one's score


def write_cursor(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def read_cursor(text: str, order: str) -> Cursor:
    """Raises Invalid for what ``write_cursor`` has not written, or for another order."""
    try:
        cursor = msgspec.json.decode(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), type=Cursor)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise Invalid("The cursor can't be read.", cure="Take it from the last hit of the page before, unchanged.") from error
    if cursor.order != order or cursor.rank < 1 or not 0 <= cursor.tied <= cursor.rank:
        raise Invalid("The cursor belongs to another search.", cure="Keep the query and the sort of the page before, or start without a cursor.")
    return cursor


def search_by_key(searcher: tantivy.Searcher, query: tantivy.Query, order: str, field: str, size: int, after: Cursor | None) -> tuple[list[Hit], int]:
    """(hits, total) in ascending order of a fast field with unique values, whose last word is the report id."""

    def look(offset: int, limit: int) -> tuple[list[str], int]:
        found: Any = searcher.search(query, limit=max(limit, 1), offset=offset, order_by_field=field, order=tantivy.Order.Asc)
        return [str(key) for key, _ in found.hits], int(found.count)

    rank = 0
    if after is None:
        keys, total = look(0, size)
    else:
        rank = after.rank
        keys, total = look(rank - 1, size + 1)
        if keys[:1] == [after.key]:
            keys = keys[1:]
        else:
            everything, _ = look(0, total)
            keys = [key for key in everything if key > after.key]
            rank = len(everything) - len(keys)
    keys = keys[:size]
    return [Hit(report=key.rpartition(" ")[2], score=0.0, cursor=write_cursor(Cursor(order, key, rank + number))) for number, key in enumerate(keys, 1)], total


def search_by_score(searcher: tantivy.Searcher, query: tantivy.Query, size: int, after: Cursor | None) -> tuple[list[Hit], int]:
    """(hits, total), best first, equal scores by report id. tantivy leaves the order within equal scores open, so each such group is fetched whole."""
    if after is None:
        found, total = _ranked(searcher, query, 0, size)
        return _hits(found[:size], 0, None), total
    start = after.rank - after.tied  # where the last hit's group begins
    found, total = _ranked(searcher, query, max(start - 1, 0), size + after.tied + 1)
    before, group = (found[:1], found[1:]) if start else ([], found)
    fits = (
        bool(group)
        and group[0][0] == after.score
        and (not before or before[0][0] > after.score)
        and (after.score, after.key) in group[after.tied - 1 : after.tied]
    )
    if not fits:
        group, total = _ranked(searcher, query, 0, total or 1)
        start = 0
        first = next((index for index, (_, report) in enumerate(group, 1) if report == after.key), after.rank)
    else:
        first = after.tied
    return _hits(group[first : first + size], start + first, group[:first]), total


def _ranked(searcher: tantivy.Searcher, query: tantivy.Query, offset: int, wanted: int) -> tuple[list[tuple[float, str]], int]:
    """At least ``wanted`` (score, report) from ``offset`` on, in order, no group of equal scores broken at the end."""
    limit = max(wanted, 1) + 1
    while True:
        found: Any = searcher.search(query, limit=limit, offset=offset)
        hits = found.hits
        if len(hits) < limit or hits[-1][0] != hits[wanted - 1][0] or wanted < 1:
            break
        limit *= 4
    numbers = searcher.fast_field_values("number", [address for _, address in hits])
    ranked = sorted(((float(score), f"{number:016x}") for (score, _), number in zip(hits, numbers, strict=True)), key=lambda hit: (-hit[0], hit[1]))
    return ranked, int(found.count)


def _hits(found: list[tuple[float, str]], rank: int, earlier: list[tuple[float, str]] | None) -> list[Hit]:
    """With cursors; ``earlier`` are the hits right before, which may share the first one's score."""
    hits: list[Hit] = []
    last, tied = None, 0
    for score, _ in earlier or ():
        last, tied = score, (tied + 1 if score == last else 1)
    for number, (score, report) in enumerate(found, 1):
        last, tied = score, (tied + 1 if score == last else 1)
        hits.append(Hit(report=report, score=score, cursor=write_cursor(Cursor("score", report, rank + number, score, tied))))
    return hits
