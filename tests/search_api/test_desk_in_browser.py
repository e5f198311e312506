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


def waiting(tab: Any) -> list[str]:
    """Ids of the facts in the queue, in order."""
    found: list[str] = tab.evaluate("[...document.getElementById('queue').children].map((fact) => fact.id)")
    return found


def open_queue(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}")
    tab.click("#keys button")


def settle(tab: Any, decisions: int) -> None:
    """Until the page shows that many decisions and none is on its way."""
    tab.wait_for_selector("#queue:not(:has(> [inert]))", state="attached")
    tab.wait_for_selector(f"#decisions tbody:has(> tr:nth-child({decisions}))", state="attached")


@pytest.fixture
def undoing(desk: str, tab: Any) -> Iterator[None]:
    """Decisions of a test do not stay: others count facts."""
    yield
    for review in tab.request.get(f"{desk}/api/reviews?size=200").json()["reviews"]:
        if review["state"] != "undone":
            assert tab.request.delete(f"{desk}/api/reviews/{review['id']}?user=test").ok


def made(desk: str, tab: Any) -> list[tuple[str, str]]:
    """What was decided and still holds, oldest first: action and fact."""
    told = tab.request.get(f"{desk}/api/reviews?size=200").json()["reviews"]
    return [(review["action"], f"fact-{review['fact']}") for review in reversed(told) if review["state"] != "undone"]


def test_keys_walk_the_queue(desk: str, tab: Any) -> None:
    open_queue(desk, tab)
    size = len(waiting(tab))
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


@pytest.mark.usefixtures("undoing")
def test_keys_pressed_quickly_decide_on_what_is_marked(desk: str, tab: Any) -> None:
    """Found by a tester: after j j j r a the fourth fact was rejected and, the page having been loaded anew, the first accepted."""
    open_queue(desk, tab)
    before = waiting(tab)
    assert len(before) > 4
    for key in "jjra":
        tab.keyboard.press(key)
    settle(tab, 2)
    assert made(desk, tab) == [("reject", before[2]), ("accept", before[3])]
    assert waiting(tab)[:3] == [before[0], before[1], before[4]]
    assert in_focus(tab, "id") == before[4]


@pytest.mark.usefixtures("undoing")
def test_a_decision_by_click_keeps_the_place(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}")
    before = waiting(tab)
    tab.locator("#queue > li").nth(1).locator("button.accept").click()
    settle(tab, 1)
    assert made(desk, tab) == [("accept", before[1])]
    assert in_focus(tab, "id") == before[2]
    tab.locator("#decisions form button").first.click()
    tab.wait_for_selector("#decisions:not(:has(form))", state="attached")
    assert made(desk, tab) == []
    assert waiting(tab) == before


@pytest.mark.usefixtures("undoing")
def test_a_decision_that_fails_says_so_and_leaves_the_fact(desk: str, tab: Any) -> None:
    # before the page is there: on a busy machine what was set afterwards once let the request through
    tab.route("**/review", lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>登录</h1>"))
    open_queue(desk, tab)
    before = waiting(tab)
    tab.keyboard.press("a")
    tab.wait_for_selector("#refused [role=alert]")
    assert waiting(tab) == before
    assert tab.evaluate("document.querySelectorAll('#queue > [inert]').length") == 0
    assert made(desk, tab) == []


@pytest.mark.usefixtures("undoing")
def test_the_last_fact_is_decided_on_and_keys_do_nothing_then(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}&type=program")
    tab.click("#keys button")
    size = len(waiting(tab))
    assert 0 < size < 20
    for _ in range(size + 2):
        tab.keyboard.press("a")
    tab.wait_for_selector("#queue:not(:has(> li))", state="attached")
    assert in_focus(tab, "id") == "left"
    tab.keyboard.press("r")
    tab.keyboard.press("m")
    assert [action for action, _ in made(desk, tab)] == ["accept"] * size


def test_single_keys_act_in_the_list_only_and_are_switched_off(desk: str, tab: Any) -> None:
    """WCAG 2.1.4: a letter that is spoken or pressed by mistake outside of the list decides on nothing."""
    tab.goto(f"{desk}/review?report={REPORT}")
    before = waiting(tab)
    for key in "jarm":
        tab.keyboard.press(key)
    assert (current(tab), waiting(tab), made(desk, tab)) == (0, before, [])
    tab.uncheck("#keys input")
    assert not tab.locator("#queue kbd").first.is_visible()
    tab.goto(f"{desk}/review?report={REPORT}")  # it is remembered
    assert not tab.is_checked("#keys input")
    tab.click("#keys button")
    for key in "jarm":
        tab.keyboard.press(key)
    assert (current(tab), waiting(tab), made(desk, tab)) == (0, before, [])
    tab.check("#keys input")
    tab.click("#keys button")
    tab.keyboard.press("j")
    assert current(tab) == 1


def walk_to(tab: Any, node: str) -> None:
    for _ in range(len(waiting(tab))):
        if in_focus(tab, "dataset.node") == node:
            return
        tab.keyboard.press("j")
    raise AssertionError(f"no fact of the queue is about {node}")


@pytest.mark.usefixtures("undoing")
def test_a_key_and_enter_merge_with_the_nearest_name(desk: str, tab: Any) -> None:
    tab.goto(f"{desk}/review?report={REPORT}&type=program")
    tab.click("#keys button")
    walk_to(tab, "program:法律八进")
    tab.keyboard.press("m")
    tab.wait_for_selector("#alike input:checked")
    assert in_focus(tab, "checked") is True
    offered = tab.locator("#alike input").evaluate_all("(buttons) => buttons.map((button) => button.value)")
    assert offered and "program:法律八进" not in offered and all(id.startswith("program:") for id in offered)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#alike[hidden]", state="attached")
    (review,) = [one for one in tab.request.get(f"{desk}/api/reviews").json()["reviews"] if one["state"] != "undone"]
    assert (review["action"], review["node"], review["target"]) == ("merge", "program:法律八进", offered[0])
    assert tab.evaluate("document.getElementById('queue').contains(document.activeElement)")
    assert not tab.is_visible("#alike")


def test_letters_in_a_field_are_letters_and_escape_leads_back(desk: str, tab: Any) -> None:
    open_queue(desk, tab)
    reviews = len(made(desk, tab))
    tab.focus("#merge input[name=node]")
    tab.keyboard.type("jakrm")
    assert (in_focus(tab, "value"), current(tab), len(made(desk, tab))) == ("jakrm", 0, reviews)
    tab.keyboard.press("Escape")
    assert in_focus(tab, "id") == waiting(tab)[0]


def test_a_file_is_chosen_on_a_phone(desk: str, tab: Any) -> None:
    tab.set_viewport_size({"width": 390, "height": 900})
    for path in ("/upload", f"/review?report={REPORT}"):
        tab.goto(f"{desk}{path}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390


# -- names while a question is typed ----------------------------------------------------------------------------------------------------------------------


def test_names_are_offered_while_a_question_is_typed(desk: str, tab: Any) -> None:
    """Found by a tester: fljj found nothing, although the service knows 法律进机关 by its initials."""
    tab.goto(f"{desk}/")
    tab.click("#q")
    tab.keyboard.type("网格 与 flbj")
    tab.wait_for_selector("#suggested li")
    assert tab.get_attribute("#q", "aria-expanded") == "true"
    offered = tab.locator("#suggested li").evaluate_all("(options) => options.map((option) => option.dataset.text)")
    tab.keyboard.press("ArrowDown")
    assert tab.get_attribute("#q", "aria-activedescendant") == "suggested-0"
    tab.keyboard.press("Enter")
    assert tab.input_value("#q") == f"网格 与 {offered[0]}"  # the other words stay, and nothing was sent yet
    assert not tab.is_visible("#suggested")
    tab.fill("#q", "flbj")
    tab.wait_for_selector("#suggested li")
    tab.keyboard.press("Escape")
    assert not tab.is_visible("#suggested")
    assert tab.input_value("#q") == "flbj"
    tab.fill("#q", "flbji")
    tab.fill("#q", "flbj")
    tab.click("#suggested li >> nth=0")
    assert tab.input_value("#q") == offered[0]
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    assert tab.locator("li.hit").count() > 0


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
