"""Users' own Cypher: reading only, bounded in time, rows and memory.

Three walls, each enough for most attacks. The words: a statement may use only clauses, operators and functions that are listed here; what is not known is
refused, so that a clause some engine adds one day is refused too. The engine's read mode refuses writes. Time, rows and memory are bounded.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from fazhi.errors import Invalid, TooLarge, Unavailable
from graph.bounds import check_bounds
from graph.patterns import check_patterns
from graph.shape import check_shape
from graph.store import GraphStore, Row
from graph.tokens import Token, cut

LONGEST = 10_000  # characters of a statement
PARAMETERS = 100_000  # characters of its parameters as JSON
SUMS = 8  # signs + in a statement: each can double a text or a list, and kglite counts neither's length
AT_ONCE = 2  # users' statements that run at the same time: their memory adds up
PATIENCE = 5.0  # seconds to wait for a place

STARTS = frozenset(("MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL"))
KEYWORDS = STARTS | frozenset(
    """WHERE ORDER BY SKIP OFFSET LIMIT ASC ASCENDING DESC DESCENDING DISTINCT AS UNION ALL AND OR XOR NOT IN STARTS ENDS CONTAINS IS NULL TRUE FALSE
    CASE WHEN THEN ELSE END EXISTS COUNT COLLECT ANY NONE SINGLE SHORTESTPATH ALLSHORTESTPATHS""".split()
)
FORBIDDEN = frozenset(
    """CREATE MERGE SET DELETE DETACH NODETACH REMOVE DROP INSERT FOREACH LOAD CSV ALTER GRANT REVOKE DENY SHOW TERMINATE USE EXPLAIN PROFILE FORMAT
    TRANSACTIONS PERIODIC COMMIT ROLLBACK BEGIN YIELD CYPHER FINISH START CONSTRAINT INDEX DATABASE""".split()
)
FUNCTIONS = frozenset(
    """ABS ALL ANY AVG CEIL CHAR_LENGTH COALESCE COLLECT COUNT DATE DATETIME DURATION ELEMENTID ENDNODE EXISTS EXP FLOOR HEAD ID ISEMPTY KEYS LABELS
    LAST LEFT LENGTH LOCALDATETIME LOG LOG10 LOWER LTRIM MAX MIN NODES NONE NULLIF PERCENTILECONT PERCENTILEDISC POINT PROPERTIES RAND RANGE
    RELATIONSHIPS REVERSE RIGHT ROUND RTRIM SIGN SINGLE SIZE SPLIT SQRT STARTNODE STDEV STDEVP SUBSTRING SUM TAIL TOBOOLEAN TOFLOAT TOINTEGER TOLOWER
    TOSTRING TOUPPER TRIM TYPE UPPER SHORTESTPATH ALLSHORTESTPATHS""".split()  # without reduce and replace: they double a text at every step
)
NAMESPACES = frozenset(("DATE", "DATETIME", "LOCALDATETIME", "DURATION", "POINT"))  # date.truncate, duration.between, point.distance
OPENS_SUBQUERY = frozenset(("CALL", "EXISTS", "COUNT", "COLLECT"))
BEFORE_BRACKETS = frozenset("WHERE AND OR XOR NOT IN WITH CONTAINS WHEN THEN ELSE CASE RETURN BY AS UNWIND MATCH DISTINCT LIMIT SKIP OFFSET".split())

_places = threading.BoundedSemaphore(AT_ONCE)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``columns`` in the statement's order (none where there are no rows); ``truncated`` says that there were more rows than were asked for."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    truncated: bool


def run(store: GraphStore, statement: str, parameters: Mapping[str, Any] | None = None, *, timeout: float = 10.0, max_rows: int = 1_000) -> Answer:
    """Answer a user's statement.

    Raises Invalid (with a position where known) for a statement that is wrong or could do more than read, TimedOut past ``timeout`` seconds, TooLarge where it
    would hold too much in between, Unavailable where others' statements take all places.
    """
    check(statement, parameters)
    if _length_of(parameters or {}) > PARAMETERS:
        raise TooLarge(f"The parameters are longer than {PARAMETERS} characters.")
    if not _places.acquire(timeout=PATIENCE):
        raise Unavailable("Too many statements are running.", cure="Try again in a few seconds.")
    try:
        rows = store.read(statement, parameters, timeout=timeout, max_rows=max_rows + 1, untrusted=True)
    finally:
        _places.release()
    return Answer(columns=tuple(rows[0]) if rows else (), rows=tuple(rows[:max_rows]), truncated=len(rows) > max_rows)


def _length_of(parameters: Mapping[str, Any]) -> int:
    try:
        return len(json.dumps(dict(parameters), default=str))
    except RecursionError as error:
        raise TooLarge("The parameters are nested too deeply.") from error
    except (TypeError, ValueError) as error:
        raise Invalid(f"The parameters can't be read: {error}.") from error


def check(statement: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Raises Invalid for a statement that may do more than read, or that is not known to be harmless; TooLarge for one that is too long or builds too much."""
    tokens = _read(statement)
    check_bounds(tokens, parameters or {})
    check_patterns(tokens, parameters or {})


@lru_cache(maxsize=32)  # programs ask the same statement again and again, with other parameters
def _read(statement: str) -> Sequence[Token]:
    """The tokens of a statement whose words may be used, whatever its parameters are. Raises as ``check``."""
    if len(statement) > LONGEST:
        raise TooLarge(f"The statement is longer than {LONGEST} characters.")
    position = statement.find("\\u") if "\\u" in statement else statement.find("\\U")
    if position >= 0:
        raise Invalid("Unicode escapes are not allowed in a statement.", cure="Write the character itself.", position=position)
    tokens: list[Token] = _Tokens(cut(statement))
    if tokens and tokens[-1].text == ";":
        tokens.pop()
    if not tokens:
        raise Invalid("The statement is empty.", cure="Try MATCH (p:Program) RETURN p.name LIMIT 10.")
    check_shape(tokens)
    sums = [token for token in tokens if token.text in ("+", "||") and token.kind == "sign"]
    if len(sums) > SUMS:
        raise Invalid(f"A statement may add up to {SUMS} times.", position=sums[SUMS].start)
    _check_start(tokens, 0)
    for index, token in enumerate(tokens):
        if token.kind == "sign":
            _check_sign(tokens, index)
        elif token.kind == "word":
            _check_word(tokens, index)
        elif _ends_expression(tokens, index - 1):
            raise _refuse(token, "is not expected")
    return tokens


class _Tokens(list[Token]):
    """Tokens, with what is known of each one: a long row of them is asked again and again about the ones before."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self.ending: dict[int, bool] = {}
        for index in range(len(self)):  # from the left, so that no question leads far back
            self.ending[index] = _find_end(self, index)


def _check_sign(tokens: Sequence[Token], index: int) -> None:
    token = tokens[index]
    if token.text in (";", "+=", "::"):
        raise _refuse(token, "is not allowed: one reading statement at a time")
    if token.text == "{" and _opens_subquery(tokens, index):
        _check_start(tokens, index + 1)
    elif token.text == "(" and index:
        _check_call(tokens, index)


def _opens_subquery(tokens: Sequence[Token], index: int) -> bool:
    """Whether this { follows EXISTS, COUNT, COLLECT, CALL or CALL (x) and holds clauses, not a bare pattern such as EXISTS { (a)--(b) }."""
    if _text(tokens, index - 1) == ")" and _is_call_scope(tokens, index - 1):
        return True
    opened = _upper(tokens, index - 1) in OPENS_SUBQUERY and not _is_name(tokens, index - 1)
    return opened and _text(tokens, index + 1) != "("


def _check_word(tokens: Sequence[Token], index: int) -> None:
    token = tokens[index]
    word, before, after = token.upper, _text(tokens, index - 1), _text(tokens, index + 1)
    named = _is_name(tokens, index)
    if word in FORBIDDEN and not named:
        raise _refuse(token, "is not allowed: only reading is", cure=f"If it is a name, write it as `{token.text}`.")
    if named:
        return
    if _ends_expression(tokens, index - 1) and word not in KEYWORDS:
        raise _refuse(token, "is not a clause or operator that may be used here")
    if word == "UNION":
        following = index + 1 + (_upper(tokens, index + 1) in ("ALL", "DISTINCT"))
        _check_start(tokens, following)
    if word == "OPTIONAL" and _upper(tokens, index + 1) != "MATCH":
        raise _refuse(token, "must be followed by MATCH")
    if word == "CALL" and after not in ("{", "("):
        raise _refuse(token, "may open a subquery { … } only; procedures are not allowed")
    if before == "{" and after == "(" and word not in FUNCTIONS and word not in STARTS:
        raise _refuse(token, "is not allowed here")


def _check_call(tokens: Sequence[Token], index: int) -> None:
    """What stands before an opening bracket is a function that is listed, a keyword or nothing that can be called."""
    called = tokens[index - 1]
    if called.kind == "quoted":
        if not _may_be_label(tokens, index - 1):
            raise _refuse(called, "can't be called")
        return
    if called.kind != "word":
        return
    if _text(tokens, index - 2) == ".":
        root = tokens[index - 3] if index >= 3 else None
        if root is None or root.upper not in NAMESPACES or _text(tokens, index - 4) == ".":
            raise _refuse(called, "is not a function that may be used here")
    elif called.upper not in FUNCTIONS and called.upper not in BEFORE_BRACKETS and called.upper != "CALL":
        raise _refuse(called, "is not a function that may be used here", cure="Functions: " + ", ".join(sorted(FUNCTIONS)).lower() + ".")


def _may_be_label(tokens: Sequence[Token], index: int) -> bool:
    return _text(tokens, index - 1) in (":", "|", "&", "(", "[")


def _is_call_scope(tokens: Sequence[Token], index: int) -> bool:
    """Whether the bracket that closes here belongs to CALL (x) { … }."""
    while index >= 0 and tokens[index].text != "(":
        index -= 1
    return index > 0 and _upper(tokens, index - 1) == "CALL"


def _check_start(tokens: Sequence[Token], index: int) -> None:
    token = tokens[index] if index < len(tokens) else None
    if token is None or token.kind != "word" or token.upper not in STARTS:
        shown = token or tokens[-1]
        raise _refuse(shown, "can't begin a statement here", cure=f"Begin with {', '.join(sorted(STARTS))}.")


def _is_name(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word can only be a name: a property after a dot, a label after a colon, a key before one."""
    before, after = _text(tokens, index - 1), _text(tokens, index + 1)
    if before == ".":
        return index >= 2 and (tokens[index - 2].kind != "number") and (_ends_expression(tokens, index - 2) or tokens[index - 2].text in ("{", ","))
    if before == ":":
        return True
    return after == ":" and before in ("{", ",")


def _ends_expression(tokens: Sequence[Token], index: int) -> bool:
    """Whether an expression or pattern can end with this token, so that a word right after it must be a clause or an operator."""
    if index < 0:
        return False
    known = tokens.ending.get(index) if isinstance(tokens, _Tokens) else None
    return _find_end(tokens, index) if known is None else known


def _find_end(tokens: Sequence[Token], index: int) -> bool:
    token = tokens[index]
    if token.kind in ("quoted", "string", "number", "parameter"):
        return True
    if token.kind == "sign":
        if token.text == "*":  # RETURN * ends an expression, a * b does not; [*1..3] goes on
            return not _ends_expression(tokens, index - 1) and _text(tokens, index - 1) != "["
        return token.text in (")", "]", "}")
    return _is_name(tokens, index) or token.upper not in KEYWORDS or token.upper in ("NULL", "TRUE", "FALSE", "END", "ASC", "ASCENDING", "DESC", "DESCENDING")


def _text(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) and tokens[index].kind == "sign" else ""


def _upper(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].upper if 0 <= index < len(tokens) and tokens[index].kind == "word" else ""


def _refuse(token: Token, why: str, *, cure: str = "") -> Invalid:
    return Invalid(f"{token.text[:40]} {why}.", cure=cure, position=token.start)
