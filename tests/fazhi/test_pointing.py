"""The caret under what is wrong."""

from __future__ import annotations

import pytest

from fazhi.errors import Invalid
from fazhi.pointing import point, pointing_into, width_of


@pytest.mark.parametrize(
    ("text", "position", "shown"),
    [
        ('law "x', 4, '  law "x\n      ^'),
        ('法治 "顾问', 3, '  法治 "顾问\n       ^'),
        ("（法治 或", 4, "  （法治 或\n         ^"),
        ("法治", 2, "  法治\n      ^"),
        ("法治", 9, "  法治\n      ^"),
        ("", 0, "  \n  ^"),
        ("RETURN 1\nRETURN 法)", 17, "  RETURN 法)\n           ^"),
        ("a\tb\x1b[31m(", 7, "  a b [31m(\n         ^"),
        ("e\u0301(", 2, "  e\u0301(\n   ^"),
    ],
)
def test_the_caret_stands_under_the_character(text: str, position: int, shown: str) -> None:
    assert point(text, position) == shown


def test_a_long_line_is_cut_on_both_sides() -> None:
    line, caret = point("法" * 100 + "(" + "治" * 100, 100).split("\n")
    assert line.startswith("  …法") and line.endswith("治…")
    assert line[: line.index("(")] and width_of(line[: line.index("(")]) == caret.index("^")
    assert width_of(line) < 130


def test_an_error_without_a_position_has_no_text() -> None:
    with pytest.raises(Invalid) as caught, pointing_into("法治"):
        raise Invalid("No.")
    assert caught.value.text == ""
