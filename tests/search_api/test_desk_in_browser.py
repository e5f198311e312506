"""What the pages' script does, driven by hand and by key in a real browser: files that are dropped, a job's progress, one key for a decision; and moves that
need no script: through the drawn graph, between two names, down the tree of places.

The browser is the system's Chromium; where there is none these tests are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from in_browser import NEEDS_CHROMIUM, PATIENCE, serving
from search_api_corpus import A, fill

from fazhi import lease
from fazhi.settings import Settings
from ingest.ids import report_id

pytestmark = NEEDS_CHROMIUM

REPORT = report_id("甲溪镇2023.txt")
DROPPED = """(names) => {
  const dropped = new DataTransfer();
  for (const name of names) dropped.items.add(new File([`${name}法治政府建设情况报告\\n一、主要成效\\n全镇开展法律八进活动。\\n`], name, { type: "text/plain" }));
  return dropped;
}"""
# what the page showed while it was not loaded anew: kept over the load that ends it
WATCHED = """
if (location.pathname.startsWith("/jobs/")) addEventListener("DOMContentLoaded", () => {
  const seen = (words) => sessionStorage.setItem("seen", `${sessionStorage.getItem("seen") || ""}${words}|`);
  const count = document.getElementById("count");
  seen(count ? "open" : "closed");
  if (count) new MutationObserver(() => seen(count.textContent)).observe(count, { childList: true, characterData: true, subtree: true });
});
"""


@pytest.fixture(scope="module")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Of a service of its own: these tests change what it serves."""
    return fill(tmp_path_factory.mktemp("desk") / "home")


@pytest.fixture(scope="module")
def desk(own_settings: Settings) -> Iterator[str]:
    with serving(own_settings) as address:
        yield address


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A page that has not been anywhere; whatever its console complains of fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    context.close()
    assert not complaints


def drop(tab: Any, *names: str) -> None:
    """Files from outside the browser, let go over the middle of the page."""
    tab.dispatch_event("main", "drop", {"dataTransfer": tab.evaluate_handle(DROPPED, list(names))})


def in_focus(tab: Any, what: str) -> Any:
    return tab.evaluate(f"document.activeElement.{what}")


# -- files that are dropped, and how their job goes -------------------------------------------------------------------------------------------------------


def test_files_may_be_dropped_anywhere_on_the_page(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/upload")
    assert tab.is_visible("[data-script]")  # says so only where it works
    over = tab.evaluate_handle(DROPPED, ["丁山镇2024.txt"])
    tab.dispatch_event("main", "dragover", {"dataTransfer": over})
    assert "over" in tab.get_attribute("#drop", "class").split()
    tab.dispatch_event("main", "dragleave", {"dataTransfer": over})
    assert "over" not in tab.get_attribute("#drop", "class").split()
    drop(tab, "丁山镇2024.txt", "丁山镇2025.txt")
    assert tab.evaluate("[...document.querySelector('#drop input').files].map((file) => file.name)") == ["丁山镇2024.txt", "丁山镇2025.txt"]
    assert in_focus(tab, "name") == "file"
    tab.dispatch_event("main", "drop", {"dataTransfer": tab.evaluate_handle("() => new DataTransfer()")})
    assert tab.evaluate("document.querySelector('#drop input').files.length") == 2  # dropped text is no file, and takes none away


def test_a_dropped_file_becomes_a_job_whose_progress_comes_by_itself(desk: str, tab: Any, own_settings: Settings) -> None:
    tab.add_init_script(WATCHED)
    with lease.hold(own_settings.home, "ingest"):  # somebody ingests on the command line: the job waits, the page tells so
        tab.goto(f"{desk}/upload")
        drop(tab, *(f"戊川镇{year}.txt" for year in range(2015, 2021)))
        tab.click("main form.desk button")
        tab.wait_for_url("**/jobs/*")
        assert tab.is_visible("#progress")
        assert "queued" in tab.get_attribute("#state", "class").split()
        tab.wait_for_function("sessionStorage.getItem('seen').split('|').length > 2")  # the first word of the server came
    # nobody touches the page: it follows the job, and is loaded once more at its end
    tab.wait_for_selector("#state.done")
    seen = tab.evaluate("sessionStorage.getItem('seen')").strip("|").split("|")
    assert seen[0] == "open" and seen[-1] == "closed"
    counts = [int(words.partition("/")[0]) for words in seen[1:-1] if words != "open"]
    assert counts == sorted(counts)
    assert not tab.query_selector("#progress")
    found = dict(zip(tab.locator("dl.facts dt").all_text_contents(), tab.locator("dl.facts dd").all_text_contents(), strict=True))
    assert found == {"新": "6"}
    tab.goto(f"{desk}/?q=戊川镇")
    assert tab.locator("li.hit").count() == 6


# -- one key for a decision -------------------------------------------------------------------------------------------------------------------------------


def current(tab: Any) -> int:
    """Which fact of the queue is the current one; there is never more than one."""
    found: list[int] = tab.evaluate("[...document.getElementById('queue').children].flatMap((fact, at) => fact.classList.contains('current') ? [at] : [])")
    (at,) = found
    return at


def decided(tab: Any) -> list[str]:
    return [" ".join(words.split()) for words in tab.locator("main table tbody th").all_text_contents()]


def test_keys_walk_the_queue_and_decide(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}")
    size = tab.evaluate("document.getElementById('queue').children.length")
    assert size > 2
    assert current(tab) == 0
    for key, at in (("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0), *[("j", min(step, size - 1)) for step in range(1, size + 1)]):
        tab.keyboard.press(key)
        assert current(tab) == at
    assert in_focus(tab, "classList.contains('current')")  # who reads the screen hears it
    tab.keyboard.press("k")
    with_shortcut = current(tab)
    tab.keyboard.press("Control+j")
    assert current(tab) == with_shortcut
    first, second = (tab.locator("#queue > li strong").nth(at).text_content() for at in (0, 1))
    tab.goto(f"{desk}/review?report={REPORT}")
    with tab.expect_navigation():
        tab.keyboard.press("a")
    assert any(words.endswith(first) for words in decided(tab))
    assert tab.evaluate("document.getElementById('queue').children.length") == size - 1
    assert tab.locator("#queue > li strong").first.text_content() == second
    with tab.expect_navigation():
        tab.keyboard.press("r")
    assert len(decided(tab)) == 2
    # both decisions are the service's, not the page's
    told = tab.request.get(f"{desk}/api/reviews").json()
    assert sorted(review["action"] for review in told["reviews"]) == ["accept", "reject"]


def test_a_key_leads_to_merging_and_letters_in_a_field_are_letters(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}")
    reviews = len(decided(tab))
    tab.keyboard.press("m")
    assert in_focus(tab, "name") == "node"
    assert in_focus(tab, "value") == ""  # the key itself is not written into it
    tab.keyboard.type("jakrm")
    assert (in_focus(tab, "value"), current(tab), len(decided(tab))) == ("jakrm", 0, reviews)


# -- through the graph and down the tree of places --------------------------------------------------------------------------------------------------------


def test_the_graph_is_walked_by_key_and_by_click(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/graph?id={A}")
    box = tab.locator("svg.network a[aria-label^='法律八进']")
    box.focus()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.locator("h1").text_content() == "法律八进"
    with tab.expect_navigation():
        tab.locator("svg.network a[aria-label^='乙岭乡']").click()
    assert tab.locator("h1").text_content() == "乙岭乡"
    tab.go_back()
    assert tab.locator("h1").text_content() == "法律八进"
    tab.locator("select[name=relation]").select_option("ADOPTS")
    tab.fill("form[action='/graph'] input[name=year]", "2022")
    with tab.expect_navigation():
        tab.locator("form[action='/graph'] button").click()
    assert "relation=ADOPTS" in tab.url and "year=2022" in tab.url
    drawn = tab.evaluate("[...document.querySelectorAll('svg.network a')].map((box) => box.getAttribute('aria-label').split(' ')[0])")
    assert drawn == ["乙岭乡"]  # whoever else takes it up does so in another year
    tab.goto(tab.url)  # the address alone shows the same again
    assert tab.locator("svg.network a").count() == 1


def test_a_way_is_asked_for_where_one_is_and_leads_to_its_sentence(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/graph?id={A}")
    tab.fill("form[action='/paths'] input[name=to]", "乙岭乡")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.locator(".way").count() >= 1
    with tab.expect_navigation():
        tab.locator(".way .passage a").first.click()
    assert "/reports/" in tab.url
    assert tab.locator(".pointed").first.is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_places_open_by_key_and_narrow_by_click(desk: str, browser: Any, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    tab = context.new_page()
    try:
        tab.goto(f"{desk}/?q=法治")
        town = tab.locator("nav.facets details a", has_text="甲溪镇")
        summary = tab.locator("nav.facets details:has(a:text-is('甲溪镇')) > summary").last
        assert town.is_visible()  # one county only: it stands open
        summary.focus()
        tab.keyboard.press("Enter")
        assert not town.is_visible()
        tab.keyboard.press("Enter")
        assert town.is_visible()
        with tab.expect_navigation():
            town.click()
        assert "甲溪镇" in (tab.locator("ul.chips a").text_content() or "")
        assert not tab.locator("nav.facets details").count()  # nothing is left to choose
        tab.goto(f"{desk}/?q=法治&place=cn:350524")
        assert tab.locator("nav.facets a[aria-current]").text_content() == "安溪县"
    finally:
        context.close()


def test_what_was_understood_is_taken_back_by_click(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/")
    tab.fill("#q", "2022年安溪县有哪些乡镇开展了法律八进？")
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    narrow = tab.locator("li.hit").count()
    with tab.expect_navigation():
        tab.locator(".understood a[title*='2022年']").click()
    assert tab.locator("li.hit").count() > narrow > 0
    assert tab.input_value("#q") == "安溪县有哪些乡镇开展了法律八进？"
    assert tab.locator(".understood b").all_text_contents() == ["安溪县", "乡镇级"]
