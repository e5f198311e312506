"""html: the main text of a government page, one paragraph, heading, list item or table row a line; title, date and address as metadata.

Navigation, breadcrumbs, index-number tables, buttons, footers and lists of other pages are left out (``page_body``, ``page_lines``); what they say of the
report (索引号, 发布机构, 文号, dates) is kept as metadata (``page_facts``). The title is the first line of the text, as it is on the page, also where it
stands outside of the body.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from ingest.readers import encoding
from ingest.readers.grid import build_tables, words_of
from ingest.readers.limits import CannotRead
from ingest.readers.page_body import find_body, prune
from ingest.readers.page_facts import read_facts
from ingest.readers.page_lines import drop_surroundings, iter_lines
from ingest.readers.reading import Reading

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ATTACHMENT = re.compile(r"\.(?:docx?|pdf|wps|xlsx?|zip|rar|ofd)(?:\?|#|$)", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_XML = {code: None for code in [*range(32), 0xFFFE, 0xFFFF] if chr(code) not in "\t\n\r"}  # lxml takes them from a page and refuses to move them
_FEW_CHARACTERS = 40  # a page with less has no report on it


def read_html(raw: bytes) -> Reading:
    """Raises CannotRead for damaged pages and pages without a text."""
    head = raw[:4096]
    declared = _CHARSET.search(head) or _XML_ENCODING.search(head)
    markup, name = encoding.decode(raw, declared.group(1).decode() if declared else None)
    return read_page(markup, name)


def read_page(markup: str, encoding_name: str = "utf-8") -> Reading:
    """The same for a page that is decoded already, such as the ``html`` of a jsonl row."""
    root = _parse(markup)
    facts = read_facts(root, markup)
    links = [link for link in root.iter("a") if _ATTACHMENT.search(link.get("href") or "")]
    attachments = list({link.get("href"): _describe_link(link, facts.url) for link in links}.values())
    prune(root)
    body = find_body(root)
    lines, dropped = drop_surroundings(list(iter_lines(body)))
    facts = facts.with_lines(dropped)
    title = facts.title
    words = [words_of(line) for line in lines]
    told = sum(len(line) for line in words if _bare(line) != _bare(title or ""))
    if title and facts.title_is_shown and not _opens_with(words, title):
        lines.insert(0, title)
    if told < _FEW_CHARACTERS:
        raise _explain_emptiness(markup, attachments)
    metadata: dict[str, Any] = dict(facts.metadata)
    if attachments:
        metadata["attachments"] = attachments
    text, tables = build_tables(lines)
    return Reading(text=text, format="html", encoding=encoding_name, title=title, url=facts.url, published=facts.published, metadata=metadata, tables=tables)


def _parse(markup: str) -> lxml_html.HtmlElement:
    # no network, no external entities; HTML has no others. The parser stops at the depth where libxml2 thinks the page is hostile.
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=False)
    source = _XML_DECLARATION.sub("", markup.lstrip("\ufeff"), count=1).translate(_NOT_XML)
    try:
        root = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise CannotRead("no_text", "The page is empty.", "Save the page again with its text.") from error
    return root


def _opens_with(lines: list[str], title: str) -> bool:
    """Whether the first lines hold the title, be it broken over lines or with blanks inside."""
    return _bare(title) in _bare("".join(lines[:8]))


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)


def _describe_link(link: lxml_html.HtmlElement, page: str | None) -> dict[str, str]:
    """Name and address of an attachment, which nobody fetches: there is no network here."""
    address = (link.get("href") or "").strip()
    if page:
        with suppress(ValueError):  # an address that is none
            address = urljoin(page, address)
    return {"name": " ".join(str(link.text_content()).split()) or address.rpartition("/")[2], "link": address}


def _explain_emptiness(markup: str, attachments: list[dict[str, str]]) -> CannotRead:
    if attachments:
        names = "; ".join(attachment["name"] for attachment in attachments[:3])
        return CannotRead("no_text", f"The page has no report on it, only attachments ({names}).", "Download the attachments and ingest them.")
    if markup.count("<script") > 1 and not _HAN.search(re.sub(r"<(script|style|title|head)\b.*?</\1>", "", markup, flags=re.DOTALL | re.IGNORECASE)[:200_000]):
        return CannotRead(
            "no_text", "The page's text is put there by its scripts and was not saved.", "Open it in a browser, save it as a complete page and ingest that."
        )
    return CannotRead("no_text", "The page has no report on it.", "Check that the page was saved whole and is not an error page.")
