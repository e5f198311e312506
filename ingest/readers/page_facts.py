"""What a page says about its report: title, date, address, and the fields of the index table."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from lxml.html import HtmlElement

from ingest.readers.reading import iso_date

_TITLE_METAS = ("articletitle", "og:title", "twitter:title")
_URL_METAS = ("og:url", "url", "articleurl")
_DATE_METAS = ("pubdate", "publishdate", "article:published_time", "og:release_date", "releasedate", "dc.date", "datepublished", "createdate")
_OTHER_METAS = {"contentsource": "source", "sitename": "site", "columnname": "column", "author": "author", "keywords": "keywords"}
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SITE_NAME = re.compile(r"\s*(?:[_|｜–—]|\s-|-\s|-(?=[^-]{0,20}(?:网|网站|政府|门户|平台|公开|公开网|办事处)$))\s*[^_|｜]*$")
_REPORT_WORDS = re.compile(r"法|报告|总结|汇报|情况|工作|通知|意见|方案|计划")
_SITE_WORDS = re.compile(r"(?:网|网站|门户|平台|首页|正文|详情|人民政府|政府信息公开)$")
_SECTION_START = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.、])")
_DAY = r"((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
_DATE_LINES = (
    re.compile(rf"(?:发布|公开|发表|录入|更新)\s*(?:时间|日期)\s*[】\]]?[:：\s]*{_DAY}"),
    re.compile(rf"(?:时间|日期)\s*[】\]]?[:：\s]*{_DAY}"),
    re.compile(rf"{_DAY}日?\s+\d{{1,2}}:\d\d"),
)
_INDEX_FIELDS = (
    ("index_number", re.compile(r"索\s*引\s*号\s*[】\]]?[:：\s]+([^\s:：]{4,60})")),
    ("publisher", re.compile(r"(?:发布机构|发文机关|发布单位|制发机关|发文单位)\s*[】\]]?[:：\s]+([^\s:：]{2,40})")),
    ("docnumber", re.compile(r"(?:发文字号|文\s*号|文件编号)\s*[】\]]?[:：\s]+([^\s:：]*[〔\[（(]\s*\d{4}\s*[〕\]）)]\s*\d+\s*号)")),
    ("signed", re.compile(rf"(?:成文日期|发文日期|生成日期|形成日期)\s*[】\]]?[:：\s]+{_DAY}")),
    ("source", re.compile(r"(?:信息|文章|稿件)?来\s*源\s*[】\]]?[:：]\s*([^\s:：]{2,30})")),
)


class PageFacts(msgspec.Struct, frozen=True):
    title: str | None = None
    url: str | None = None
    published: str | None = None
    metadata: dict[str, str] = {}
    title_is_shown: bool = False  # on the page itself, not in the browser's title bar alone

    def with_lines(self, lines: Iterable[str]) -> PageFacts:
        """The same with what the lines around the report say; what is known already stays."""
        text = "\n".join(lines)
        published = self.published or next((iso_date(found.group(1)) for pattern in _DATE_LINES if (found := pattern.search(text))), None)
        return msgspec.structs.replace(self, published=published, metadata={**_read_index(text), **self.metadata})


def read_facts(root: HtmlElement, markup: str) -> PageFacts:
    """Facts from the head of the page, and from its text where the head is silent. ``root`` is the whole page, nothing taken away."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            metas.setdefault(name, content)
    shown = _shown_text(root)
    published = next((date for name in _DATE_METAS if (date := iso_date(metas.get(name, "")))), None)
    published = published or next((iso_date(found.group(1)) for pattern in (_DATE_LINES[0], _DATE_LINES[2]) if (found := pattern.search(shown))), None)
    named = {field: metas[name] for name, field in _OTHER_METAS.items() if name in metas}
    title = _find_title(root, metas)
    return PageFacts(
        title=title,
        url=_find_url(root, metas, markup),
        published=published,
        metadata={**_read_index(shown), **named},
        title_is_shown=bool(title) and re.sub(r"\W", "", title or "") in re.sub(r"\W", "", shown),
    )


def _shown_text(root: HtmlElement) -> str:
    """The page's words, with a blank at each tag so that labels and values in cells stay apart."""
    skipped = {"script", "style", "noscript", "textarea", "template", "title"}
    parts = []
    for element in root.iter():
        if isinstance(element.tag, str):
            if element.tag not in skipped and element.text:
                parts.append(element.text)
            if element.tail:
                parts.append(element.tail)
    return " ".join(" ".join(parts).split())


def _read_index(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, pattern in _INDEX_FIELDS:
        match = pattern.search(text)
        if match:
            value = match.group(1)
            found[field] = (iso_date(value) or value) if field == "signed" else re.sub(r"\s", "", value)
    return found


def _find_title(root: HtmlElement, metas: dict[str, str]) -> str | None:
    if metas.get("articletitle"):
        return _cut_site_name(metas["articletitle"])
    headings = [title for tag in ("h1", "h2", "ucaptitle") for element in root.iter(tag) if (title := " ".join(str(element.text_content()).split()))]
    named = [
        title
        for element in root.iter("div", "p", "td", "span", "h3")
        if not {
            "title",
            "bt",
            "biaoti",
            "article-title",
            "article_title",
            "arttitle",
            "xxgk_title",
            "news_title",
            "titles",
            "tit",
            "wzbt",
            "con_title",
        }.isdisjoint(f"{element.get('class') or ''} {element.get('id') or ''}".lower().split())
        and 6 <= len(title := " ".join(str(element.text_content()).split())) <= 80
    ]
    browser = next((" ".join(str(element.text_content()).split()) for element in root.iter("title")), "")
    bare = _cut_site_name(browser)
    minor = [
        title
        for tag in ("h3", "h4")
        for element in root.iter(tag)
        if (title := " ".join(str(element.text_content()).split())) and not _SECTION_START.match(title)
    ]
    candidates = [_cut_site_name(title) for title in [*headings, *named, *(metas[name] for name in _TITLE_METAS if name in metas), bare, *minor]]
    # a site's name is a heading on many pages, the report's title says what it is
    sound = [title for title in candidates if 4 <= len(title) <= 120 and not _SITE_WORDS.search(title)]
    return next((title for title in sound if _REPORT_WORDS.search(title)), next(iter(sound), None))


def _cut_site_name(title: str) -> str:
    """``2023年法治政府建设情况报告_安溪县人民政府`` without what follows the report's own name."""
    while (shorter := _SITE_NAME.sub("", title)) and shorter != title and len(shorter) >= 6:
        title = shorter
    return title.strip()


def _find_url(root: HtmlElement, metas: dict[str, str], markup: str) -> str | None:
    canonical = next((link.get("href") or "" for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"), "")
    saved = _SAVED_FROM.search(markup[:4096])
    for url in (canonical, *(metas.get(name, "") for name in _URL_METAS), saved.group(1) if saved else ""):
        if url.startswith(("http://", "https://")):
            return url
    return None
