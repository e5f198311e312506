"""What a user may mean who has typed the beginning: names of programs, indicators and places, by their characters, pinyin or initials.

index = SuggestIndex(iter_vocabulary())        # once
index.suggest("fljj")                          # 法律进机关
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

import vocabulary
from fulltext.characters import keyword

Kind = Literal["program", "indicator", "place"]

_SCAN = 3_000  # entries looked at behind one prefix; they are in order of weight only within a key


class Entry(msgspec.Struct, frozen=True):
    """``id`` is the graph id or catalogue id that the name stands for; heavier entries come first."""

    name: str
    kind: Kind
    id: str
    weight: float = 1.0
    alias_of: str | None = None  # the usual name, where ``name`` is another one


def suggest(prefix: str, entries: Iterable[Entry], limit: int = 10) -> list[Entry]:
    """The same as ``SuggestIndex(entries).suggest(prefix, limit)``; keep the index where you ask more than once."""
    return SuggestIndex(entries).suggest(prefix, limit)


class SuggestIndex:
    """Sorted keys and bisection: under a millisecond for 50,000 names. Not changed after it was made, so safe between threads."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        keys: list[tuple[str, int, int]] = []  # key, how it matches (0 characters, 1 pinyin, 2 initials), number
        self._entries = list(dict.fromkeys(entries))
        self._names = [keyword(entry.name) for entry in self._entries]
        for number, name in enumerate(self._names):
            keys.append((name, 0, number))
            syllables = _read(name)
            keys.append(("".join(syllables), 1, number))
            keys.append(("".join(syllable[:1] for syllable in syllables), 2, number))
        keys = sorted(set(keys))
        self._keys = [key for key, _, _ in keys]
        self._found = [(how, number) for _, how, number in keys]
        self._shortened: dict[int, list[int]] = {}  # numbers of names by the hash of what they are with one character left out, or none
        for number, name in enumerate(self._names):
            for shortened in _shorten(name):
                self._shortened.setdefault(hash(shortened), []).append(number)

    def __len__(self) -> int:
        return len(self._entries)

    def suggest(self, prefix: str, limit: int = 10) -> list[Entry]:
        """Entries whose name, pinyin or initials begin with ``prefix``, best first: characters before pinyin before initials, whole before part, heavier before
        lighter, shorter before longer. Either script, any case; blanks and apostrophes in pinyin don't count."""
        wanted = keyword(prefix).replace("'", "").replace("’", "")
        if not wanted or limit < 1:
            return []
        best: dict[int, tuple[int, bool]] = {}
        first = bisect_left(self._keys, wanted)
        for position in range(first, min(first + _SCAN, len(self._keys))):
            key = self._keys[position]
            if not key.startswith(wanted):
                break
            how, number = self._found[position]
            rank = (how, key != wanted)
            if number not in best or rank < best[number]:
                best[number] = rank

        def order(number: int) -> tuple[Any, ...]:
            how, partial = best[number]
            entry = self._entries[number]
            return partial, how, -entry.weight, len(entry.name), entry.name, entry.id

        shown: list[Entry] = []
        seen: set[tuple[str, str]] = set()
        for number in sorted(best, key=order):
            entry = self._entries[number]
            if (entry.kind, entry.id) not in seen:  # one line a thing, by the name that fits best
                seen.add((entry.kind, entry.id))
                shown.append(entry)
                if len(shown) == limit:
                    break
        return shown

    def near(self, text: str, kind: Kind | None = None, limit: int = 5) -> list[str]:
        """Names that somebody may have meant who typed ``text``: read alike (民情查室 for 民情茶室), else one character off (法治副效长), the heavier first."""
        wanted = keyword(text)
        if len(wanted) < 2:
            return []
        reading = "".join(_read(wanted))
        # 法制副校长 is read like 法治副校长; with one name a character is wrong, missing or too much
        alike: dict[str, tuple[Any, ...]] = {}
        first = bisect_left(self._keys, reading)
        for position in range(first, min(first + _SCAN, len(self._keys))):
            if self._keys[position] != reading:
                break
            how, number = self._found[position]
            entry = self._entries[number]
            if how == 1 and (kind is None or entry.kind == kind):
                alike[entry.name] = (0, -entry.weight, entry.name)
        if len(wanted) > 2:
            # names that are one character apart are the same where each leaves out one at most
            for number in sorted({number for shortened in _shorten(wanted) for number in self._shortened.get(hash(shortened), ())}):
                entry, name = self._entries[number], self._names[number]
                if (kind is None or entry.kind == kind) and name != wanted and _is_one_off(name, wanted):
                    alike.setdefault(entry.name, (1, -entry.weight, entry.name))
        alike.pop(text, None)
        return sorted(alike, key=lambda name: alike[name])[:limit]


def _shorten(name: str) -> set[str]:
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _is_one_off(one: str, other: str) -> bool:
    """Whether one character was exchanged, left out or put in."""
    if len(one) < len(other):
        one, other = other, one
    same = 0
    while same < len(other) and one[same] == other[same]:
        same += 1
    return one[same + 1 :] == other[same + (len(one) == len(other)) :]


def iter_vocabulary() -> Iterator[Entry]:
    """Programs and indicators with their other names. Places come from whoever knows which ones have reports."""
    for program in vocabulary.load("programs"):
        yield Entry(program["name"], "program", f"program:{program['name']}", 2.0)
        for variant in program.get("variants", ()):
            yield Entry(variant, "program", f"program:{program['name']}", 1.0, program["name"])
    for indicator in vocabulary.load("indicators"):
        yield Entry(indicator["name"], "indicator", indicator["id"], 2.0)
        for synonym in indicator.get("synonyms", ()):
            yield Entry(synonym, "indicator", indicator["id"], 1.0, indicator["name"])


def _read(name: str) -> tuple[str, ...]:
    """Pinyin of a name, syllable by syllable, as its characters are read in this context (重庆: chong qing). Letters and digits stay."""
    from pypinyin import lazy_pinyin  # its tables take a tenth of a second

    return tuple(syllable.lower() for syllable in lazy_pinyin(name))
