"""A page's body as lines, and the lines around a report that are not part of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from ingest.readers.grid import Piece, Row, is_data, lay_out, words_of

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "ucapcontent", "ucaptitle",
})  # fmt: skip
_BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef”’])[ \t\r\n]*[\r\n][ \t\r\n]*(?=[\u3000-\u303f\u3400-\u9fff\uff00-\uffef“‘])")
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0\u2002\u2003\u2009]+")
_STRIPPED = " \t\r\n\xa0\u3000\u2002\u2003\u200b\u200c\u200d\ufeff"
# one long paragraph, its parts set apart by indents alone
_INDENT = re.compile(r"(?<=[。！？；：])[ \xa0\u2002\u2003]*(?:[\u3000\u2003]{2,}|\xa0{3,}|(?:\xa0 ?){4,})[ \xa0\u3000\u2002\u2003]*")
_KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
_KEPT_LINE_END = "\ue00a"  # private: \x1e can not stand in a tree of lxml


def iter_lines(body: HtmlElement) -> Iterator[str | Row]:
    """Paragraphs, headings, list items and table rows of ``body``, in order, none empty."""
    parts: list[str] = []
    rows: list[Row] = []
    _collect(body, parts, rows)
    # line ends of the markup are blanks, or nothing between Chinese characters; those that count are marked \x1e by then
    text = _BETWEEN_HAN.sub("", "".join(parts))
    for piece in text.split("\x1e"):
        if piece.startswith("\x1f"):
            yield rows[int(piece[1:])]
            continue
        for line in _INDENT.split(piece):
            words = _BLANKS.sub(" ", line).strip(_STRIPPED)
            if words:
                yield words


def _collect(body: HtmlElement, parts: list[str], rows: list[Row]) -> None:
    """Text of the tree with \x1e where a line ends and \x1f before the number of a table's row. Walks without recursion: pages nest without end."""
    steps: list[tuple[HtmlElement, bool]] = [(body, False)]
    tables = 0
    while steps:
        element, leaving = steps.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if leaving:
            if tag in _BLOCKS:
                parts.append("\x1e")
            if element is not body:
                parts.append(_clean(element.tail))
            continue
        if tag == "br":
            parts.append("\x1e" + _clean(element.tail))
            continue
        if tag in _BLOCKS:
            parts.append("\x1e")
        if tag == "table" and (table := _read_table(element)) is not None:
            before, pieces, after = table
            parts.extend(words + "\x1e" for words in before)
            for row in lay_out(tables, pieces):
                parts.append(f"\x1f{len(rows)}\x1e")
                rows.append(row)
            parts.extend(words + "\x1e" for words in after)
            tables += 1
            if element is not body:
                parts.append(_clean(element.tail))
            continue
        if tag == "pre" or _KEEPS_LINES.search(element.get("style") or ""):
            _mark_line_ends(element)
        parts.append(_clean(element.text))
        steps.append((element, True))
        steps.extend((child, False) for child in reversed(element))


def _read_table(table: HtmlElement) -> tuple[list[str], list[list[Piece]], list[str]] | None:
    """(captions, rows, words that stand in no cell) of a table that shows data; None for one that arranges a page, which has tables or prose in it."""
    if next(table.iterdescendants("table"), None) is not None:
        return None
    rows: list[list[Piece]] = []
    held: set[HtmlElement] = set()
    for row in table.iter("tr"):
        cells = [cell for cell in row.iter("td", "th") if next(cell.iterancestors("td", "th", "tr")) is row]
        held.update(cells)
        heads = next(row.iterancestors("thead"), None) is not None
        rows.append([Piece(_cell_text(cell), _span(cell, "rowspan"), _span(cell, "colspan"), heads or cell.tag == "th") for cell in cells])
    if not is_data(rows):
        return None
    captions = [words for caption in table.iter("caption") if (words := _cell_text(caption))]
    held.update(table.iter("caption"))
    return captions, rows, _stray_words(table, held)


def _stray_words(table: HtmlElement, held: set[HtmlElement]) -> list[str]:
    """Words of a table outside of its cells: broken markup, but words of the page."""
    stray = []
    inside = 0
    for event, element in etree.iterwalk(table, events=("start", "end")):
        if event == "start":
            inside += element in held
            if not inside and element.text:
                stray.append(element.text)
        else:
            inside -= element in held
            if not inside and element is not table and element.tail:
                stray.append(element.tail)
    return [words for text in stray if (words := " ".join(_clean(text).split()))]


def _span(cell: HtmlElement, name: str) -> int:
    value = (cell.get(name) or "").strip()
    return int(value) if value.isdecimal() and len(value) < 6 else 1


def _cell_text(cell: HtmlElement) -> str:
    """Words of a cell on one line, its paragraphs set apart by blanks: lines of their own would break the row."""
    pieces = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if element.tag in _BLOCKS or element.tag == "br":
            pieces.append(" ")
        if event == "start":
            pieces.append(element.text or "")
        elif element is not cell:
            pieces.append(element.tail or "")
    return " ".join(_clean(_BETWEEN_HAN.sub("", "".join(pieces))).split()).strip(_STRIPPED)


def _clean(text: str | None) -> str:
    return (text or "").replace("\x1e", " ").replace("\x1f", " ").replace(_KEPT_LINE_END, "\x1e")


def _mark_line_ends(element: HtmlElement) -> None:
    for part in element.iter():
        if part.text:
            part.text = part.text.replace("\n", _KEPT_LINE_END)
        if part.tail and part is not element:
            part.tail = part.tail.replace("\n", _KEPT_LINE_END)


_LABELS = (
    r"索\s*引\s*号|信息索引|发布机构|发布单位|发文机关|发文单位|制发机关|公开目录|公开方式|公开时限|公开范围|公开类型|公开责任部门|责任部门|主题分类|体裁分类|组配分类|信息分类|服务对象分类|所属主题|分\s*类|"
    r"成文日期|发文日期|发布日期|生成日期|公开日期|生效日期|失效日期|废止日期|发布时间|发文字号|文\s*号|文件编号|公文种类|有\s*效\s*性|效\s*力|信息名称|文件名称|标\s*题|名\s*称|关\s*键\s*词|主\s*题\s*词|内容概述|摘\s*要|统一编号|信息来源"
)
INDEX_LINE = re.compile(rf"^[【\[]?\s*({_LABELS})\s*[】\]]?\s*[:：\t].*|^({_LABELS})$")
_PUBLISHING_LINE = re.compile(
    r"^.{0,12}?(?:(?:发布|更新|发表|录入|添加|编辑|公开|信息)?(?:时间|日期)|来\s*源|信息来源|文章来源|稿件来源|作\s*者|发布(?:人|者|单位|机构)|供稿|编辑|录入|审核|撰稿|点击|浏览|阅读|访问|字\s*[体号])\s*(?:次数|量|数|率|人)?\s*[:：]"
    r"|^(?:20|19)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*(?:\d{1,2}:\d\d(?::\d\d)?)?$(?<!日)|^(?:浏览|阅读|点击|访问)(?:次数|量|数)?\s*\d*\s*次?$"
)
_ANYWHERE = re.compile(
    r"^[【\[（(\s]*字\s*[体号]\s*[:：]?[【\[（(\s]*(?:(?:超?[大特]|中|小|默认|缩|放|正常|标准|恢复|[Aa][+-]?|打印|关闭|分享|收藏|本页|窗口|[\s|/\-·【】\[\]（）()])*)$"
    r"|^(?:【|\[|［|\s|\||打印(?:本页|此页|文章|页面)?|关闭(?:窗口|本页|页面)?|我要打印|收藏(?:本页)?|返回(?:顶部|首页|列表|上一页)?|分享(?:到|至)?[:：]?|微信(?:扫一扫)?|微博|新浪微博|QQ空间|朗读|语音(?:播报|朗读)|纠错|我要纠错|大字?体?|中字?体?|小字?体?|"
    r"保护视力色.*|复制链接|下载|放大|缩小|】|\]|］)+$"
    r"|^扫一扫.{0,30}$|^用微信.{0,30}扫.{0,20}$|^(?:上|下)一(?:篇|条|页|则)\s*[:：>»]?.{0,60}$"
    r"|^(?:您|你|)?(?:当前|现在|目前)?(?:的|所在的?|所处的?)?(?:位置|网页位置)\s*[:：].{0,120}$|^首页\s*[>»›\-\\/].{0,120}$"
)
_TAIL = re.compile(
    r"版权所有|(?:ICP|icp)\s*[备证]|公网安备|网站标识码|网安备|^(?:网站)?(?:主办|承办|协办|维护)(?:单位)?\s*[:：]|技术支持\s*[:：]|建议使用.{0,40}(?:浏览|分辨率)|网站地图|关于我们|联系我们|法律声明|隐私(?:政策|保护)|使用帮助"
    r"|^(?:责任编辑|责编|编辑|审核|校对|初审|复审|终审|信息员|发布人|作者|来源|录入)\s*[:：].{0,40}$|^[（(【\[]\s*(?:责任)?编辑\s*[:：].{0,20}$|^(?:浏览|阅读|点击|访问).{0,4}[:：]?\s*\d+\s*次?$|^[Cc]opyright\b|政府网站找错|^(?:回到|返回)顶部"
)
_OTHER_PAGES = re.compile(
    r"^(?:【|\[)?\s*(?:相关|推荐|延伸|更多|热门|最新)\s*(?:链接|阅读|信息|文章|新闻|稿件|文档|解读|内容|资讯|推荐|政策)\s*(?:】|\])?\s*[:：]?(?:\s*更多)?\s*[>»]*$"
)
_SENTENCE = re.compile(r"[，。；,;]")


def drop_surroundings(lines: Sequence[str | Row]) -> tuple[list[str | Row], list[str]]:
    """The lines of the report, and those around it that were taken away.

    What a line around a report looks like is told from its words, but only buttons and breadcrumbs are taken away wherever they stand: 来源：… or
    主办单位：… may well be a line of the report itself, so these go only before its first sentence or after its last.
    """
    words = [words_of(line) for line in lines]
    prose = [
        number
        for number, line in enumerate(words)
        if len(line) >= 25 and len(_SENTENCE.findall(line)) >= 1 and not _TAIL.search(line) and not INDEX_LINE.match(line)
    ]
    first, last = (prose[0], prose[-1]) if prose else (len(lines), -1)
    kept: list[str | Row] = []
    dropped: list[str] = []
    others = False
    for number, line in enumerate(words):
        others = others or (number > last and bool(_OTHER_PAGES.match(line)))
        away = (
            others
            or bool(_ANYWHERE.match(line))
            or (number < first and bool(INDEX_LINE.match(line) or _PUBLISHING_LINE.match(line)))
            or (number > last and bool(_TAIL.search(line)))
        )
        if away:
            dropped.append(line)
        else:
            kept.append(lines[number])
    return kept, dropped
