"""Regular expressions in users' statements: Java's, which Neo4j uses, can take years for thirty characters and do not look at the clock.

So a pattern is a text that can be read beforehand, repeats little, and never repeats a group; and what it is held against is short.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fazhi.errors import Invalid, TooLarge
from graph.tokens import Token

LONGEST = 200  # characters of a pattern
REPEATS = 3  # * + ? {n,m} in a pattern: the time is the text's length to this power, at worst
GROUPS = 5
TEXT = 500  # characters of a text or parameter beside a pattern
SUMS = 1  # each can double a text
CURE = "Use CONTAINS, STARTS WITH or ENDS WITH."

_FLAGS = re.compile(r"^\(\?[ismu]{1,4}\)")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PLAIN_ESCAPES = frozenset(".*+?()[]{}|^$\\/-dwsDWSbtn'\"")
_CLASS = re.compile(r"\[\^?\]?[^\]]*\]")
_REPEAT = re.compile(r"[*+?]|\{(\d*)(?:,(\d*))?\}")


def check_patterns(tokens: Sequence[Token], parameters: Mapping[str, Any]) -> None:
    """Raises Invalid for a regular expression that may take long, TooLarge where what it is held against is long."""
    places = [index for index, token in enumerate(tokens) if token.kind == "sign" and token.text == "=~"]
    if not places and not any(token.upper == "SPLIT" for token in tokens):  # which makes a list as long as the text
        return
    for index in places:
        _check_pattern(_read_pattern(tokens, index + 1, parameters), tokens[index].start)
    texts = [token.text for token in tokens if token.kind == "string"]
    if any(len(text) > TEXT for text in (*texts, *_texts_in(parameters))):
        raise TooLarge(f"Beside a regular expression or split() a text may have up to {TEXT} characters.", cure=CURE)
    sums = [token for token in tokens if token.kind == "sign" and token.text in ("+", "||")]
    if len(sums) > SUMS:
        raise Invalid(f"Beside a regular expression or split() a statement may add up {SUMS} time.", cure=CURE, position=sums[SUMS].start)


def _read_pattern(tokens: Sequence[Token], index: int, parameters: Mapping[str, Any]) -> str:
    token = tokens[index] if index < len(tokens) else None
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if token is not None and not (following is not None and following.kind == "sign" and following.text in ("+", "||", "[", ".")):
        if token.kind == "string":
            return token.text[1:-1].replace("\\\\", "\\")
        value = parameters.get(token.text[1:].strip("`")) if token.kind == "parameter" else None
        if isinstance(value, str):
            return value
        if token.kind == "parameter" and value is None:
            return ""  # nothing matches what is not there
    raise Invalid("A regular expression must be a text or a parameter that is one.", cure=CURE, position=tokens[index - 1].start)


def _check_pattern(pattern: str, position: int) -> None:
    def refuse(why: str) -> Invalid:
        return Invalid(f"The regular expression {why}.", cure=CURE, position=position)

    if len(pattern) > LONGEST:
        raise refuse(f"is longer than {LONGEST} characters")
    if any(escaped not in _PLAIN_ESCAPES for escaped in _ESCAPED.findall(pattern)):
        raise refuse("has an escape that may not be used here")
    bare = _CLASS.sub("x", _ESCAPED.sub("x", _FLAGS.sub("", pattern)))
    if "(?" in bare:
        raise refuse("looks around itself")
    if re.search(r"\)\s*[*+?{]", bare):
        raise refuse("repeats a group")
    repeats = list(_REPEAT.finditer(bare))
    if len(repeats) > REPEATS or bare.count("(") > GROUPS:
        raise refuse(f"repeats more than {REPEATS} times or has more than {GROUPS} groups")
    if any(int(number) > LONGEST for repeat in repeats for number in repeat.groups() if number):
        raise refuse(f"repeats something more than {LONGEST} times")


def _texts_in(value: Any) -> list[str]:
    found, left = [], [value]
    while left:
        part = left.pop()
        if isinstance(part, str):
            found.append(part)
        elif isinstance(part, Mapping):
            left.extend(part.values())
        elif isinstance(part, list | tuple):
            left.extend(part)
    return found
