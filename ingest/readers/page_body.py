"""The part of a page that holds the report.

Prose has a punctuation mark every dozen characters; menus, index tables, link lists and footers have next to none. So the marks outside of links are
counted per element, and the body is the smallest element that holds nearly all of them. Containers that the usual systems of government sites give their
articles (TRS, jcms, UCAP …) go first.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_NEVER_SHOWN = (
    "script", "style", "noscript", "iframe", "select", "button", "input", "textarea", "template", "svg", "canvas", "object", "embed", "audio",
    "video", "map", "rt", "rp",
)  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# words in class and id, split at blanks, - and _
_SURROUNDING_WORDS = frozenset({
    "nav", "navbar", "navi", "navigation", "menu", "submenu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "dqwz", "wz", "weizhi", "curpos",
    "curposition", "currentposition", "share", "bdshare", "bdsharebuttonbox", "bshare", "jiathis", "social", "toolbar", "print", "fontsize",
    "zihao", "footer", "foot", "copyright", "copyrights", "bottom", "related", "relate", "relevant", "xgyd", "xgxw", "xgwz", "xgjd", "xglj",
    "xgnews", "recommend", "sidebar", "qrcode", "ewm", "erweima", "search", "login", "friendlink", "friendlinks", "pagination", "pager", "prevnext",
    "prenext", "comment", "comments", "skip", "accessibility", "wza", "barrier", "hidden", "hide", "gotop", "totop", "backtop",
})  # fmt: skip
_SURROUNDING = re.compile(
    r"bread-?crumb|share[-_]?(?:box|bar|bd|btn)|bdshare|(?:current|now|local)[-_]?(?:position|place|location|path)|font-?size|"
    r"(?:site|page|web)-?foot(?:er)?\b|copy-?right|(?:xiang|xg)-?(?:guan|yuedu)|"
    r"(?:prev|pre)-?(?:and)?-?next|qr-?code|top-?(?:nav|bar|menu)|(?:left|right|side)-?(?:nav|menu|bar)\b|"
    r"main-?nav|\bno-?print\b|relat(?:ed|ion)-?(?:news|doc|article|link|read)",
    re.IGNORECASE,
)
# ids and classes in which the usual systems put the article, the surest first
_CONTAINERS = (
    "ucap-content", "trs_editor", "trs_ueditor", "trs_editor_view", "js_content", "zoom", "zoomcon", "fontzoom", "fontzoomid", "artibody",
    "article-content", "article_content", "articlecontent", "article-con", "article_con", "articlecon", "contentregion", "xxgk_content",
    "xxgk-content", "gkcontent", "gk_content", "bt_content", "bt-content", "news_content", "news-content", "newscontent", "newscont",
    "entry-content", "post-content", "pages_content", "detail-content", "detail_content", "info-content", "info_content", "text-content",
    "content_text", "conttext", "vsb_content", "vsb_content_2", "wp_articlecontent", "conzw", "zwnr", "nr", "view",
)  # fmt: skip
_NO_CONTAINERS = {"p", "span", "font", "b", "strong", "td", "tr", "tbody", "table", "li", "ul", "ol"}
_MARKS = re.compile(r"[，。；、！？]|(?<=[\u3400-\u9fff）”])[,;](?=[\s\u3400-\u9fff“（]|$)")
_FIGURE = re.compile(r"[\d.,，]+\s*(?:[%％]|[\u3400-\u9fff]{0,2})$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_KEPT_SHARE = 0.3  # an element that looks like a surrounding but holds this much of the prose is none
_CONTAINER_SHARE = 0.85
_STRAY_SHARE = 0.04  # of the prose may stand outside of the body: footers and notes have a comma, too
_STRAY_MARKS = 3
_FEW_MARKS = 4


def prune(root: HtmlElement) -> None:
    """Take out of the tree what is not shown and what surrounds a report on a page."""
    for element in list(root.iter(*_NEVER_SHOWN)):
        element.drop_tree()
    marks = _count_marks(root)
    for element in [element for element in marks if element.tag not in {"html", "body"} and _is_surrounding(element)]:
        if marks[element] <= _KEPT_SHARE * marks[root] and element.getparent() is not None:
            element.drop_tree()


def _is_surrounding(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    if element.tag in {"nav", "footer"}:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not names.strip():
        return element.get("role") in {"navigation", "contentinfo", "search"}
    return not _SURROUNDING_WORDS.isdisjoint(re.split(r"[\s_-]+", names.lower())) or bool(_SURROUNDING.search(names))


def find_body(root: HtmlElement) -> HtmlElement:
    """The element that holds the report, in a tree that went through ``prune``."""
    page = root.find("body")
    page = root if page is None else page
    marks = _count_marks(page)
    total = marks[page]
    if total < _FEW_MARKS:
        return page
    for name in _CONTAINERS:
        named = _named(page, name)
        held = [element for element in named if marks[element] >= _CONTAINER_SHARE * total]
        # an editor that was used twice on one page: what is around both is meant
        if held and not any(marks[other] and other not in held and held[0] not in other.iterancestors() for other in named):
            return held[0]
    body = page
    figures = [table for table in page.iter("table") if _shows_figures(table)]
    while True:
        below = next((child for child in body if marks.get(child, 0) >= total - max(_STRAY_MARKS, _STRAY_SHARE * total)), None)
        # a lone paragraph or cell is the prose of its container, whose headings stand beside it
        if below is None or (below.tag in _NO_CONTAINERS and not _is_layout(below)):
            return body
        if any(below not in table.iterancestors() and below is not table for table in figures):
            return body  # a table of figures has no marks, and belongs to the report all the same
        body = below


def _shows_figures(table: HtmlElement) -> bool:
    """Whether two rows at least have words in one cell and a number in another: no calendar, no menu, no table that arranges the page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    rows = 0
    for row in table.iter("tr"):
        words = [str(cell.text_content()).strip() for cell in row if cell.tag in {"td", "th"}]
        rows += any(_FIGURE.match(word) for word in words) and any(len(_HAN.findall(word)) > 1 for word in words)
        if rows == 2:
            return True
    return False


def _is_layout(element: HtmlElement) -> bool:
    """Whether a table, row or cell serves to arrange a page: it holds blocks of its own."""
    return element.tag in {"table", "tbody", "tr", "td"} and any(element.find(f".//{block}") is not None for block in ("p", "table", "br", "div"))


def _named(page: HtmlElement, name: str) -> list[HtmlElement]:
    return [
        element
        for element in page.iter("div", "article", "section", "td", "main", "ucapcontent")
        if name == (element.get("id") or "").lower() or name in (element.get("class") or "").lower().split()
    ]


def _count_marks(page: HtmlElement) -> dict[HtmlElement, int]:
    """Marks outside of links for each element, counted from the leaves up."""
    marks: dict[HtmlElement, int] = {}
    for element in _iter_leaves_first(page):
        if element.tag == "a":
            marks[element] = 0
        else:
            marks[element] = len(_MARKS.findall(element.text or "")) + sum(marks.get(child, 0) + len(_MARKS.findall(child.tail or "")) for child in element)
    return marks


def _iter_leaves_first(page: HtmlElement) -> list[HtmlElement]:
    return [element for element in reversed(list(page.iter())) if isinstance(element.tag, str)]
