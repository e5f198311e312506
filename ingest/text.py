"""A report's text made readable for rules, with an exact way back to the original.

Converters break words over lines, put blanks around digits, mix widths, brackets and scripts. ``Text.of`` mends that. Every character of ``clean`` comes from
exactly one character of the original (characters are replaced one for one or dropped, never invented), so each span of ``clean`` has one span in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cache

import msgspec

from ingest.patterns import lazy
from ingest.script import simplify
from ingest.tables import has_separators, iter_blocks

_PUNCTUATION = {
    ";": "；", "(": "（", ")": "）", "[": "〔", "]": "〕", "【": "〔", "】": "〕", "﹝": "〔", "﹞": "〕", "［": "〔", "］": "〕", "「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”",
    "•": "·", "・": "·", "‧": "·", "∙": "·", "●": "·", "．": ".", "﹒": ".", "－": "-", "–": "-", "‐": "-", "‑": "-", "―": "—", "─": "—", "〜": "~", "～": "~", "∼": "~", "％": "%", "﹪": "%",
    "﹐": "，", "､": "、", "!": "！", "?": "？", "｡": "。", "﹑": "、", "﹔": "；", "﹕": "：", "＜": "〈", "＞": "〉", "<": "〈", ">": "〉", "＂": '"', "○": "〇", "◯": "〇", "Ｏ": "O", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\r": "\n", "\x85": "\n",
}  # fmt: skip
_BLANK = " \t\u00a0\u3000\u2000-\u200d\u202f\u205f\u2060\ufeff\u00ad"
_NUMBERING = r"(?:[一二三四五六七八九十百]{1,3}[、.]|（[一二三四五六七八九十百]{1,3}）|（\d{1,2}）|\d{1,2}[.、](?!\d)|[①-⑳]|第[一二三四五六七八九十]+[章节部分条]|附件|附：|附?表[\d一二三四五六七八九十]|抄送|抄报|主送|报送|（?此件|（联系|（公开|（合成|联系人)"
_HEADING = lazy(rf"{_NUMBERING}[^。；！？]{{0,48}}$")
_STARTS_NEW = lazy(
    rf"{_NUMBERING}|#|[一二三四五六七八九十]是(?!.{{0,4}}$)|(?:19|20)\d\d年\d{{1,2}}月\d{{1,2}}日(?:印发)?$|[二〇一三四五六七八九十]{{4}}年[一二三四五六七八九十]+月"
)
_ENDS = frozenset("。！？；：”」）.!?:;…")
_ISSUER_LINE = lazy(r"(?:政府|委员会|办事处|办公室|[局厅委部院处站所中心]|文件)$")
_TITLE_END = lazy(r"(?:报告|总结|汇报|情况|计划|方案|通知|要点|意见|公告|（.{1,12}）)$")
_UNTIL = lazy(r"[至到](?:(?:19|20)\d\d|\d{1,2})[年月日]|[至到]今")
_SENTENCE = lazy(r"[^。！？；\n]+[。！？；]*[”’）]?")


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0xFF01, 0xFF5F):  # full-width letters and digits
        table[code] = unicodedata.normalize("NFKC", chr(code))
    for code in list(range(0x2E80, 0x2FE0)) + list(range(0xF900, 0xFAFF)):  # radicals and compatibility forms that PDF converters emit
        folded = unicodedata.normalize("NFKC", chr(code))
        if len(folded) == 1 and folded != chr(code):
            table[code] = folded
    table |= {ord(key): value for key, value in _PUNCTUATION.items()}
    table |= {ord("（"): "（", ord("）"): "）", ord("，"): "，", ord("："): "：", ord("；"): "；", ord("！"): "！", ord("？"): "？"}
    return table


@cache
def _folding() -> re.Pattern[str]:
    """Any character that the table changes: they are few, and replacing them alone is several times as fast as looking every character up."""
    return re.compile(f"[{''.join(re.escape(chr(code)) for code, to in _table().items() if chr(code) != to)}\ud800-\udfff]")


def _fold(found: re.Match[str]) -> str:
    return _table().get(ord(found.group()), "\ufffd")  # half a surrogate pair, which JSON can hold, is no character


# titles between what typists have for 《 and 》; a blank that is dropped later stands for the second mark
_DOUBLED = lazy(r"<<([^<>\n]{2,60})>>")
_AS_TITLE = lazy(r"<([\u4e00-\u9fff（）()\d—-]{2,40}(?:法|条例|办法|规定|意见|纲要|通知|方案|决定|细则|规划|要点|规则|制度|公约))>")
_WIDE_THOUSANDS = lazy(r"(?<![０-９\d])[０-９]{1,3}(?:，[０-９]{3})+(?![０-９])|(?<![\d.，])\d{1,3}(?:，\d{3})+(?=余?[件人次名场户份个条元万起家])")
_PAIRED_QUOTES = lazy(r'"([^"\n]{1,80})"')
_COMMA = lazy(r",(?:(?<!\d,)|(?!\d{3}(?!\d)))")
_COLON = lazy(r":(?:(?<!\d:)|(?!\d))")
_LINE_MARK = lazy(r"^[ \t\u3000\u00a0]*(?:#{1,6}|>+|[*+-])[ \t\u3000]+(?=\S)", re.M)
_MARKS = lazy(r"\*\*|__|^#{1,6}", re.M)
_BLANKS = lazy(rf"[{_BLANK}][{_BLANK}]*")  # one set first: a repeated set is searched for several times as slowly
_ASCII_WORD = lazy(r"[A-Za-z]")
_LINE = lazy(r"[^\n]+")


def _mark_title(found: re.Match[str]) -> str:
    text, start = found.string, found.start()
    if text.rfind("《", 0, start) > text.rfind("》", 0, start):
        return found.group()  # inside another title
    return f"《{found[1]}》"


def _same_length(original: str) -> str:
    """Fold width, punctuation and script; one character for one character."""
    if "<" in original:
        original = _AS_TITLE.sub(_mark_title, _DOUBLED.sub("《\u200b\\1\u200b》", original))
    if "，" in original:
        original = _WIDE_THOUSANDS.sub(lambda found: found.group().replace("，", ","), original)
    folded = simplify(_folding().sub(_fold, original))
    if '"' in folded:
        folded = _PAIRED_QUOTES.sub("“\\1”", folded)
    folded = _COMMA.sub("，", folded)
    return _COLON.sub("：", folded)


class Text(msgspec.Struct, frozen=True):
    """``clean`` and the way back. ``clean`` has one paragraph a line, no blanks inside Chinese words, simplified characters and full-width Chinese punctuation."""

    original: str
    clean: str
    clean_starts: list[int]  # where each unbroken run starts in clean
    original_starts: list[int]  # and in the original
    marked: frozenset[int]  # clean offsets of lines that the file marks as headings (# or **)

    @classmethod
    def of(cls, original: str) -> Text:
        folded = _same_length(original)
        folded, rows = _part_cells(original, folded)
        keep = _kept_lines(folded, rows)
        pieces: list[str] = []
        clean_starts: list[int] = []
        original_starts: list[int] = []
        marked: set[int] = set()
        size = 0
        for start, end, ends_paragraph, is_marked in keep:
            if is_marked:
                marked.add(size)
            if clean_starts and original_starts[-1] + (size - clean_starts[-1]) == start:
                pass  # goes on where the last run ended
            else:
                clean_starts.append(size)
                original_starts.append(start)
            pieces.append(folded[start:end])
            size += end - start
            if ends_paragraph:
                # the paragraph mark is the original's own line end that follows
                newline = folded.find("\n", end)
                if newline < 0:
                    continue
                if newline != end:
                    clean_starts.append(size)
                    original_starts.append(newline)
                pieces.append("\n")
                size += 1
        return cls(original, "".join(pieces), clean_starts, original_starts, frozenset(marked))

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Span of the original for a span of ``clean``. An empty span gives an empty one."""
        starts = self.clean_starts
        run = bisect_right(starts, start) - 1
        shift = self.original_starts[run] - starts[run] if run >= 0 else 0
        if end <= start:
            return start + shift, start + shift
        if run + 1 < len(starts) and end > starts[run + 1]:  # it goes on in another run
            last = bisect_right(starts, end - 1, run + 1) - 1
            return start + shift, end + self.original_starts[last] - starts[last]
        return start + shift, end + shift

    def to_clean(self, position: int) -> int:
        """First offset in ``clean`` at or after an offset of the original."""
        run = bisect_right(self.original_starts, position) - 1
        if run < 0:
            return 0
        limit = self.clean_starts[run + 1] if run + 1 < len(self.clean_starts) else len(self.clean)
        return min(self.clean_starts[run] + position - self.original_starts[run], limit)


def _part_cells(original: str, folded: str) -> tuple[str, frozenset[int]]:
    """Put ； between the cells of tables, so that no rule reads on from one into the next; where the lines of their rows start."""
    if not has_separators(original):
        return folded, frozenset()
    characters: list[str] | None = None
    rows: set[int] = set()
    for block in iter_blocks(original):
        characters = characters or list(folded)
        separators = "\t" if original[block[0][0][1]] == "\t" else "|｜"
        for fields in block:
            start, end = original.rfind("\n", 0, fields[0][0]) + 1, original.find("\n", fields[-1][1])
            rows.add(start)
            for position in range(start, end if end >= 0 else len(original)):
                if original[position] in separators:
                    characters[position] = "；"
    return "".join(characters) if characters else folded, frozenset(rows)


def _kept_lines(folded: str, rows: frozenset[int] = frozenset()) -> list[tuple[int, int, bool, bool]]:
    """Runs to keep, in order: (start, end, ends a paragraph, is marked as heading). ``rows``: where lines start that are rows of a table, which never go on."""
    lines: list[tuple[list[tuple[int, int]], str, bool]] = []
    apart: set[int] = set()  # numbers of the lines that are rows
    for match in _LINE.finditer(folded):
        start, line, runs = match.start(), match.group(), [match.span()]
        is_marked = False
        dropped: list[tuple[int, int]] = []
        if "#" in line or "*" in line or "_" in line or ">" in line:
            mark = _LINE_MARK.match(line)
            if mark:
                dropped.append((0, mark.end()))
            is_marked = (
                bool(mark and "#" in mark.group())
                or line.strip(_BLANK + "*").startswith("#")
                or (line.strip().startswith("**") and line.strip().endswith("**"))
            )
            dropped += [(found.start(), found.end()) for found in _MARKS.finditer(line)]
        blanks = list(_BLANKS.finditer(line))
        if blanks:
            spaced = len(line) <= 60 and not _STOP.search(line)
            for blank in blanks:
                before, after = line[blank.start() - 1 : blank.start()], line[blank.end() : blank.end() + 1]
                if before and after and _keeps_blank(before, after, spaced, line, blank.start()):
                    dropped.append((blank.start() + 1, blank.end()))
                else:
                    dropped.append((blank.start(), blank.end()))
        if dropped:
            runs = _without(line, start, dropped)
            line = "".join([folded[left:right] for left, right in runs])
        if runs:
            if start in rows:
                apart.add(len(lines))
            lines.append((runs, line, is_marked))
    kept: list[tuple[int, int, bool, bool]] = []
    for index, (runs, line, is_marked) in enumerate(lines):
        ends = True
        if index + 1 < len(lines):
            _, following, following_marked = lines[index + 1]
            ends = is_marked or following_marked or index in apart or index + 1 in apart or not _goes_on(line, following, index)
        begins = not kept or kept[-1][2]
        for number, (start, end) in enumerate(runs):
            kept.append((start, end, ends and number == len(runs) - 1, is_marked and begins and number == 0))
    return kept


def _without(line: str, start: int, dropped: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a line that starts at ``start``, in offsets of the text."""
    runs: list[tuple[int, int]] = []
    position = 0
    for drop_start, drop_end in sorted(dropped):
        if drop_start > position:
            runs.append((start + position, start + drop_start))
        position = max(position, drop_end)
    if position < len(line):
        runs.append((start + position, start + len(line)))
    return runs


def _keeps_blank(before: str, after: str, spaced: bool, line: str, position: int) -> bool:
    """A blank stays between Latin words, and in short lines where it parts the names of a heading; letter-spaced words (通 知) lose it: both neighbours are longer than one character."""
    if before == "." and after.isdigit() and line[:position].strip(_BLANK)[:-1].isdigit():
        return True  # 2. 9个村: the number of a list
    if before.isascii() and after.isascii():
        return bool(_ASCII_WORD.match(before) and _ASCII_WORD.match(after)) or (before.isdigit() and after.isdigit())
    if not spaced or before.isdigit() or after.isdigit() or not ("\u4e00" <= before <= "\u9fff" and "\u4e00" <= after <= "\u9fff"):
        return False
    return position >= 2 and line[position - 2] not in _BLANK and line[position + 1 :].lstrip(_BLANK)[1:2] not in ("", *_BLANK)


_STOP = lazy("[。；，]")
_FULL_STOP = lazy(r"[\u4e00-\u9fff]\.[\u4e00-\u9fff]")  # some sites deliver ASCII marks only


def _is_open(line: str) -> bool:
    """Whether a quote, title or bracket opens near the end of the line and is not closed in it."""
    tail = line[-24:]
    return tail.rfind("“") > tail.rfind("”") or tail.rfind("《") > tail.rfind("》") or tail.rfind("（") > tail.rfind("）")


def _goes_on(line: str, following: str, index: int) -> bool:
    """Whether a line break between the two was put there by a converter, inside a sentence."""
    if line[-1] in _ENDS or _STARTS_NEW.match(following):
        return False
    if line[-1] in "年月日" and _UNTIL.match(following):
        return True
    if _is_open(line) and re.search("[”》）]", following[:24]):
        return True  # 推行“三调联 / 动”机制
    if index < 12 and line.startswith("关于") and not _TITLE_END.search(line):
        return True
    if index < 12 and len(line) < 40 and not re.search("[。，]", line):
        # heading lines: a title broken in two goes on, an issuer above its title does not
        return bool(
            "：" not in line
            and not line[-1].isdigit()
            and not _ISSUER_LINE.search(line)
            and not _TITLE_END.search(line)
            and not following.startswith("关于")
            and _TITLE_END.search(following)
            and len(following) < 40
            and "，" not in following
        )
    if _HEADING.match(line) and len(line) < 40 and not _FULL_STOP.search(line):
        return line.endswith(("，", "、")) or (following[0] in "，。；、" and not following.startswith("、"))
    if line.endswith(("，", "、", "—")):
        return True
    return (len(line) >= 16 or (len(line) >= 8 and "，" in line)) and not _TITLE_END.search(line) and not (_ISSUER_LINE.search(line) and len(line) < 24)


def iter_sentences(clean: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """(start, end) of each sentence in ``clean``: up to 。！？； or the end of the paragraph."""
    return [match.span() for match in _SENTENCE.finditer(clean, start, len(clean) if end is None else end)]
