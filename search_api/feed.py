"""Alerts as an Atom feed (RFC 4287): what a reader of feeds asks for every hour, with a key as the password."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from archive.watches import Alert
from fazhi.webhooks import name_alert
from search_api.watch_models import write_page

MEDIA_TYPE = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what no XML may hold


def write_feed(alerts: Sequence[Alert], *, title: str, base: str, address: str, language: str, beginning: str) -> bytes:
    """``base``: where this server is reached; ``address``: of the feed below it; ``beginning``: ISO time where there is no alert yet."""
    feed = Element("feed", {"xmlns": _SPACE, "xml:lang": "en" if language == "en" else "zh-CN", "xml:base": f"{base}/"})
    _add(feed, "id", f"{base}{address}")
    _add(feed, "title", title)
    _add(feed, "updated", alerts[0].time if alerts else beginning)
    SubElement(feed, "link", {"rel": "self", "href": f"{base}{address}", "type": MEDIA_TYPE})
    author = SubElement(feed, "author")
    _add(author, "name", "fazhi-graph")
    for alert in alerts:
        _add_entry(feed, alert, base, language)
    body: str = tostring(feed, encoding="unicode")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body.encode()


def _add_entry(feed: Element, alert: Alert, base: str, language: str) -> None:
    content, evidence = alert.content, alert.content.get("evidence") or []
    entry = SubElement(feed, "entry")
    _add(entry, "id", f"urn:fazhi:alert:{name_alert(alert)}")
    _add(entry, "title", str(content.get("text_en" if language == "en" else "text_zh", "")))
    _add(entry, "updated", alert.time)
    page = write_page(evidence[0]) if evidence else f"/reports/{content.get('report', '')}"
    SubElement(entry, "link", {"rel": "alternate", "href": f"{base}{page}", "type": "text/html"})
    for number, one in enumerate(evidence):
        if number:
            SubElement(entry, "link", {"rel": "related", "href": f"{base}{write_page(one)}", "title": _clean(str(one.get("which", "")))})
    sentences = "\n".join(f"{one['which']} “{one['text']}”".strip() for one in evidence)
    _add(entry, "content", f"{sentences}\n{content.get('key', '')} · {alert.snapshot}".strip()).set("type", "text")


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
