"""A user's query as one small syntax tree, the same for every engine.

``parse`` reads Lucene syntax through luqum: words, "exact characters", AND OR NOT (与 或 非 where they stand alone), && and ||, - and ! for NOT, brackets,
field:value, ranges, ``?`` for any one character and ``*`` for up to five, ``"甲 乙"~10`` for parts with up to ten characters between them. Signs may be full
width, text in either script. A blank between two clauses means AND and binds least: ``甲 乙 OR 丙`` is ``甲 AND (乙 OR 丙)``.

What the leaves mean is exact, so that engines agree to the report:

- ``Term``: bare text. All its words (jieba) are words of the report, or words inside longer ones, or the text itself stands there character for character.
- ``Phrase``: exactly these characters in a row. Blanks, letter case and script don't count; no phrase goes over the end of a paragraph.
- ``Within``: text counts only in sentences of such a section and with a fact of such a modality; every word may stand in another such sentence,
  a phrase stands in one sentence. Of ``Title`` and ``Within`` the innermost counts; one ``Within`` in another narrows it.
  ``section:`` and ``modality:`` beside other clauses say where the text of those has to stand.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any, NamedTuple, TypeAlias, get_args

import luqum.tree as lucene
import msgspec
from luqum.exceptions import ParseError
from luqum.thread import parse as parse_lucene

from fazhi.errors import Invalid
from fulltext.characters import keyword, normal
from ingest.model import Modality, SectionKind
from ingest.segment import query_words

MAX_CHARACTERS = 2_000
MAX_CLAUSES = 200
MAX_DEPTH = 20
STAR_SPAN = 5  # a * stands for this many characters at most
MAX_DISTANCE = 20  # characters between two parts of a "甲 乙"~20
MAX_PARTS = 4
MAX_SHAPES = 300  # phrases that the wildcards and distances of one query can stand for: each is looked up


class Term(msgspec.Struct, frozen=True, tag="term"):
    """Bare text without blanks, and the words it is made of."""

    text: str
    words: tuple[str, ...]


class Phrase(msgspec.Struct, frozen=True, tag="phrase"):
    """Exact characters. ``gaps`` are places in ``text`` where any one character may stand, never the first or last."""

    text: str
    gaps: tuple[int, ...] = ()


class And(msgspec.Struct, frozen=True, tag="and"):
    clauses: tuple[Query, ...]


class Or(msgspec.Struct, frozen=True, tag="or"):
    clauses: tuple[Query, ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    clause: Query


class Title(msgspec.Struct, frozen=True, tag="title"):
    """The text of ``clause`` is looked for in the title only."""

    clause: Query


class Within(msgspec.Struct, frozen=True, tag="within"):
    """Where the text of ``clause`` has to stand; empty means anywhere. Not the title."""

    clause: Query
    sections: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()


class Has(msgspec.Struct, frozen=True, tag="has"):
    """Reports with a sentence in one of these sections and with a fact of one of these modalities; empty means any."""

    sections: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()


class Keyword(msgspec.Struct, frozen=True, tag="keyword"):
    """Reports that carry this value (as ``characters.keyword`` writes it) in ``field``: place, with everything below it, level, program, body or indicator."""

    field: str
    value: str


class Years(msgspec.Struct, frozen=True, tag="years"):
    """Reports whose covered year is in first..last, both included; None leaves that end open."""

    first: int | None = None
    last: int | None = None


class Word(msgspec.Struct, frozen=True, tag="word"):
    """One word as the index has it. Nobody types it: explaining a score and comparing reports take queries apart."""

    text: str


class In(msgspec.Struct, frozen=True, tag="in"):
    """The text of ``clause`` in these cells of the index only, each with its weight. Nobody types it either."""

    clause: Query
    cells: tuple[tuple[str, float], ...]


class Like(msgspec.Struct, frozen=True, tag="like"):
    """Reports with any of these words or sentences (by ``Sentence.key``), scored by the weights of those that they have."""

    words: tuple[tuple[str, float], ...] = ()
    sentences: tuple[tuple[str, float], ...] = ()


class Loose(msgspec.Struct, frozen=True, tag="loose"):
    """What a whole sentence asks: all of ``must`` and at least ``least`` of ``some``; the others, and ``more``, only add to the score.

    Nobody types it: see ``fulltext.question``."""

    must: tuple[Query, ...]
    some: tuple[Query, ...]
    least: int
    more: tuple[Query, ...] = ()


Query: TypeAlias = Term | Phrase | And | Or | Not | Title | Within | Has | Keyword | Years | Word | In | Like | Loose

# what a user may write → what we call it
FIELDS: dict[str, str] = {
    **{name: name for name in ("place", "year", "program", "body", "section", "modality", "indicator", "level", "title")},
    **dict.fromkeys(("地点", "地区"), "place"),
    **dict.fromkeys(("年份", "年度"), "year"),
    **dict.fromkeys(("项目", "品牌"), "program"),
    **dict.fromkeys(("机构", "单位", "部门"), "body"),
    **dict.fromkeys(("指标", "数据"), "indicator"),
    **dict.fromkeys(("部分", "栏目"), "section"),
    "层级": "level",
    "标题": "title",
    "语气": "modality",
}
LEVELS: dict[str, str] = {
    **{level: level for level in ("province", "prefecture", "county", "township", "village")},
    **dict.fromkeys(("省", "省级"), "province"),
    **dict.fromkeys(("市", "市级", "地级"), "prefecture"),
    **dict.fromkeys(("县", "县级", "区县"), "county"),
    **dict.fromkeys(("乡", "镇", "乡镇", "乡级", "街道"), "township"),
    **dict.fromkeys(("村", "村级", "社区"), "village"),
}
SECTIONS: dict[str, str] = {
    **{kind: kind for kind in get_args(SectionKind)},
    "标题": "heading",
    **dict.fromkeys(("成效", "成绩", "工作"), "results"),
    **dict.fromkeys(("问题", "不足"), "problems"),
    **dict.fromkeys(("计划", "打算"), "plan"),
    **dict.fromkeys(("职责", "履职"), "responsibility"),
    "其他": "other",
}
MODALITIES: dict[str, str] = {
    **{modality: modality for modality in get_args(Modality)},
    **dict.fromkeys(("已做", "完成"), "done"),
    **dict.fromkeys(("进行", "正在"), "ongoing"),
    **dict.fromkeys(("计划", "打算"), "planned"),
    **dict.fromkeys(("要求", "号召"), "exhorted"),
}

_NAMES = "place, year, program, body, section, modality, indicator, level, title"
_OPERATORS = {"AND": "AND", "OR": "OR", "NOT": "NOT", "&&": "AND", "||": "OR", "与": "AND", "或": "OR", "非": "NOT"}
# signs of the syntax as keyboards for Chinese write them
_QUOTES = dict.fromkeys(map(ord, "“”„‟＂「」『』"), '"')
_WIDE = str.maketrans("（）：［］｛｝＊～＾＝＜＞　", "():[]{}*~^=<> ")
_SIGNS = {**_WIDE, **_QUOTES, ord("？"): "?", ord("！"): "!"}
_CLOSED_BY = {'"': '"＂', "＂": '"＂', "“": "”", "「": "」", "『": "』"}
_NESTED = {**dict.fromkeys("“「『", 1), **dict.fromkeys("”」』", -1)}
_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum() or chr(code) in "－＋．＆｜％"}
_OPERATOR = re.compile(r"(?:AND|OR|NOT|与|或|非)(?=[\s()\"]|$)|-(?=[^\s)\-])|!(?=[\w(\"*?\[])")
_TIGHT = re.compile(r"&&|\|\|")  # needs no blank beside it: 法律顾问||网格
_TEXT = re.compile(r"(?:[^\W]|[*?·]|(?<=\w)[-.&](?=\w)|(?<=\d)%)+")
_FIELD = re.compile(r"([^\W\d]\w*)\s*:")
_RANGE = re.compile(r"([\[{])\s*([^\s\[\]{}]+)\s*(?:TO|至|到|-|~)\s*([^\s\[\]{}]+)\s*([\]}])")
_DISTANCE = re.compile(r"~(\d*)")
_GRAPH_ID = re.compile(r"(?:cn|program|body|indicator):[^\s()\"]+")  # an id of the graph has a colon of its own
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_YEAR_SPAN = re.compile(rf"{_YEAR.pattern}[-~至到]{_YEAR.pattern}")
_COMPARED = re.compile(r"([<>]=?)\s*(\w+)")
_lock = threading.Lock()  # luqum's grammar tables are shared, and PLY does not promise to be safe between threads


def parse(query: str) -> Query | None:
    """The tree of what a user typed; None where nothing but blanks and punctuation is in it.

    Raises fazhi.errors.Invalid, with the position in ``query`` and the likely cure, for everything that can't be understood.
    """
    if len(query) > MAX_CHARACTERS:
        raise Invalid(
            f"The query has {len(query):,} characters.",
            cure=f"At most {MAX_CHARACTERS:,} are allowed; to find copies of a long text use the comparison of passages.",
            position=MAX_CHARACTERS,
        )
    pieces = list(_iter_pieces(query.translate(_WIDTH)))
    if not pieces:
        return None
    _check(pieces)
    # luqum gets a query that is clean by now; ``origin`` leads from its positions back to the user's
    text = ""
    origin: list[int] = []
    for piece in pieces:
        spaced = piece.text if text.endswith(":") else f" {piece.text}"
        origin += [piece.start] * len(spaced)
        text += spaced
    try:
        with _lock:
            tree = parse_lucene(text)
    except (ParseError, AssertionError, AttributeError, TypeError) as error:
        raise Invalid("The query can't be understood.", cure="Put text with special signs into quotes, and every AND, OR, NOT between two clauses.") from error
    clause = _Conversion(origin).convert(tree, None, 0)
    return _narrowed(clause)


class _Piece(NamedTuple):
    kind: str  # text, phrase, range, compared, field, operator, open, close
    text: str
    start: int


def _iter_pieces(written: str) -> Iterator[_Piece]:
    """What luqum is to see of a query, with positions. Punctuation that means nothing to the syntax parts words and goes."""
    query = written.translate(_SIGNS)
    position = 0
    tight = -1  # where a && or || ended
    while position < len(query):
        sign = query[position]
        before = query[position - 1] if position else " "
        if sign == '"':
            end = _find_close(written, position)
            if end < 0:
                raise Invalid("A quote is opened and not closed.", cure='Close it: "法治副校长".', position=position)
            content = written[position + 1 : end].translate(_WIDE).replace("\\", " ")
            if not content.strip():
                raise Invalid("There is nothing between the quotes.", cure='Write the exact characters there: "法治副校长".', position=position)
            near = _DISTANCE.match(query, end + 1)
            if near:
                _check_near(content, near.group(1), position, end + 1)
            if normal(content):
                yield _Piece("phrase", f'"{content}"{near.group() if near else ""}', position)
            position = near.end() if near else end + 1
        elif sign in "()":
            yield _Piece("open" if sign == "(" else "close", sign, position)
            position += 1
        elif operator := _TIGHT.match(query, position):
            yield _Piece("operator", _OPERATORS[operator.group()], position)
            position = tight = operator.end()
        elif (operator := _OPERATOR.match(query, position)) and (before in '()":' or before.isspace() or position == tight):
            yield _Piece("operator", _OPERATORS.get(operator.group(), "NOT"), position)
            position = operator.end()
        elif field := _FIELD.match(query, position):
            name = FIELDS.get(field.group(1).lower())
            if name is None:
                raise Invalid(
                    f"There is no field {field.group(1)!r}.", cure=f"Fields are {_NAMES}. To look for the text itself, put it into quotes.", position=position
                )
            yield _Piece("field", f"{name}:", position)
            position = field.end()
            while position < len(query) and query[position].isspace():
                position += 1
            if graph_id := _GRAPH_ID.match(query, position):
                yield _Piece("phrase", f'"{graph_id.group()}"', position)
                position = graph_id.end()
            elif compared := _COMPARED.match(query, position):
                yield _Piece("compared", "".join(compared.groups()), position)
                position = compared.end()
        elif sign in "[{":
            span = _RANGE.match(query, position)
            if not span:
                raise Invalid("A range can't be read.", cure="Write it as year:[2021 TO 2023], and text with square brackets in quotes.", position=position)
            yield _Piece("range", f"{span.group(1)}{span.group(2)} TO {span.group(3)}{span.group(4)}", position)
            position = span.end()
        elif sign in "]}":
            raise Invalid("A range is closed that was not opened.", cure="Write it as year:[2021 TO 2023].", position=position)
        elif sign in "~^" and not before.isspace() and position:
            raise Invalid(
                f"{sign} is not offered here.",
                cure='Use * or ? for characters that may differ, "调解 网格"~10 for parts near each other, and leave weights to the ranking.',
                position=position,
            )
        elif text := _TEXT.match(query, position):
            shape = text.group().strip("?")  # a question mark at the end of a question is no wildcard
            if shape:
                yield _Piece("text", shape, position)
            position = text.end()
        else:
            position += 1


def _find_close(written: str, position: int) -> int:
    """Where the quote that is opened at ``position`` ends, -1 where nowhere: quotes of another kind, or of a pair, may stand inside: "坚持“枫桥经验”".

    Where they don't fit into each other any quote ends it, as keyboards mix them.
    """
    closing = _CLOSED_BY.get(written[position], "")
    depth = 0
    for end in range(position + 1, len(written)):
        sign = written[end]
        if not depth and sign in closing:
            return end
        depth += _NESTED.get(sign, 0)
        if depth < 0 or sign in '"＂':
            break
    return min((end for end in (written.find(chr(quote), position + 1) for quote in (*_QUOTES, ord('"'))) if end >= 0), default=-1)


def _check_near(content: str, distance: str, position: int, sign: int) -> None:
    """Refuse, with its place, what is no proximity that is offered."""
    parts = content.split()
    if not distance or not 1 <= int(distance[:6]) <= MAX_DISTANCE:
        raise Invalid(
            f"~{distance} is no distance that is offered.",
            cure=f'Write how many characters may stand between: 1 to {MAX_DISTANCE}, as in "调解 网格"~10.',
            position=sign,
        )
    if not 2 <= len(parts) <= MAX_PARTS:
        raise Invalid(
            f"Proximity is between two to {MAX_PARTS} parts; here {'is 1' if len(parts) == 1 else f'are {len(parts)}'}.",
            cure='Put blanks between the parts: "调解 网格"~10.',
            position=position,
        )
    if short := next((part for part in parts if len(normal(part)) < 2), None):
        raise Invalid(f"The part {short!r} is too short for proximity.", cure="Give each part at least two characters.", position=position)


def _check(pieces: Sequence[_Piece]) -> None:
    """Refuse, with its place, what the grammar would refuse without one, and what would be too much work."""
    opened: list[_Piece] = []
    wants: _Piece | None = None  # an operator, field or bracket that a clause has to follow
    clauses = 0
    for index, piece in enumerate(pieces):
        if piece.kind == "operator" and piece.text != "NOT":
            if index == 0 or wants:
                raise Invalid(
                    f"{piece.text} has nothing before it.",
                    cure="It stands between two clauses: 法律顾问 AND 调解室. To look for the character itself, put it into quotes.",
                    position=piece.start,
                )
            wants = piece
        elif piece.kind == "close":
            if not opened:
                raise Invalid("A bracket is closed that was not opened.", cure="Take it away, or open one before it.", position=piece.start)
            if wants:
                raise Invalid(_missing(wants), cure="Write a clause after it, or take it away.", position=wants.start)
            opened.pop()
        else:
            if piece.kind == "range" and (not wants or wants.text != "year:"):
                raise Invalid(
                    "A range is for years only.", cure="Write it as year:[2021 TO 2023], and text with square brackets in quotes.", position=piece.start
                )
            if piece.kind == "field" and wants and wants.kind == "field":
                raise Invalid("A field stands inside a field.", cure="Write title:法治 AND year:2023.", position=piece.start)
            if piece.kind == "open":
                opened.append(piece)
                if len(opened) > MAX_DEPTH:
                    raise Invalid(f"Brackets are nested more than {MAX_DEPTH} deep.", cure="Write the query flatter.", position=piece.start)
            wants = piece if piece.kind in ("operator", "field", "open") else None
            if wants is None:
                clauses += 1
                if clauses > MAX_CLAUSES:
                    raise Invalid(f"The query has more than {MAX_CLAUSES} clauses.", cure="Split it into several.", position=piece.start)
    if wants:
        raise Invalid(_missing(wants), cure="Write a clause after it, or take it away.", position=wants.start)
    if opened:
        raise Invalid("A bracket is opened and not closed.", cure="Close it.", position=opened[-1].start)


def _missing(wants: _Piece) -> str:
    return {"operator": f"{wants.text} has nothing after it.", "field": f"The field {wants.text} has no value.", "open": "There is nothing in the brackets."}[
        wants.kind
    ]


class _Conversion:
    """luqum's tree into ours. ``field`` is the field a clause stands in."""

    def __init__(self, origin: Sequence[int]) -> None:
        self.origin = origin
        self.shapes = 0

    def convert(self, node: Any, field: str | None, depth: int) -> Query:
        if depth > 2 * MAX_DEPTH + 2:
            raise self.invalid(node, "The query is nested too deeply.", "Write it flatter.")
        if isinstance(node, lucene.AndOperation | lucene.UnknownOperation):
            return And(tuple(self.convert(child, field, depth + 1) for child in node.children))
        if isinstance(node, lucene.OrOperation):
            return Or(tuple(self.convert(child, field, depth + 1) for child in node.children))
        if isinstance(node, lucene.Not | lucene.Prohibit):
            negative = True
            while isinstance(node.a, lucene.Not | lucene.Prohibit):
                node, negative = node.a, not negative
            clause = self.convert(node.a, field, depth + 1)
            return Not(clause) if negative else clause
        if isinstance(node, lucene.Group | lucene.FieldGroup):
            return self.convert(node.expr, field, depth + 1)
        if isinstance(node, lucene.SearchField):
            if field is not None:
                raise self.invalid(node, "A field stands inside a field.", "Write title:法治 AND year:2023.")
            clause = self.convert(node.expr, node.name, depth + 1)
            return Title(clause) if node.name == "title" else clause
        if isinstance(node, lucene.Range):
            first, last = self.year(node, str(node.low.value)), self.year(node, str(node.high.value))
            return Years(first + (not node.include_low), last - (not node.include_high))
        if isinstance(node, lucene.From):
            return Years(self.year(node, str(node.a.value)) + (not node.include), None)
        if isinstance(node, lucene.To):
            return Years(None, self.year(node, str(node.a.value)) - (not node.include))
        if isinstance(node, lucene.Proximity):
            if field not in (None, "title"):
                raise self.invalid(node, f"The field {field} takes a whole value.", "Proximity is for text and title only.")
            parts = tuple(map(normal, str(node.term.value)[1:-1].split()))
            self.count_shapes(node, 2 * (int(node.degree) + 1) * (len(parts) - 1))
            return near(parts, int(node.degree))
        if isinstance(node, lucene.Phrase):
            return self.leaf(node, str(node.value)[1:-1], field, exact=True)
        if isinstance(node, lucene.Word):
            return self.leaf(node, str(node.value), field, exact=False)
        raise self.invalid(node, "The query can't be understood.", "Put text with special signs into quotes.")

    def leaf(self, node: Any, text: str, field: str | None, *, exact: bool) -> Query:
        if field in (None, "title"):
            if exact:
                return Phrase(normal(text))
            return self.shape(node, text) if "*" in text or "?" in text else term(text)
        value = normal(text)
        if field == "year":
            if span := _YEAR_SPAN.fullmatch(value):
                return Years(int(span.group(1)), int(span.group(2)))
            return Years(year := self.year(node, value), year)
        if "*" in text or "?" in text:
            raise self.invalid(node, f"The field {field} takes a whole value.", "Wildcards are for text and title only.")
        if field in ("place", "program", "body", "indicator"):
            return Keyword(field, keyword(text))
        known, meaning = {"level": (LEVELS, "level"), "section": (SECTIONS, "section"), "modality": (MODALITIES, "modality")}[field or ""]
        if value not in known:
            raise self.invalid(node, f"There is no {meaning} {text!r}.", f"Known are {', '.join(dict.fromkeys(known.values()))}.")
        if field == "level":
            return Keyword("level", known[value])
        return Has(sections=(known[value],)) if field == "section" else Has(modalities=(known[value],))

    def shape(self, node: Any, text: str) -> Query:
        """Text with wildcards, as the phrases it can stand for. At the ends they are idle: exact characters are found inside longer words anyway."""
        parts = re.split(r"(\*+|\?)", text.strip("*?"))
        literal = [normal(part) for part in parts[::2]]
        if not any(literal):
            raise self.invalid(node, "A wildcard stands alone.", "Write characters beside it: 法律*进. To see every report leave the query empty.")
        if sum("*" in part for part in parts[1::2]) > 2:
            raise self.invalid(node, "There are more than two * in one clause.", "Put blanks between the parts: each is looked for anywhere then.")
        spans: list[Sequence[int]] = [range(STAR_SPAN + 1) if "*" in part else (1,) for part in parts[1::2]]
        self.count_shapes(node, (STAR_SPAN + 1) ** sum("*" in part for part in parts[1::2]))
        shapes = [_spread(literal, widths) for widths in product(*spans)]
        return shapes[0] if len(shapes) == 1 else Or(tuple(dict.fromkeys(shapes)))

    def count_shapes(self, node: Any, count: int) -> None:
        """Refuse wildcards and distances that together would be too much work."""
        self.shapes += count
        if self.shapes > MAX_SHAPES:
            raise self.invalid(node, "The query has too many wildcards and distances.", "Use fewer *, or smaller numbers after ~, or ask in several queries.")

    def year(self, node: Any, text: str) -> int:
        found = _YEAR.fullmatch(normal(text))
        if not found:
            raise self.invalid(node, f"{text!r} is no year.", "Write year:2023 or year:[2021 TO 2023].")
        return int(found.group(1))

    def invalid(self, node: Any, detail: str, cure: str) -> Invalid:
        position = node.pos if isinstance(getattr(node, "pos", None), int) else None
        return Invalid(detail, cure=cure, position=None if position is None else self.origin[min(position, len(self.origin) - 1)])


def term(text: str) -> Query:
    """Bare text as a leaf: its words, or exact characters where it has none."""
    folded = normal(text)
    words = query_words(folded)
    return Term(folded, words) if words else Phrase(folded)


def near(parts: Sequence[str], distance: int) -> Query:
    """Each part with at most ``distance`` characters between it and the next one, in either order, as the phrases it can stand for."""
    joined = [
        Or(tuple(_spread(order, (width,)) for width in range(distance + 1) for order in dict.fromkeys(((first, second), (second, first)))))
        for first, second in pairwise(parts)
    ]
    return joined[0] if len(joined) == 1 else And(tuple(joined))


def _spread(literal: Sequence[str], widths: Sequence[int]) -> Phrase:
    """``literal`` parts with ``widths`` free characters between them."""
    text = literal[0]
    gaps: list[int] = []
    for width, part in zip(widths, literal[1:], strict=True):
        gaps += range(len(text), len(text) + width)
        text += "?" * width + part
    return Phrase(text, tuple(gaps))


def _narrowed(clause: Query) -> Query:
    """section: and modality: beside other clauses of an AND say where the text of those has to stand."""
    if isinstance(clause, Not):
        return Not(_narrowed(clause.clause))
    if isinstance(clause, Title):
        return Title(_narrowed(clause.clause))
    if isinstance(clause, Or):
        return Or(tuple(_narrowed(part) for part in clause.clauses))
    if not isinstance(clause, And):
        return clause
    conditions = [part for part in clause.clauses if _is_where(part)]
    others = [_narrowed(part) for part in clause.clauses if not _is_where(part)]
    if not conditions:
        return And(tuple(others))
    wheres = [where for part in conditions for where in iter_leaves(part) if isinstance(where, Has)]
    sections = tuple(dict.fromkeys(section for where in wheres for section in where.sections))
    modalities = tuple(dict.fromkeys(modality for where in wheres for modality in where.modalities))
    if not others:
        return And(tuple(conditions))
    return narrow_to(others[0] if len(others) == 1 else And(tuple(others)), sections, modalities, tuple(conditions))


def narrow_to(clause: Query, sections: tuple[str, ...], modalities: tuple[str, ...], conditions: tuple[Query, ...] = ()) -> Query:
    """``clause`` with its text in such sentences only, of reports that have such a sentence at all."""
    return And(tuple(dict.fromkeys((*conditions, Has(sections, modalities), Within(clause, sections, modalities)))))


def _is_where(clause: Query) -> bool:
    """Whether a clause names nothing but sections or modalities, without negation."""
    if isinstance(clause, Or):
        return all(_is_where(part) for part in clause.clauses)
    return isinstance(clause, Has)


def iter_leaves(query: Query, *, wanted: bool = True) -> Iterator[Query]:
    """Leaves that a report may match by; those under a NOT are left out unless ``wanted`` is False, which yields just them."""
    yield from _iter_leaves(query, positive=True, wanted=wanted)


def _iter_leaves(query: Query, *, positive: bool, wanted: bool) -> Iterator[Query]:
    if isinstance(query, And | Or):
        for clause in query.clauses:
            yield from _iter_leaves(clause, positive=positive, wanted=wanted)
    elif isinstance(query, Loose):
        for clause in (*query.must, *query.some):
            yield from _iter_leaves(clause, positive=positive, wanted=wanted)
    elif isinstance(query, Not):
        yield from _iter_leaves(query.clause, positive=not positive, wanted=wanted)
    elif isinstance(query, Title | Within | In):
        yield from _iter_leaves(query.clause, positive=positive, wanted=wanted)
    elif positive == wanted:
        yield query


def ranks(query: Query) -> bool:
    """Whether anything in the query gives a score, so that hits can be better and worse."""
    return any(isinstance(leaf, Term | Phrase | Word | Like) for leaf in iter_leaves(query))
