"""The numbers that Word puts before paragraphs: 一、 （一） 1. are made from the list a paragraph is in and stand nowhere in its text."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographTraditional",
    "chineseLegalSimplified",
}
_HAS_NUMBER = re.compile(r"^[\s　]*(?:[（(]?[一二三四五六七八九十百]+[）)、.．]|第[一二三四五六七八九十]+[章节条]|[（(]?\d{1,2}[）)、.．](?!\d))")
_LEVELS = 9


class _Level(NamedTuple):
    start: int
    format: str
    text: str


def chinese_number(value: int) -> str:
    """1 to 99 as 一 to 九十九; other values as digits."""
    if not 0 < value < 100:
        return str(value)
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


class Numbers:
    """Counts through the lists of one document. Call ``next_label`` for each paragraph, in order."""

    def __init__(self, document: Any) -> None:
        part = next(
            (relation.target_part for relation in document.part.rels.values() if relation.reltype.endswith("/numbering") and not relation.is_external), None
        )
        self.root: Any = getattr(part, "element", None)
        self.styles = _numbered_styles(document) if self.root is not None else {}
        self.levels: dict[str, tuple[str, dict[int, _Level]]] = {}
        self.counts: dict[str, list[int | None]] = {}

    def next_label(self, paragraph: Any, text: str) -> str:
        """The number before this paragraph, "" where there is none, it is a bullet, or the text has one of its own."""
        if self.root is None or not text.strip():
            return ""
        number, depth = self._place(paragraph)
        if number in {None, "0"}:
            return ""
        assert number is not None
        abstract, levels = self._levels(number)
        level = levels.get(depth)
        if level is None or level.format in {"bullet", "none"}:
            return ""
        counts = self.counts.setdefault(abstract, [None] * _LEVELS)
        current = counts[depth]
        counts[depth] = level.start if current is None else current + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if _HAS_NUMBER.match(text):
            return ""
        return re.sub(r"%([1-9])", lambda found: self._shown(levels, counts, int(found.group(1)) - 1, depth), level.text)

    def _shown(self, levels: dict[int, _Level], counts: list[int | None], wanted: int, depth: int) -> str:
        level = levels.get(wanted)
        count = counts[wanted]
        if level is None or wanted > depth:
            return ""
        value = level.start if count is None else count
        if level.format in _CHINESE:
            return chinese_number(value)
        if level.format in {"lowerLetter", "upperLetter"} and 1 <= value <= 26:
            return chr((ord("a") if level.format == "lowerLetter" else ord("A")) + value - 1)
        return chr(0x245F + value) if level.format.startswith("decimalEnclosed") and 1 <= value <= 20 else str(value)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        """Number of the list and depth in it, from the paragraph itself or from its style."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = self.styles.get(style.get(f"{W}val"), (None, 0)) if style is not None else (None, 0)
        if own is None:
            return inherited
        number, depth = _read_place(own)
        return number or inherited[0], depth

    def _levels(self, number: str) -> tuple[str, dict[int, _Level]]:
        if number not in self.levels:
            num = next((element for element in self.root.findall(f"{W}num") if element.get(f"{W}numId") == number), None)
            reference = num.find(f"{W}abstractNumId") if num is not None else None
            wanted = reference.get(f"{W}val") if reference is not None else None
            abstract = next((element for element in self.root.findall(f"{W}abstractNum") if element.get(f"{W}abstractNumId") == wanted), None)
            levels = {} if abstract is None else {int(level.get(f"{W}ilvl") or 0): _read_level(level) for level in abstract.findall(f"{W}lvl")}
            # a list that starts anew counts by itself
            restarts = num is not None and num.find(f"{W}lvlOverride/{W}startOverride") is not None
            self.levels[number] = (f"{wanted}/{number}" if restarts else str(wanted), levels)
        return self.levels[number]


def _value(parent: Any, name: str, default: str) -> str:
    found = parent.find(f"{W}{name}")
    return default if found is None else found.get(f"{W}val") or default


def _read_level(level: Any) -> _Level:
    start = _value(level, "start", "1")
    return _Level(int(start) if start.isdigit() else 1, _value(level, "numFmt", "decimal"), _value(level, "lvlText", ""))


def _read_place(properties: Any) -> tuple[str | None, int]:
    number, depth = _value(properties, "numId", ""), _value(properties, "ilvl", "0")
    return number or None, min(int(depth), _LEVELS - 1) if depth.isdigit() else 0


def _numbered_styles(document: Any) -> dict[str, tuple[str | None, int]]:
    return {
        style.get(f"{W}styleId"): _read_place(properties)
        for style in document.styles.element.findall(f"{W}style")
        if (properties := style.find(f"{W}pPr/{W}numPr")) is not None
    }
