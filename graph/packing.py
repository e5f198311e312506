"""Many rows of a statement in one message. The driver takes as long for a row's message, however short, as for a dozen of its values: of 50 rows it costs more
than the server's work. Only Neo4j needs it; kglite hands rows over as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from fazhi.errors import Invalid
from graph.tokens import Token, cut

ROWS, MOST = "packed", "packed_most"  # the only column, and the parameter that bounds the rows in all messages
SLICE = 50  # rows in one message: who counts what comes can stop before all of it is there
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")
_AFTER_ITEMS = frozenset(("ORDER", "SKIP", "OFFSET", "LIMIT"))
_LITERALS = frozenset(("NULL", "TRUE", "FALSE", "INF", "INFINITY", "NAN"))
_OWN_COLUMNS = frozenset(("UNION", "SHOW", "EXPLAIN", "PROFILE"))  # more than one RETURN, or columns that are not the statement's


class Packed(msgspec.Struct, frozen=True):
    """``statement`` gives back rows whose only value ``ROWS`` is a list of up to ``SLICE`` lists of the values of ``columns``, ``$packed_most`` in all."""

    statement: str
    columns: tuple[str, ...]


@lru_cache(maxsize=512)  # those of cypher/ and the ones that are put together for pages
def pack(statement: str) -> Packed | None:
    """The same rows in the same order in few messages, or None for a statement that can't be written so: one without names for its columns, a UNION, SHOW.

    Its last RETURN becomes WITH, which sorts and bounds alike; what is collected after it keeps that order. Positions that the server names stay the same.
    """
    try:
        tokens = cut(statement)
    except Invalid:
        return None
    if tokens and tokens[-1].text == ";":
        tokens.pop()
    depths = _depths(tokens)
    top = [index for index, token in enumerate(tokens) if token.kind == "word" and depths[index] == 0]
    returns = [index for index in top if tokens[index].upper == "RETURN"]
    if len(returns) != 1 or any(tokens[index].upper in _OWN_COLUMNS for index in top) or any(token.text == f"${MOST}" for token in tokens):
        return None
    columns = _columns(tokens, depths, returns[0] + 1)
    if columns is None or len(set(columns)) < len(columns):
        return None
    last, end = tokens[returns[0]], tokens[-1]
    ordered = f"{statement[: last.start]}WITH  {statement[last.start + len(last.text) : end.start + len(end.text)]}"
    sliced = f"UNWIND range(0, size({ROWS}) - 1, {SLICE}) AS first\nRETURN {ROWS}[first..first + {SLICE}] AS {ROWS}"
    return Packed(f"{ordered}\nWITH * LIMIT ${MOST}\nWITH collect([{', '.join(columns)}]) AS {ROWS}\n{sliced}", columns)


def _depths(tokens: Sequence[Token]) -> list[int]:
    """How many brackets are open around each token."""
    depths, depth = [], 0
    for token in tokens:
        depth -= token.text in _CLOSING
        depths.append(depth)
        depth += token.text in _OPENING
    return depths


def _columns(tokens: Sequence[Token], depths: Sequence[int], start: int) -> tuple[str, ...] | None:
    """Names of what is given back, or None where one has none of its own."""
    outside = [index for index in range(start, len(tokens)) if depths[index] == 0]
    end = next((index for index in outside if tokens[index].kind == "word" and tokens[index].upper in _AFTER_ITEMS), len(tokens))
    commas = [index for index in outside if index < end and tokens[index].text == ","]
    if start < end and tokens[start].upper == "DISTINCT":
        start += 1
    names = [_name(tokens[before + 1 : after]) for before, after in pairwise([start - 1, *commas, end])]
    return tuple(name for name in names if name) if all(names) else None


def _name(item: Sequence[Token]) -> str | None:
    """What stands behind AS; else the item itself, where it is a variable."""
    if not item or item[-1].kind != "word":
        return None
    named = item[-2].upper == "AS" if len(item) > 1 else item[0].upper not in _LITERALS
    return item[-1].text if named else None
