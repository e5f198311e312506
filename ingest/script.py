"""Traditional characters into simplified ones, one for one, so that every offset stays what it was."""

from __future__ import annotations

import re
from functools import cache

import opencc

# Blocks with characters that OpenCC's table t2s changes: unified ideographs, extension A, compatibility forms, extensions B to F.
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2EBF0))

# 乾 is a character of its own in simplified writing: 乾县 and 乾安县 are counties, and townships carry it. As "dry" (乾淨) it stays as it is,
# which is the smaller harm.
_KEPT = "乾"


@cache
def _table() -> dict[int, str]:
    """What a character becomes. Each one is converted alone: phrases would be more exact (沿著 → 沿着), but a table never changes a length."""
    converter = opencc.OpenCC("t2s")
    table: dict[int, str] = {}
    for first, last in _BLOCKS:
        for character in map(chr, range(first, last)):  # one call each, a tenth of a second in all: neighbours would change the answer
            converted = converter.convert(character)
            if converted != character and len(converted) == 1 and character not in _KEPT:
                table[ord(character)] = converted
    return table


@cache
def _traditional() -> re.Pattern[str]:
    """Any character that the table may change. Looking for one takes a small part of the time that the table takes, and most reports have none."""
    common = "".join(chr(code) for code in _table() if code < 0x10000)
    return re.compile(f"[{common}𠀀-𯿿]")  # one range for the rare ones: each alone would slow the search down


def simplify(text: str) -> str:
    """``text`` in simplified characters, of exactly the same length.

    Character by character: 後 → 后, 裏 → 里, 幹 → 干 wherever they stand. What is simplified as well in other words stays: 著 (显著; so 沿著 is left as it
    is), 瞭 (瞭望; 瞭解), 乾 (乾县; 乾淨).
    Names from elsewhere that are looked up in simplified text (於潜镇, 濛阳镇) have to pass through here as well.
    """
    return text.translate(_table()) if _traditional().search(text) else text
