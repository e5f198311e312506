"""Pages on a narrow screen, in a real browser: what was wider or longer than anybody reads on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from in_browser import NEEDS_CHROMIUM, PATIENCE, serving
from search_api_corpus import A, B

from fazhi.settings import Settings
from search_api.routers.pages import graph

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    with serving(settings) as address:
        yield address


def open_page(browser: Any, address: str, width: int) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def measure_cells(row: Any) -> tuple[dict[str, float], dict[str, float]]:
    """Where the first two cells are, both at one moment: charts that come later push the table down."""
    first, second, *_ = row.evaluate("(row) => [...row.querySelectorAll('td')].map((cell) => cell.getBoundingClientRect().toJSON())")
    return first, second


def test_two_places_stand_below_each_other_each_with_its_name(browser: Any, address: str) -> None:
    page = open_page(browser, f"{address}/compare?left={A}&right={B}", 390)
    region = page.locator(".scroll:has(#items)")
    assert region.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    row = page.locator("#items tbody tr").first
    left, right = row.locator("td").nth(0), row.locator("td").nth(1)
    assert left.locator(".which").inner_text() == "甲溪镇" and right.locator(".which").inner_text() == "乙岭乡"
    above, below = measure_cells(row)
    assert above["bottom"] <= below["top"] and abs(above["left"] - below["left"]) < 1
    wide = open_page(browser, f"{address}/compare?left={A}&right={B}", 1440)
    assert not wide.locator(".which").first.is_visible()
    first, second = measure_cells(wide.locator("#items tbody tr").first)
    assert first["top"] == second["top"] and first["right"] <= second["left"]


def test_the_table_of_the_graph_is_folded_with_a_link_to_all(browser: Any, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "_FEW", 2)
    page = open_page(browser, f"{address}/graph?id={A}", 390)
    rows = page.locator("#ties tbody tr")
    assert rows.count() > 2
    assert sum(row.is_visible() for row in rows.all()) == 2
    assert page.locator(".scroll:has(#ties)").evaluate("(one) => one.scrollWidth <= one.clientWidth")
    page.get_by_role("link", name=f"列出全部 {rows.count()} 条").click()
    page.wait_for_url("**rows=all**")
    assert all(row.is_visible() for row in page.locator("#ties tbody tr").all())
    wide = open_page(browser, f"{address}/graph?id={A}", 1440)
    assert all(row.is_visible() for row in wide.locator("#ties tbody tr").all())
    assert not wide.locator(".all-rows").is_visible()
