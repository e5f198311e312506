"""Every kind of page in a real browser, in both widths: axe finds nothing against WCAG 2.2 AA, nothing is wider than a phone, the policy blocks nothing.

The browser is the system's Chromium; where there is none these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from in_browser import NEEDS_CHROMIUM, serving
from search_api_corpus import ROOM, A, B

from fazhi.settings import Settings
from ingest.ids import report_id

pytestmark = NEEDS_CHROMIUM

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REPORT = report_id("甲溪镇2023.txt")
PROGRAM = "program:法律八进"
PAGES = (
    "/",
    "/?q=法律八进&synonyms=true",
    "/?q=没有人写过的词语",
    '/?q=法律 AND "八进',
    "/?q=法律八进&lang=en",
    "/?q=flbj",
    "/?q=法律八进&terms=1",
    "/?q=place:甲溪乡 法律",
    f"/review?report={REPORT}",
    "/upload",
    f"/reports/{REPORT}",
    f"/reports/{REPORT}/cleaned",
    "/places",
    "/places?q=乙岭",
    f"/places/{A}",
    "/places/cn:350524",
    "/programs",
    f"/programs/{PROGRAM}",
    f"/programs/{PROGRAM}/diffusion",
    "/diffusion",
    "/programs/program:没有",
    "/entities?type=MediationRoom",
    f"/entities/{ROOM}",
    "/measures",
    "/measures?indicator=disputes_mediated",
    "/measures?indicator=disputes_mediated&view=rollup",
    "/coverage?indicator=disputes_mediated",
    "/coverage?place=cn:350524",
    "/graph",
    f"/graph?id={A}&hops=2",
    f"/paths?from={A}&to={B}",
    "/paths?from=法律&to=没有这个名称",
    "/?q=2023年安溪县有哪些乡镇开展了法律八进？",
    f"/compare?left={A}&right={B}",
    "/problems/invalid",
    "/alerts",
    "/jobs",
    "/settings",
)
WIDTHS = (1440, 390)


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(settings) as address:
        yield address


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_wcag_in_a_browser(address: str, browser: Any, path: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    try:
        tab.goto(f"{address}{path}", wait_until="load", timeout=120_000)
        for width in WIDTHS:
            tab.set_viewport_size({"width": width, "height": 900})
            wide = tab.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} pixels wide in a window of {width}"
            found = Axe().run(tab, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
            assert not found, "\n".join(_describe(violation) for violation in found)
        assert not complaints
    finally:
        tab.close()


def test_the_keyboard_reaches_text_charts_and_nodes(address: str, browser: Any) -> None:
    tab = browser.new_page(viewport={"width": WIDTHS[0], "height": 900})
    try:
        tab.goto(f"{address}/graph?id={A}", timeout=120_000)
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        tab.keyboard.press("Enter")
        reached = []
        for _ in range(60):
            tab.keyboard.press("Tab")
            reached.append(tab.evaluate("document.activeElement.closest('svg') ? document.activeElement.getAttribute('aria-label') : null"))
        assert any(name and name.startswith("法律八进") for name in reached)
    finally:
        tab.close()


def _describe(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['help']}: " + "; ".join(node["html"][:160] for node in violation["nodes"][:3])
