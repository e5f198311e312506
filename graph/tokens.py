"""Cypher cut into tokens: strings, comments, backticks and numbers are told apart, so that a word in a string is not taken for a command."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from fazhi.errors import Invalid

Kind = Literal["word", "quoted", "string", "number", "parameter", "sign"]


class Token(msgspec.Struct, frozen=True):
    """``text`` as written; ``start`` its position in the statement. A word's ``upper`` is what keywords are compared by."""

    kind: Kind
    text: str
    start: int

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "word" else self.text


_PARTS = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<comment>//[^\r\n]*|/\*.*?\*/)
  | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<parameter>\$(?:\w+|`(?:[^`]|``)*`))
  | (?P<number>0[xX][0-9a-fA-F]+|0[oO][0-7]+|\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<sign>\.\.|<=|>=|<>|=~|->|<-|\+=|\|\||::|[-+*/%^=<>()\[\]{},.:;|&!])
    """,
    re.VERBOSE | re.DOTALL,
)

_LINE_ENDS = re.compile(r"[\x00\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029](?!\n)")


def cut(statement: str) -> list[Token]:
    """Tokens without blanks and comments. Raises Invalid, with the position, for what is no token: an open string or comment, a stray backslash."""
    tokens: list[Token] = []
    position = 0
    while position < len(statement):
        match = _PARTS.match(statement, position)
        if match is None:
            raise Invalid(_describe(statement[position:]), position=position)
        kind = match.lastgroup
        if kind == "comment" and (odd := _LINE_ENDS.search(match.group())):
            raise Invalid("A comment holds a sign that some read as the end of the line.", position=position + odd.start())
        if kind not in ("blank", "comment"):
            tokens.append(Token(kind, match.group(), position))  # type: ignore[arg-type]
        position = match.end()
    return tokens


def _describe(rest: str) -> str:
    if rest[0] in "'\"`":
        return "A quotation mark is not closed."
    if rest.startswith("/*"):
        return "A comment is not closed."
    return f"The sign {rest[0]!r} has no meaning here."
