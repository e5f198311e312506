"""A question in a whole sentence: 2022年安溪县有哪些乡镇建立了人民调解室? asks for 人民调解室 and 建立 in reports of townships in 安溪县 for 2022.

Every word of a query has to stand in a report, which is what somebody wants who types words. A sentence has words that nobody means: what
asks, what holds it together, what asks politely. ``read`` tells the two apart by rules of the language, with the words of
``question_words.yaml``, and by nothing else: no report is looked at, so the same question is always read the same way. What it made of the
question is told (``Understood``), with the characters that each part was read from, so that it can be shown and taken back part by part.

A sentence is read so only where no sign of the syntax is in it, and where

- it asks: with a question word that does not stand twice (谁执法谁普法 asks nothing), a request at its beginning, a particle or a question
  mark at its end; or
- it is a statement: one run of characters, with a word that only sentences have (着, 了, 到, 用) and ``STATEMENT`` or more that mean
  something (开着调解车化解纠纷).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from math import ceil
from typing import Any, Literal

import msgspec
import yaml

from fulltext.characters import keyword, normal
from fulltext.query import And, Keyword, Loose, Or, Phrase, Query, Years, parse, term
from fulltext.store import Filters
from fulltext.synonyms import find_names
from fulltext.understood import Bounds, Kind, Part, Understood
from ingest.gazetteer import Place, gazetteer
from ingest.script import simplify
from ingest.segment import cut
from ingest.segment import words as cut_words

STATEMENT = 3  # words that a sentence without a question has to have
MOST_WORDS = 24  # of one question; what comes after is left out
LONGEST = 200  # characters: more is a text that was pasted
_SHORTEST_STATEMENT = 5  # characters
_SHARE = 0.5  # of the words that a report must have at least


def read(question: str | None, *, whole: bool = True) -> tuple[Query | None, Understood | None]:
    """The tree of what a user typed, and what was understood where it was read as a whole sentence; ``whole`` False never does. Raises fazhi.errors.Invalid."""
    if question is None or not question.strip():
        return None, None
    found = read_sentence(question) if whole else None
    return found if found is not None else (parse(question), None)


def read_sentence(question: str) -> tuple[Query, Understood] | None:
    """None where it is no sentence, or nothing in it can be looked for."""
    if not may_be_sentence(question):
        return None
    pieces = _Scan(simplify(question)).pieces()
    words = [piece for piece in pieces if piece.role == "word"]
    if not _is_sentence(question, pieces):
        return None
    conditions = [piece for piece in pieces if piece.role in ("place", "years", "level")]
    names = [piece for piece in pieces if piece.role == "name"]
    doing = [piece for piece in pieces if piece.role == "doing"]
    if not words and not names:
        words, doing = doing or [piece for piece in pieces if piece.role == "filling"], []
    dropped = tuple(
        dict.fromkeys(question[piece.start : piece.end] for piece in pieces if piece.role in ("asks", "grammar", "filling", "short") and piece not in words)
    )
    kept = _once(words)[:MOST_WORDS]
    if not (kept or names or conditions):
        return None
    doing = _once(doing)[:MOST_WORDS]
    least = _least(len(kept), len(names))
    tree = _build(pieces, conditions, _once(names), kept, least, doing)
    return tree, Understood(
        conditions=_show(question, conditions),
        names=_show(question, _once(names)),
        words=_show(question, kept),
        least=least,
        doing=_show(question, doing),
        dropped=dropped,
    )


def _show(question: str, pieces: Iterable[_Piece]) -> tuple[Part, ...]:
    return tuple(Part(_kind(piece.role), question[piece.start : piece.end], piece.start, piece.end, piece.value) for piece in pieces)


def may_be_sentence(question: str) -> bool:
    """What can be told at a glance, before places and names are looked up: False for nearly everything that is typed as words."""
    text = question.strip()
    if not text or len(text) > LONGEST or _SYNTAX.search(text):
        return False
    known = _catalogue()
    simple = simplify(text)
    if text.endswith(("?", "？")) or known.asks.search(simple) or known.requests.match(simple) or simple[-1] in known.particles:
        return True
    return len(text) >= _SHORTEST_STATEMENT and not _BLANKS.search(text) and any(word in known.grammar or _ASPECT.fullmatch(word) for word in cut(simple))


def _least(words: int, names: int) -> int:
    """How many of the words a report has to have: with a name of the vocabulary in it, it is about that already."""
    return max(ceil(words * _SHARE) - names, 0)


def _build(pieces: list[_Piece], conditions: list[_Piece], names: list[_Piece], words: list[_Piece], least: int, doing: list[_Piece]) -> Query:
    clauses: list[Query] = []
    if words or names:
        said = [piece for piece in pieces if piece.role in ("word", "name", "doing", "short", "filling")]
        rows = dict.fromkeys(normal(first.value + second.value) for first, second in pairwise(said) if first.end == second.start)
        more = (*(term(piece.value) for piece in doing), *map(Phrase, rows))
        clauses.append(Loose(tuple(term(piece.value) for piece in names), tuple(term(piece.value) for piece in words), least, more))
    for piece in conditions:
        match piece.role:
            case "place":
                named: tuple[Query, ...] = tuple(Keyword("place", keyword(name)) for name in piece.value.split("|"))
                clauses.append(named[0] if len(named) == 1 else Or(named))
            case "years":
                first, last = piece.value.split("-")
                clauses.append(Years(int(first) if first else None, int(last) if last else None))
            case "level":
                clauses.append(Keyword("level", piece.value))
    return clauses[0] if len(clauses) == 1 else And(tuple(dict.fromkeys(clauses)))


def _once(pieces: Iterable[_Piece]) -> list[_Piece]:
    return list({piece.value: piece for piece in reversed(list(pieces))}.values())[::-1]


def _kind(role: str) -> Kind:
    return role if role in ("place", "years", "level", "name") else "word"  # type: ignore[return-value]


def _is_sentence(question: str, pieces: list[_Piece]) -> bool:
    asking = [piece.value for piece in pieces if piece.role == "asks"]
    if any(asking.count(one) == 1 for one in asking) or any(piece.role == "request" for piece in pieces) or question.rstrip().endswith(("?", "？")):
        return True
    held = any(piece.role == "grammar" and piece.value in _catalogue().grammar for piece in pieces)
    meaning = sum(piece.role in ("name", "word", "doing", "place", "years", "level") for piece in pieces)
    return held and meaning >= STATEMENT and not _BLANKS.search(question.strip())


def bounds(understood: Understood | None) -> Bounds:
    """What the conditions leave. A place is told only where all the names of places together mean one."""
    level = place = first = last = None
    named: list[set[str]] = []
    for part in understood.conditions if understood else ():
        if part.kind == "level":
            level = part.value
        elif part.kind == "years":
            since, until = (int(year) if year else None for year in part.value.split("-"))
            first = max(filter(None, (first, since)), default=None)
            last = min(filter(None, (last, until)), default=None)
        else:
            named.append({id for name in part.value.split("|") for id in gazetteer().named(simplify(name))})
    fitting = [id for id in set().union(*named) if all(any(above.id in ids for above in gazetteer().chain(id)) for ids in named)]
    lowest = [id for id in fitting if not any(other != id and id in (above.id for above in gazetteer().chain(other)) for other in fitting)]
    if len(lowest) == 1:
        (place,) = lowest
    return Bounds(place=place, level=level, from_year=first, to_year=last)


def reach(understood: Understood | None, filters: Filters) -> Bounds:
    """What the conditions of a question and the filters beside it leave together."""
    said = bounds(understood)
    return Bounds(
        place=filters.place or said.place,
        level=filters.level or said.level,
        from_year=max(filter(None, (filters.from_year, said.from_year)), default=None),
        to_year=min(filter(None, (filters.to_year, said.to_year)), default=None),
    )


# -- taking a sentence apart ---------------------------------------------------------------------------------------------------------------------------------

# signs of the syntax, as either keyboard writes them; a question mark at the end is none
_SYNTAX = re.compile(
    r"""["“”„‟＂「」『』()（）\[\]［］{}｛｝*＊~～^＾:：\\<>＜＞=＝|｜&＆]|[?？](?!\s*$)|(?:^|\s)(?:AND|OR|NOT|与|或|非)(?=\s|$)|(?:^|\s)[-－+＋](?=\S)"""
)
_BLANKS = re.compile(r"\s")
_ASPECT = re.compile("[^除为得][着了]")  # 开着, 办了
_INSIDE = re.compile("[村镇乡县市区校][里中上]")
_TITLE = re.compile("《([^《》]{2,60})》")
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_YEAR = r"(?:(?:19|20)\d\d|[一二][零〇○九][零〇○一二三四五六七八九]{2})"
_YEARS = re.compile(rf"({_YEAR})(?:\s*年?\s*(?:-|－|—|–|至|到)+\s*({_YEAR}))?\s*年(?:度|份)?(以来|以后|之后|起|后|以前|之前|前)?")
_SINCE = ("以来", "以后", "之后", "起", "后")
_STEM_FOLLOWED = re.compile("有|哪|的|各|所有|什么|怎|如何|是否|多少|[省市县区]?(?:乡镇|街道|县|区|镇)|$")


class _Piece(msgspec.Struct, frozen=True):
    role: Literal["place", "years", "level", "name", "word", "doing", "short", "asks", "request", "grammar", "filling"]
    start: int
    end: int
    value: str


class _Scan:
    """One look over a sentence from left to right; ``text`` is as long as what was typed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.known = _catalogue()

    def pieces(self) -> list[_Piece]:
        fixed = list(self._fixed())
        found: list[_Piece] = []
        position = 0
        for piece in [*fixed, _Piece("short", len(self.text), len(self.text), "")]:
            found += self._cut(position, piece.start)
            if piece.value:
                found.append(piece)
            position = piece.end
        return list(_join(self._end(found)))

    def _fixed(self) -> Iterator[_Piece]:
        """What is found in the characters themselves, before they are cut into words: titles, names of the vocabulary, places, years, what asks."""
        text, known = self.text, self.known
        named = {start: _Piece("name", start, end, text[start:end]) for start, end in find_names(text)}
        placed = {piece.start: piece for piece in self._places()}
        began = False  # whether anything but requests, years and places came
        position = 0
        while position < len(text):
            piece: _Piece | None = None
            if title := _TITLE.match(text, position):
                piece = _Piece("name", position, title.end(), title.group(1))
            elif years := _YEARS.match(text, position):
                piece = _Piece("years", position, years.end(), _span(years))
            elif position in placed and not (position in named and named[position].end > placed[position].end):
                piece = placed[position]
            elif position in named:
                piece = named[position]
            elif not began and (request := known.requests.match(text, position)) and self._is_whole(*request.span()):
                piece = _Piece("request", position, request.end(), request.group())
            elif not began and (stem := self._stem(position)):
                piece = stem
            elif (asks := known.asks.match(text, position)) and self._is_whole(*asks.span()):
                piece = _Piece("asks", position, asks.end(), asks.group())
            if piece is None:
                began = began or not text[position].isspace()
                position += 1
                continue
            yield piece
            position = piece.end
            began = began or piece.role not in ("request", "years", "place")
            if piece.role == "asks" and (counted := known.measures.match(text, position)) and self._is_whole(*counted.span()):
                yield _Piece("grammar", counted.start(), counted.end(), counted.group())
                position = counted.end()
            if piece.role == "asks" and (level := known.levels.match(text, position)) and self._is_whole(*level.span()):
                yield _Piece("level", level.start(), level.end(), known.level_of[level.group()])
                position = level.end()

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether a word ends there: 区 in 哪些区, not in 哪些区域; 人 in 多少人, not in 哪些人民调解室. What counts a village (个村) is no word to jieba."""
        if self.text[start:end] == "个":
            return True
        return any(start + last == end for _, _, last in cut_words(self.text[start : end + 6]))

    def _places(self) -> Iterator[_Piece]:
        for name, start, end in gazetteer().find_names(self.text):
            yield _Piece("place", start, end, _names_of(name))

    def _stem(self, position: int) -> _Piece | None:
        """泉州 for 泉州市, where the sentence begins with it and goes on about it: 泉州有哪些, 安溪的乡镇."""
        for size in (4, 3, 2):
            stem = self.text[position : position + size]
            if len(stem) == size and (names := _stems().get(stem)) and stem not in self.known.no_places:
                after = self.text[position + size :]
                if _STEM_FOLLOWED.match(after) or any(after.startswith(one) for one in ("市", "省")):
                    return _Piece("place", position, position + size, names)
        return None

    def _cut(self, start: int, end: int) -> Iterator[_Piece]:
        """The words of what is left between."""
        known = self.known
        done = start
        tokens = [(word, start + first, start + last) for word, first, last in cut_words(self.text[start:end])]
        for word, first, last in tokens:
            if first < done or not any(character.isalnum() for character in word):
                continue
            if all_of := known.all_of.match(self.text, first):
                level = known.levels.match(self.text, all_of.end())
                if level and level.end() <= end and self._is_whole(*level.span()):
                    yield _Piece("level", first, level.end(), known.level_of[level.group()])
                    done = level.end()
                    continue
            yield from self._name_role(word, first, last)

    def _name_role(self, word: str, start: int, end: int) -> Iterator[_Piece]:
        known = self.known
        if word in known.grammar or word in known.joins:
            yield _Piece("grammar", start, end, word)
        elif word in known.filling or word in known.doing:
            yield _Piece("filling" if word in known.filling else "doing", start, end, word)
        elif _ASPECT.fullmatch(word) or _INSIDE.fullmatch(word):
            yield _Piece("short", start, start + 1, word[0])
            yield _Piece("grammar", start + 1, end, word[1])
        elif len(word) == 1 and not word.isascii():
            yield _Piece("short", start, end, word)
        else:
            yield _Piece("word", start, end, word)

    def _end(self, found: list[_Piece]) -> list[_Piece]:
        """With what only its place at the end tells: particles, and the level that 聘请了法律顾问的乡镇 asks for."""
        known = self.known
        for index in range(len(found) - 1, -1, -1):
            piece = found[index]
            if piece.value not in known.particles or piece.role in ("place", "years", "level", "name"):
                break
            found[index] = _Piece("asks", piece.start, piece.end, piece.value)
        if len(found) > 2 and found[-1].role in ("short", "word") and found[-2].value == "的" and (level := known.level_of.get(found[-1].value)):
            found[-1] = _Piece("level", found[-1].start, found[-1].end, level)
        return found


def _join(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """With the single characters that follow a word as its end: 人民调解 室 is 人民调解室, 调解 车 is 调解车."""
    last: _Piece | None = None
    for piece in pieces:
        if last is not None and last.role == "word" and piece.role == "short" and last.end == piece.start:
            last = _Piece("word", last.start, piece.end, last.value + piece.value)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


class _Catalogue(msgspec.Struct, frozen=True):
    asks: re.Pattern[str]
    requests: re.Pattern[str]
    measures: re.Pattern[str]
    levels: re.Pattern[str]
    all_of: re.Pattern[str]
    level_of: Mapping[str, str]
    grammar: frozenset[str]
    joins: frozenset[str]
    doing: frozenset[str]
    filling: frozenset[str]
    particles: frozenset[str]
    no_places: frozenset[str]


@cache
def _catalogue() -> _Catalogue:
    told: dict[str, Any] = yaml.safe_load(files("fulltext").joinpath("question_words.yaml").read_text(encoding="utf-8"))
    level_of = {word: level for level, words in told["levels"].items() for word in words}
    return _Catalogue(
        asks=_longest(told["asks"]),
        requests=_longest(told["requests"]),
        measures=_longest(told["measures"]),
        levels=_longest(level_of),
        all_of=_longest(told["all_of"]),
        level_of=level_of,
        grammar=frozenset(told["grammar"]),
        joins=frozenset(told["joins"]),
        doing=frozenset(told["doing"]),
        filling=frozenset(told["filling"]),
        particles=frozenset(told["particles"]),
        no_places=frozenset(told["no_places"]),
    )


def _longest(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))


def _span(found: re.Match[str]) -> str:
    """2020-2022, 2020- for 以来, -2019 for 2020年以前."""
    first = int(found.group(1).translate(_DIGITS))
    last = int(found.group(2).translate(_DIGITS)) if found.group(2) else first
    if found.group(3) in _SINCE:
        return f"{first}-"
    if found.group(3):
        return f"-{first - 1}"
    return f"{min(first, last)}-{max(first, last)}"


def _names_of(name: str) -> str:
    """A name with those that its places have now: reports are found by these."""
    places = gazetteer().places
    return "|".join(dict.fromkeys((name, *(places[id].name for id in gazetteer().named(name)))))


@lru_cache(maxsize=1)
def _stems() -> dict[str, str]:
    """Areas by their name without its kind."""
    found: dict[str, dict[str, None]] = {}
    for id in gazetteer().places:
        if "/" in id:
            break  # areas come first
        place: Place = gazetteer().places[id]
        stem = simplify(place.stem)
        if 2 <= len(stem) <= 4 and stem != place.name:
            found.setdefault(stem, {})[place.name] = None
    return {stem: "|".join(names) for stem, names in found.items()}
