"""Where in a text something is wrong, for a terminal: the line, and a caret under the character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from fazhi.errors import FazhiError

_COLUMNS = 60  # on either side of the caret; the rest of a long line is left out


@contextmanager
def pointing_into(text: str) -> Iterator[None]:
    """Errors that tell a position are those of this text."""
    try:
        yield
    except FazhiError as error:
        if error.position is not None:
            error.text = text
        raise


def point(text: str, position: int) -> str:
    """Two lines: that of the text which holds the position, and a caret. Chinese characters take two columns of a terminal, so columns are counted."""
    position = min(max(position, 0), len(text))
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    before, after = _show(text[start:position]), _show(text[position : None if end < 0 else end])
    left, right = before[_fitting(before[::-1]) * -1 :] if before else "", after[: _fitting(after)]
    left = left if left == before else f"…{left}"
    right = right if right == after else f"{right}…"
    return f"  {left}{right}\n  {' ' * width_of(left)}^"


def width_of(text: str) -> int:
    """Columns that a terminal gives to a text."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Me", "Mn", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _show(text: str) -> str:
    """Without what would move the cursor of a terminal."""
    return "".join(character if character.isprintable() or character == "\u3000" else " " for character in text)


def _fitting(text: str) -> int:
    """How many characters from the beginning have room."""
    columns = 0
    for number, character in enumerate(text):
        columns += _columns(character)
        if columns > _COLUMNS:
            return number
    return len(text)
