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

What a sentence denies is left out of the result where that is sure: a place that is excepted (除了双峰县，哪些…) and one word that is not told of
(哪些乡镇没有提到信访). A sentence that denies anything else is not read so: without its 没有 it would be its opposite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise, product
from math import ceil
from typing import Any, Literal, TypeAlias

import msgspec
import yaml

from fazhi.errors import Invalid
from fulltext.characters import keyword, normal
from fulltext.query import And, Keyword, Loose, Not, Or, Phrase, Query, Years, parse, term
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
    if whole and (found := read_sentence(question)) is not None:
        return found
    query = parse(question)
    if query is None:  # not every report: somebody did type something
        raise Invalid("There is nothing to look for in the query.", cure="Write words or “exact characters”. To see every report leave it empty.", position=0)
    return query, None


def read_sentence(question: str) -> tuple[Query, Understood] | None:
    """None where it is no sentence, or nothing in it can be looked for."""
    if not may_be_sentence(question):
        return None
    text = simplify(question)
    pieces = _leave_out(_Scan(text).pieces(), text)
    if any(piece.role == "denies" for piece in pieces) or _joins_a_place_with_its_part(pieces, text):
        return None
    words = [piece for piece in pieces if piece.role == "word"]
    if not _is_sentence(question, pieces):
        return None
    conditions = [piece for piece in pieces if piece.role in _CONDITIONS]
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
        conditions=_show(question, [piece for piece in conditions if piece.role != "not word"]),
        names=_show(question, [*_once(names), *(piece for piece in conditions if piece.role == "not word")]),
        words=_show(question, kept),
        least=least,
        doing=_show(question, doing),
        dropped=dropped,
    )


def _show(question: str, pieces: Iterable[_Piece]) -> tuple[Part, ...]:
    return tuple(
        Part(_kind(piece.role), question[piece.start : piece.end], piece.start, piece.end, f"{_NOT if piece.role in _DENIED else ''}{piece.value}")
        for piece in pieces
    )


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
    values = {role: [piece.value for piece in conditions if piece.role == role] for role in _CONDITIONS}
    chains = [[_place(name) for name in chain] for chain in _join_places(values["place"])]
    clauses += chains[0] if len(chains) == 1 else _either(_all(chain) for chain in chains)
    for spans in _join_years(values["years"]):
        clauses += _either(Years(first, last) for first, last in spans)
    clauses += _either(Keyword("level", level) for level in values["level"])
    clauses += [Not(_place(value)) for value in values["not place"]]
    clauses += [Not(term(value)) for value in values["not word"]]
    return _all(clauses)


def _place(names: str) -> Query:
    return _either(Keyword("place", keyword(name)) for name in names.split("|"))[0]


def _either(clauses: Iterable[Query]) -> tuple[Query, ...]:
    """One of these, as the one clause that says so; nothing where there are none."""
    some = tuple(dict.fromkeys(clauses))
    return some if len(some) < 2 else (Or(some),)


def _all(clauses: Iterable[Query]) -> Query:
    every = tuple(dict.fromkeys(clauses))
    return every[0] if len(every) == 1 else And(every)


def _join_places(values: Iterable[str]) -> list[list[str]]:
    """Any of these chains: 福建省安溪县和德化县 is 福建省 > 安溪县 or 福建省 > 德化县."""
    chains: list[list[str]] = []
    for value in values:
        if chains and _fitting([*chains[-1], value]):
            chains[-1].append(value)
        else:
            chains.append([*(above for above in (chains[-1][:-1] if chains else ()) if _fitting([above, value])), value])
    return chains


def _fitting(values: Iterable[str]) -> list[str]:
    """Places that all these names can mean together: one of the names is theirs, and each is theirs or of a place above them."""
    named = [{id for name in value.split("|") for id in gazetteer().named(simplify(name))} for value in values]
    return [id for id in set().union(*named) if all(any(above.id in ids for above in gazetteer().chain(id)) for ids in named)]


_Span: TypeAlias = tuple[int | None, int | None]


def _join_years(values: Iterable[str]) -> list[list[_Span]]:
    """One span of each list: 2021年和2023年 is either, 2020年以来2022年以前 both; either where no year is in both."""
    spans: list[_Span] = [(int(first) if first else None, int(last) if last else None) for first, _, last in (value.partition("-") for value in values)]
    closed = [span for span in spans if None not in span]
    joined = [group for group in (closed, *([span] for span in spans if None in span)) if group]
    if not spans or any(max(first or 0 for first, _ in some) <= min(last or 9999 for _, last in some) for some in product(*joined)):
        return joined
    return [spans]


def _once(pieces: Iterable[_Piece]) -> list[_Piece]:
    return list({piece.value: piece for piece in reversed(list(pieces))}.values())[::-1]


def _kind(role: str) -> Kind:
    role = role.removeprefix("not ")
    return role if role in ("place", "years", "level", "name") else "word"  # type: ignore[return-value]


def _is_sentence(question: str, pieces: list[_Piece]) -> bool:
    asking = [piece.value for piece in pieces if piece.role == "asks"]
    if any(asking.count(one) == 1 for one in asking) or any(piece.role == "request" for piece in pieces) or question.rstrip().endswith(("?", "？")):
        return True
    held = any(piece.role == "grammar" and piece.value in _catalogue().grammar for piece in pieces)
    meaning = sum(piece.role in ("name", "word", "doing", *_CONDITIONS) for piece in pieces)
    return held and meaning >= STATEMENT and not _BLANKS.search(question.strip())


def bounds(understood: Understood | None) -> Bounds:
    """What the conditions leave. A place is told only where all the names of places together mean one."""
    parts = [part for part in (understood.conditions if understood else ()) if not part.value.startswith(_NOT)]
    told = {kind: [part.value for part in parts if part.kind == kind] for kind in ("place", "years", "level")}
    place = first = last = None
    for spans in _join_years(told["years"]):
        firsts, lasts = [since for since, _ in spans if since], [until for _, until in spans if until]
        if len(firsts) == len(spans):
            first = max(first or 0, min(firsts))
        if len(lasts) == len(spans):
            last = min(last or max(lasts), max(lasts))
    chains = _join_places(told["place"])
    fitting = _fitting(chains[0]) if len(chains) == 1 else []
    lowest = [id for id in fitting if not any(other != id and id in (above.id for above in gazetteer().chain(other)) for other in fitting)]
    if len(lowest) == 1:
        (place,) = lowest
    levels = set(told["level"])
    level = levels.pop() if len(levels) == 1 else None
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
    r"""["“”„‟＂「」『』()（）\[\]［］{}｛｝*＊~～^＾:：\\<>＜＞=＝|｜&＆]|[?？](?!\s*$)|(?:^|\s)(?:AND|OR|NOT|与|或|非)(?=\s|$)|(?:^|\s)[-－+＋!！](?=\S)"""
)
_BLANKS = re.compile(r"\s")
_ASPECT = re.compile("[^除为得][着了]")  # 开着, 办了
_INSIDE = re.compile("[村镇乡县市区校][里中上]")
_TITLE = re.compile("《([^《》]{2,60})》")
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_YEAR = r"(?:(?:19|20)\d\d|[一二][零〇○九][零〇○一二三四五六七八九]{2})"
_YEARS = re.compile(rf"({_YEAR})(?:\s*年?\s*(?:-|－|—|–|至|到)+\s*({_YEAR}))?\s*年(?:度|份)?(以来|以后|之后|起|后|以前|之前|前)?")
_SINCE = ("以来", "以后", "之后", "起", "后")
_CONDITIONS = ("place", "years", "level", "not place", "not word")
_DENIED = ("not place", "not word")
_NOT = "NOT "  # before the value of a part that no hit has
_JOINED = re.compile(r"\s*(?:和|与|及|以及|或|或者|还有|、|，|,)\s*")
_DENIES = re.compile("[没未]..?")  # 没聘, 未设: jieba's words for what is not done
# one letter for each piece: x 除了, o 外, p place, n 没有, m 提到, w what it is about, d 的, l level, a asks
_EXCEPTED = re.compile("(x?)(p(?:j?p)*)(o?)")
_NOT_TOLD = re.compile("nmg?(w)(?=a*$|dl$)")
_STEM_FOLLOWED = re.compile("有|哪|的|各|所有|什么|怎|如何|是否|多少|[省市县区]?(?:乡镇|街道|县|区|镇)|$")


class _Piece(msgspec.Struct, frozen=True):
    role: Literal["place", "years", "level", "name", "word", "doing", "short", "asks", "request", "grammar", "filling", "denies", "not place", "not word"]
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
        if (
            word in known.denies
            or word in known.excepts
            or (_DENIES.fullmatch(word) and word not in known.affirms)
            or (word[0] == "不" and word not in known.affirms)
        ):
            yield _Piece("denies", start, end, word)
        elif word in known.grammar or word in known.joins:
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


def _leave_out(pieces: list[_Piece], text: str) -> list[_Piece]:
    """With places that are excepted, and a word that is not told of, as one piece each; what else denies stays what it is."""
    letters = "".join(_letter(piece) for piece in pieces)
    found: dict[int, tuple[int, tuple[_Piece, ...]]] = {}  # index of the first piece → index after the last, what they are together
    for match in _EXCEPTED.finditer(letters):
        before, after = match.group(1), match.group(3)
        run = pieces[match.start() : match.end()]
        places = [piece for piece in run if piece.role == "place"]
        beside = [(one, other) for one, other in ((run[0], places[0]), (places[-1], run[-1])) if one is not other]
        listed = all(_JOINED.fullmatch(text, one.end, other.start) for one, other in pairwise(places))
        # 除了双峰县的法律顾问 excepts something else
        ends = after or (before and run[0].value != "除" and (letters[match.end() :][:1] in ("a", "l") or text[run[-1].end :][:1] in tuple("，, 　")))
        if (before or after) and ends and listed and all(one.end == other.start for one, other in beside):
            start, end = run[0].start, run[-1].end
            if before or len(places) == 1:
                found[match.start()] = (match.end(), (_Piece("not place", start, end, "|".join(piece.value for piece in places)),))
    for match in _NOT_TOLD.finditer(letters):
        run = pieces[match.start() : match.end()]
        if all(one.end == other.start for one, other in pairwise(run)):
            found[match.start()] = (match.end(), (_Piece("not word", run[0].start, run[-1].end, run[-1].value),))
    left: list[_Piece] = []
    index = 0
    while index < len(pieces):
        index, together = found.get(index, (index + 1, (pieces[index],)))
        left += together
    return left


def _letter(piece: _Piece) -> str:
    known = _catalogue()
    if piece.role == "denies":
        return "x" if piece.value in known.excepts else "o" if piece.value in known.outside else "n" if piece.value in known.tells_not else "."
    if piece.value in known.mentions:
        return "m"
    if piece.role == "grammar":
        return {"的": "d", "过": "g"}.get(piece.value, "j" if _JOINED.fullmatch(piece.value) else ".")
    return {"place": "p", "word": "w", "name": "w", "asks": "a", "level": "l"}.get(piece.role, ".")


def _joins_a_place_with_its_part(pieces: Iterable[_Piece], text: str) -> bool:
    """泉州市和安溪县: whether all of the one is meant, or only the other, can't be told."""
    places = [piece for piece in pieces if piece.role == "place"]
    return any(_JOINED.fullmatch(text, one.end, other.start) and _fitting([one.value, other.value]) for one, other in pairwise(places))


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
    excepts: frozenset[str]
    outside: frozenset[str]
    tells_not: frozenset[str]
    mentions: frozenset[str]
    denies: frozenset[str]
    affirms: frozenset[str]


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
        excepts=frozenset(told["excepts"]),
        outside=frozenset(told["outside"]),
        tells_not=frozenset(told["tells_not"]),
        mentions=frozenset(told["mentions"]),
        denies=frozenset((*told["outside"], *told["tells_not"], *told["denies"])),
        affirms=frozenset(told["affirms"]),
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
