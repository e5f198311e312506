"""What a user's statement may make out of nothing: engines bound the rows between clauses, but not what one expression builds.

Lists come from ``range`` with bounds that can be told beforehand, and nothing that goes through a list stands inside another that does: what an expression
builds is then at most as long as its longest list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fazhi.errors import Invalid, TooLarge
from graph.tokens import Token

LONGEST_RANGE = 500_000
LONGEST_KEPT = 100  # numbers of a range that is not unwound at once: every row that comes after may carry a copy of it
LONG_LITERAL = 100  # parts of a list that is written out, beyond which copies of it count
COPYING = frozenset(("SPLIT", "TAIL", "REVERSE"))  # functions that make a list of their own; those that collect share one between rows
ITERATORS = frozenset(("ANY", "ALL", "NONE", "SINGLE"))
COUNTERS = frozenset(("SIZE", "LENGTH"))
CLOSES = {"(": ")", "[": "]", "{": "}"}


def check_bounds(tokens: Sequence[Token], parameters: Mapping[str, Any]) -> None:
    """Raises Invalid for a list built inside the building of another or a range whose length can't be told, TooLarge for one of more than LONGEST_RANGE."""
    open: list[bool] = []  # for each bracket that is open: whether what stands in it is done for each part of a list
    for index, token in enumerate(tokens):
        if token.kind == "sign" and token.text in CLOSES:
            builds = _goes_through_a_list(tokens, index)
            if builds and any(open):
                raise Invalid("One list can't be gone through inside another.", cure="Use UNWIND for one of them.", position=token.start)
            open.append(builds)
        elif token.kind == "sign" and token.text in CLOSES.values() and open:
            open.pop()
        elif token.upper == "RANGE" and _sign(tokens, index + 1) == "(" and _sign(tokens, index - 1) != ".":
            unwound = _word(tokens, index - 1) == "UNWIND"
            _check_range(_arguments(tokens, index + 1), parameters, token, LONGEST_RANGE if unwound else LONGEST_KEPT)


def carries_lists(tokens: Sequence[Token]) -> bool:
    """Whether rows may carry lists that the statement makes: kglite copies them from row to row and counts none of the copies."""
    collects = False
    for index, token in enumerate(tokens):
        collects |= token.upper == "COLLECT" and _sign(tokens, index + 1) == "("
        if collects and token.kind == "word" and token.upper in ("UNWIND", "MATCH", "CALL"):
            return True
        if _copies(tokens, index):
            return True
    return False


def _copies(tokens: Sequence[Token], index: int) -> bool:
    """A range that is not unwound at once, split(…), tail(…), reverse(…), a slice, a long list that is not only looked into."""
    token = tokens[index]
    if token.kind == "word":
        return _sign(tokens, index + 1) == "(" and (token.upper in COPYING or (token.upper == "RANGE" and _word(tokens, index - 1) != "UNWIND"))
    if token.kind != "sign" or token.text != "[":
        return False
    if _ends_value(tokens, index - 1):
        return _sign(tokens, index - 1) not in ("-", "<-") and _has_dots(tokens, index)
    return _word(tokens, index - 1) != "IN" and len(_arguments(tokens, index)) > LONG_LITERAL


def _has_dots(tokens: Sequence[Token], index: int) -> bool:
    return any(token.kind == "sign" and token.text == ".." for argument in _arguments(tokens, index) for token in argument)


def _goes_through_a_list(tokens: Sequence[Token], index: int) -> bool:
    """[x IN …], [(a)-->(b) | …], [p = (a)-->(b) | …], any(x IN …), COLLECT { … }"""
    bracket, first, second = tokens[index].text, _word(tokens, index + 1), _word(tokens, index + 2)
    before = _word(tokens, index - 1)
    if bracket == "{":
        return before == "COLLECT"
    if bracket == "(":
        return before in ITERATORS and bool(first) and second == "IN"
    if _ends_value(tokens, index - 1):  # a list's part, a[0], or the inside of an edge, -[e:ADOPTS]-
        return False
    if bool(first) and second == "IN":
        return True
    pattern = _sign(tokens, index + 1) == "(" or (bool(first) and _sign(tokens, index + 2) == "=" and _sign(tokens, index + 3) == "(")
    return pattern and _has_bar(tokens, index)


def _has_bar(tokens: Sequence[Token], index: int) -> bool:
    depth = 0
    for token in tokens[index:]:
        if token.kind == "sign":
            depth += (token.text in CLOSES) - (token.text in CLOSES.values())
            if depth == 0:
                return False
            if token.text == "|" and depth == 1:
                return True
    return False


def _arguments(tokens: Sequence[Token], index: int) -> list[list[Token]]:
    """Tokens of each argument of the call whose bracket opens at ``index``."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens[index:]:
        if token.kind == "sign":
            depth += token.text in CLOSES
            if token.text == "," and depth == 1:
                found.append([])
                continue
            depth -= token.text in CLOSES.values()
            if depth == 0:
                break
        if token is not tokens[index]:
            found[-1].append(token)
    return found


def _check_range(arguments: list[list[Token]], parameters: Mapping[str, Any], token: Token, most: int) -> None:
    told = [_read_bound(argument, parameters, token) for argument in arguments]
    first, last = (*told, None, None)[:2]
    if first is not None and last is not None and abs(last - first) >= most:
        raise TooLarge(f"A range may have up to {most} numbers here.", cure=f"Right after UNWIND it may have {LONGEST_RANGE}.")


def _read_bound(argument: list[Token], parameters: Mapping[str, Any], token: Token) -> int | None:
    """A bound of a range; None where it is the size of something that is there already. Raises Invalid for all else."""
    texts = [part.text for part in argument]
    sign = -1 if texts[:1] == ["-"] else 1
    rest = argument[1:] if sign < 0 else argument
    if len(rest) == 1 and rest[0].kind == "number" and rest[0].text.isdigit():
        return sign * int(rest[0].text)
    if len(rest) == 1 and rest[0].kind == "parameter":
        value = parameters.get(rest[0].text[1:].strip("`"), 0)
        if isinstance(value, int):
            return sign * value
    elif rest and rest[0].upper in COUNTERS and _sign(rest, 1) == "(":
        depth = 0
        for index, part in enumerate(rest[1:], start=1):
            depth += (part.text in CLOSES) - (part.text in CLOSES.values()) if part.kind == "sign" else 0
            if depth == 0:
                after = rest[index + 1 :]
                if not after or (len(after) == 2 and after[0].text in ("-", "+") and after[1].text.isdigit() and int(after[1].text) < LONGEST_RANGE):
                    return None
                break
    raise Invalid("The bounds of a range must be whole numbers, parameters, size(…) or length(…).", position=token.start)


def _ends_value(tokens: Sequence[Token], index: int) -> bool:
    """Whether a [ after this token belongs to it: a[0], f(x)[0], [1][0], -[edge]-."""
    if index < 0:
        return False
    token = tokens[index]
    if token.kind == "sign":
        return token.text in (")", "]", "}", "-", "<-") and not (token.text == "-" and _sign(tokens, index - 1) not in (")", "<"))
    return token.kind in ("quoted", "parameter", "string") or (token.kind == "word" and token.upper not in _BEFORE_LIST)


_BEFORE_LIST = frozenset("RETURN WITH WHERE AND OR XOR NOT IN UNWIND AS BY WHEN THEN ELSE CASE CONTAINS DISTINCT".split())


def _sign(tokens: Sequence[Token], index: int) -> str:
    return tokens[index].text if 0 <= index < len(tokens) and tokens[index].kind == "sign" else ""


def _word(tokens: Sequence[Token], index: int) -> str:
    """The word in capitals, or a name in backticks as it is; "" for what is no word."""
    return tokens[index].upper if 0 <= index < len(tokens) and tokens[index].kind in ("word", "quoted") else ""
