"""Traditional characters into simplified ones, one for one, so that every offset stays what it was."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import opencc

from ingest.patterns import lazy

# Blocks with characters that OpenCC's table t2s changes: unified ideographs, extension A, compatibility forms. Extensions B to F have twice as many, which few
# texts hold: those are converted where they are met.
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
_RARE = lazy("[\U00020000-\U0002ebef]")

# 乾 is a character of its own in simplified writing: 乾县 and 乾安县 are counties, and townships carry it. As "dry" (乾淨) it stays as it is,
# which is the smaller harm.
_KEPT = "乾"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _table() -> dict[int, str]:
    """What a character becomes. Each one is converted alone: phrases would be more exact (沿著 → 沿着), but a table never changes a length."""
    characters = "".join(chr(code) for first, last in _BLOCKS for code in range(first, last))
    converted = _converter().convert("\n".join(characters)).split("\n")  # a line each: neighbours would change the answer
    return {ord(old): new for old, new in zip(characters, converted, strict=True) if new != old and len(new) == 1 and old not in _KEPT}


@cache
def _traditional() -> re.Pattern[str]:
    """Any character that may change. Looking for one takes a small part of the time that the table takes, and most reports have none."""
    return re.compile(f"[{''.join(map(chr, _table()))}\U00020000-\U0002ebef]")


@lru_cache(maxsize=4096)
def _simplify_rare(character: str) -> str:
    converted = str(_converter().convert(character))
    return converted if len(converted) == 1 else character


def simplify(text: str) -> str:
    """``text`` in simplified characters, of exactly the same length.

    Character by character: 後 → 后, 裏 → 里, 幹 → 干 wherever they stand. What is simplified as well in other words stays: 著 (显著; so 沿著 is left as it
    is), 瞭 (瞭望; 瞭解), 乾 (乾县; 乾淨).
    Names from elsewhere that are looked up in simplified text (於潜镇, 濛阳镇) have to pass through here as well.
    """
    if _traditional().search(text) is None:
        return text
    return _RARE.sub(lambda found: _simplify_rare(found.group()), text.translate(_table()))
