from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from lxml import html
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from fazhi.explaining.view import name_path
from fazhi.settings import Settings
from ingest.text import Text
from search_api import models, rereading
from search_api.app import create_app
from search_api.cleaning import pair_paragraphs
from search_api.routers.pages.layout import read_words
from search_api.routers.pages.terms import choose_terms
from search_api.routers.pages.wording import cut_highlights, list_runs

Ids = Callable[[str], str]


def page(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    client.cookies.clear()  # one client serves many tests, and the language is kept in a cookie
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("text/html")
    return html.document_fromstring(response.text)


def inside(found: html.HtmlElement, name: str, tag: str) -> list[html.HtmlElement]:
    return [part for whole in found.find_class(name) for part in whole.iter(tag)]


def titles(found: html.HtmlElement) -> list[html.HtmlElement]:
    return [link for heading in inside(found, "hit", "h2") for link in heading.iter("a")]


def test_the_search_page_lights_the_words(client: TestClient) -> None:
    found = page(client, "/?q=法律八进")
    assert "法律八进" in {mark.text for mark in inside(found, "hit", "mark")}
    assert len(found.find_class("hit")) == 5


def test_a_hit_leads_to_its_sentence_in_the_report(client: TestClient, report: Ids) -> None:
    links = inside(page(client, "/?q=茶香室"), "passage", "a")
    address, _, fragment = links[0].get("href").partition("#")
    assert address.startswith(f"/reports/{report('甲溪镇2023.txt')}?at=")
    target = page(client, address)
    assert target.get_element_by_id(fragment) is not None
    pointed = "".join(part.text_content() for part in target.find_class("pointed"))
    assert pointed == links[0].text_content()


def test_initials_that_nothing_has_lead_to_the_names_they_stand_for(client: TestClient) -> None:
    """Found by a tester: fljj found nothing and the page gave no hint."""
    found = page(client, "/?q=调解 flbj&place=甲溪镇")
    assert not found.find_class("hit")
    links = [link for link in inside(found, "mean", "a") if link.text == "法律八进"]
    address = links[0].get("href")
    assert "place=" in address  # the filters stay
    assert len(page(client, address).find_class("hit")) > 0
    assert all("法" in link.text or link.text == "调解" for link in inside(found, "mean", "a"))  # 调解 stays
    assert "按拼音" in found.text_content() and "按拼音" not in page(client, "/?q=没有人写过的词语").text_content()
    for question in ("flbj（", "f" * 1999, "flbj OR lbj", "-flbj"):
        assert client.get("/", params={"q": question}, headers={"accept": "text/html"}).status_code in (200, 400)


def test_facets_narrow_and_chips_widen_again(client: TestClient) -> None:
    found = page(client, "/?q=法律八进")
    link = next(link for link in inside(found, "facets", "a") if link.text == "乙岭乡")
    narrowed = page(client, link.get("href"))
    assert len(narrowed.find_class("hit")) == 1
    (chip,) = inside(narrowed, "chips", "a")
    assert chip.text.strip() == "乙岭乡"
    assert len(page(client, chip.get("href")).find_class("hit")) == 5


def test_the_pager_walks_on(client: TestClient) -> None:
    seen: list[str] = []
    client_url: str | None = "/?sort=year"
    many = [link.get("href") for link in titles(page(client, "/?sort=year"))]
    while client_url:
        found = page(client, client_url)
        seen += [link.get("href") for link in titles(found)]
        following = found.find_class("next")
        client_url = following[0].get("href") if following else None
    assert seen == many


def test_a_report_shows_its_facts_by_type(client: TestClient, report: Ids) -> None:
    found = page(client, f"/reports/{report('甲溪镇2023.txt')}")
    marks = {mark.text: mark for mark in inside(found, "text", "mark")}
    assert "t-program" in marks["法律八进"].get("class")
    assert "by_hand 0.90" in marks["法律八进"].get("title")
    assert "t-metric" in marks["126件"].get("class")
    frame = found.find_class("beside")[0].text_content()
    assert "福建省 › 泉州市 › 安溪县 › 甲溪镇" in frame
    assert "甲溪镇人民政府" in frame


def test_the_text_of_a_report_is_all_there(client: TestClient, report: Ids) -> None:
    from search_api_corpus import TALES

    for tale in TALES:
        shown = page(client, f"/reports/{report(tale.key)}").find_class("text")[0]
        assert [line.text_content() for line in shown.iter("p")] == [line for line in tale.text.split("\n") if line.strip()]


def test_a_type_can_be_chosen(client: TestClient, report: Ids) -> None:
    found = page(client, f"/reports/{report('甲溪镇2023.txt')}?type=relation")
    assert [mark.text for mark in inside(found, "text", "mark")] == ["法律八进", "建成“茶香室”调解工作室"]
    (chosen,) = found.xpath("//*[@aria-current]")
    assert "关系" in chosen.text_content()


def test_a_mark_leads_to_the_card_of_its_fact(client: TestClient, report: Ids) -> None:
    found = page(client, f"/reports/{report('甲溪镇2023.txt')}")
    (mark,) = [mark for mark in inside(found, "text", "mark") if mark.text == "法律八进"]
    card = found.get_element_by_id(mark.getparent().get("href")[1:])
    words = card.text_content()
    assert all(part in words for part in ("program:法律八进", "已完成", "by_hand", "0.90", "主要成效"))
    (beside,) = card.find_class("also")
    assert "甲溪镇 –ADOPTS→ 法律八进" in beside.text_content()
    program = page(client, next(link.get("href") for link in card.iter("a") if link.get("href").startswith("/")))
    assert program.xpath("//h1")[0].text == "法律八进"
    ids = found.xpath("//@id")
    assert len(set(ids)) == len(ids)
    assert {address[1:] for address in found.xpath("//@href") if address.startswith("#")} <= set(ids)


def test_what_was_rejected_is_read_again_when_asked_for(client: TestClient, report: Ids) -> None:
    address = f"/reports/{report('甲溪镇2023.txt')}"
    plain = page(client, address)
    section = plain.get_element_by_id("rejected")
    assert not list(section.iter("details"))
    (ask,) = section.iter("a")
    assert ask.get("href") == f"{address}?rejected=1#rejected"
    asked = page(client, ask.get("href").partition("#")[0])
    section = asked.get_element_by_id("rejected")
    assert "法治政府建设" in section.text_content()
    assert "现行规则或词表与入库时不同" in section.text_content()  # those of the archive were placed by hand
    assert [card.get("id") for card in asked.find_class("sheet")] == [card.get("id") for card in plain.find_class("sheet")]
    assert {code.text for card in asked.find_class("sheet") for code in card.iter("code")} >= {"by_hand"}
    spots = {spot.get("id") for spot in asked.find_class("spot")}
    assert {link.get("href")[1:] for group in section.find_class("places") for link in group.iter("a")} == spots != set()


def test_a_report_shows_even_where_reading_it_again_fails(client: TestClient, report: Ids, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("rules broken")

    address = f"/reports/{report('甲溪镇2023.txt')}?rejected=1&lang=en"
    monkeypatch.setattr(rereading, "explain_again", fail)
    found = page(client, address)
    assert "Reading it again failed" in found.get_element_by_id("rejected").text_content()
    assert len(found.find_class("sheet")) == 5
    monkeypatch.setattr(rereading, "LIMIT", 10)
    assert "more than 10 characters" in page(client, address).get_element_by_id("rejected").text_content()


def test_what_is_asked_for_stays_asked_for(client: TestClient, report: Ids) -> None:
    found = page(client, f"/reports/{report('甲溪镇2023.txt')}?rejected=1&lang=en")
    only = [link.get("href") for link in inside(found, "legend", "a")]
    assert only
    assert all("rejected=1" in address and "lang=en" in address and "type=" in address for address in only)


def test_script_in_a_report_is_text(client: TestClient, report: Ids) -> None:
    for path in (
        f"/reports/{report('无名镇2023.txt')}",
        f"/reports/{report('无名镇2023.txt')}?rejected=1",
        "/?q=法律八进",
        "/?q=<script>alert(3)</script>",
        "/?place=<script>",
        "/?from=<script>",
    ):
        response = client.get(path, headers={"accept": "text/html"})
        found = html.document_fromstring(response.text)
        assert all(script.get("src", "").startswith("/assets/") and not script.text for script in found.iter("script"))  # none but our own
        assert not [link for link in found.iter("a") if (link.get("href") or "").lower().startswith("javascript")]
    text = page(client, f"/reports/{report('无名镇2023.txt')}").find_class("text")[0].text_content()
    assert "<script>alert('法律八进')</script>" in text


def test_the_original_stands_beside_the_cleaned_text(client: TestClient, report: Ids) -> None:
    from search_api_corpus import TALES

    for tale in TALES:
        found = page(client, f"/reports/{report(tale.key)}/cleaned")
        assert "".join(cell.text_content() for cell in found.find_class("verbatim")) == tale.text
    link = next(link for link in page(client, f"/reports/{report('空.txt')}").iter("a") if (link.get("href") or "").endswith("/cleaned"))
    assert client.get(link.get("href")).status_code == 200


def test_what_was_dropped_or_written_another_way_is_told() -> None:
    text = Text.of("\n本鎮 開展“法律八进”活動。\n\n  全年調解糾紛１２６件。  \n")
    rows = pair_paragraphs(text)
    assert [row.clean for row in rows] == text.clean.strip("\n").split("\n") == ["本镇开展“法律八进”活动。", "全年调解纠纷126件。"]
    assert "".join(piece.text for row in rows for piece in row.original) == text.original
    changed = "".join(piece.text for row in rows for piece in row.original if piece.state == "changed")
    assert set(changed) >= set("鎮開動調糾紛１２６")
    assert " " in "".join(piece.text for piece in rows[0].original if piece.state == "dropped")
    assert pair_paragraphs(Text.of("")) == []


def test_an_undecided_township_says_so(client: TestClient, report: Ids) -> None:
    beside = page(client, f"/reports/{report('无名镇2023.txt')}").find_class("beside")[0].text_content()
    assert "正文没有写明是哪个乡镇" in beside
    assert "cn:350524/丙河镇" in beside


def test_the_path_goes_down_to_a_place_without_a_name() -> None:
    assert name_path(("福建省", "安溪县"), "某镇（未具名）") == ["福建省", "安溪县", "某镇（未具名）"]
    assert name_path(("福建省", "甲溪镇"), "甲溪镇") == ["福建省", "甲溪镇"]


def test_a_wrong_question_keeps_the_form_and_says_where(client: TestClient) -> None:
    found = page(client, '/?q=法律 AND "八进', status=400)
    assert found.get_element_by_id("q").get("value") == '法律 AND "八进'
    assert "第 8 个字符" in found.find_class("problem")[0].text_content()


def test_a_wrong_year_is_a_problem_on_the_page(client: TestClient) -> None:
    assert "from" in page(client, "/?from=abc", status=422).find_class("problem")[0].text_content()


def test_no_hits_is_not_shown_as_not_done(client: TestClient) -> None:
    assert "这只说明" in page(client, "/?q=没有人写过的词语").find_class("empty")[0].text_content()


def test_an_empty_collection_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(home=tmp_path)), base_url=LOCAL) as client:
        assert "fazhi ingest" in page(client, "/").find_class("empty")[0].text_content()


def test_english_stays_english(client: TestClient) -> None:
    found = page(client, "/?q=法律八进&lang=en")
    assert found.get("lang") == "en"
    assert "reports" in found.find_class("summary")[0].text_content()
    assert all("lang=en" in link.get("href") for link in inside(found, "hit", "a") + inside(found, "facets", "a"))


def test_the_language_that_was_asked_for_is_kept(client: TestClient) -> None:
    assert page(client, "/?lang=en").get("lang") == "en"
    later = client.get("/?q=法律八进", headers={"accept": "text/html"})  # with the cookie of the request before
    assert html.document_fromstring(later.text).get("lang") == "en"
    assert "lang=en" not in "".join(link.get("href") for link in inside(html.document_fromstring(later.text), "hit", "a"))
    assert "lang" not in client.get("/?lang=xx", headers={"accept": "text/html"}).headers.get("set-cookie", "")
    assert page(client, "/").get("lang") == "zh-CN"


def test_what_a_form_leaves_empty_is_dropped_from_the_address(client: TestClient) -> None:
    answer = client.get("/?q=法律八进&place=&from=&to=2023&section=", follow_redirects=False)
    assert answer.status_code == 303
    assert httpx.URL(answer.headers["location"]).params.multi_items() == [("q", "法律八进"), ("to", "2023")]


def test_the_start_page_leads_into_the_collection(client: TestClient) -> None:
    found = page(client, "/")
    assert not found.find_class("hit")
    assert "6 份报告" in found.find_class("coverage")[0].text_content() or "7 份报告" in found.find_class("coverage")[0].text_content()
    link = next(link for link in inside(found, "tile", "a") if link.text == "2023")
    assert len(page(client, link.get("href")).find_class("hit")) == 3


def test_the_navigation_says_where_one_is(client: TestClient) -> None:
    (current,) = page(client, "/?q=法律八进").xpath("//nav//a[@aria-current]")
    assert current.text == "检索"


def test_every_label_has_both_languages() -> None:
    assert all(set(words) == {"zh", "en"} and all(words.values()) for words in read_words().values())


def test_nothing_comes_from_another_host(client: TestClient, report: Ids) -> None:
    addresses = re.compile(r"""(?:src|href)=["']?([^"'> ]+)|url\(([^)]*)\)|@import\s+(\S+)""")
    for path in ("/", "/docs", f"/reports/{report('空.txt')}", f"/reports/{report('乙岭乡2023.txt')}?rejected=1", "/assets/style.css", "/assets/view.css"):
        for groups in addresses.findall(client.get(path).text):
            address = next(group for group in groups if group)
            assert address.startswith(("/", "#")) and not address.startswith("//"), address


def test_the_manual_has_all_its_files(client: TestClient) -> None:
    found = page(client, "/docs")
    files = [script.get("src") for script in found.iter("script")] + [link.get("href") for link in found.iter("link")]
    assert all(client.get(file).status_code == 200 for file in files)
    assert client.get(found.get_element_by_id("manual").get("data-openapi")).status_code == 200


def test_years_without_a_report_show_in_the_coverage() -> None:
    assert list(list_runs((2019, 2020, 2021, 2023))) == ["2019–2021", "2023"]


def test_highlights_that_overlap_are_cut_once() -> None:
    spans = (models.Span(start=11, end=13), models.Span(start=12, end=14), models.Span(start=20, end=30))
    pieces = cut_highlights(models.Passage(text="甲乙丙丁戊", start=10, end=15, section="other", highlights=spans))
    assert pieces == [("甲", False), ("乙丙", True), ("丁", True), ("戊", False)]


def test_a_place_that_no_report_is_of_is_told_on_the_page(client: TestClient) -> None:
    found = page(client, "/?q=place:不存在镇")
    assert "本库没有叫“不存在镇”的地方。" in found.find_class("caution")[0].text_content()
    assert "在官方名录中，但本库没有它的报告" in page(client, "/?q=place:参内镇").find_class("caution")[0].text_content()
    near = page(client, "/?q=place:甲溪乡 没有这样的词语")
    assert [link.text for link in inside(near, "caution", "a")] == ["甲溪镇"]
    assert not page(client, "/?q=place:甲溪镇").find_class("caution")


def test_the_coverage_of_a_county_shows_townships_without_reports(client: TestClient) -> None:
    found = page(client, "/coverage?place=cn:350524")
    absent = found.get_element_by_id("matrix").find_class("absent")
    assert len(absent) == 24 and "参内镇" in {one.text for one in absent}
    assert "名录中有 24 个乡镇，其中 0 个在本库至少有一份报告。" in found.find_class("register")[0].text_content()
    fewer = page(client, "/coverage?place=cn:350524&registered=false")
    assert not fewer.find_class("absent") and "24" in fewer.find_class("register")[0].text_content()
    assert "参内镇" in client.get("/charts/coverage.csv?place=cn:350524").text
    assert len(page(client, "/places/cn:350524").find_class("absent")) == 24


def test_words_that_set_a_result_apart_are_listed_when_asked_for(client: TestClient) -> None:
    plain = page(client, "/?q=法律八进&from=2021")
    (link,) = [link for link in inside(plain, "tools", "a") if "terms=1" in link.get("href")]
    assert "from=2021" in link.get("href") and not plain.find_class("terms")
    found = page(client, link.get("href").partition("#")[0])
    words = inside(found, "terms", "li")
    assert words
    for word in words:
        (more,) = word.iter("a")
        narrowed = page(client, more.get("href"))
        assert "terms" not in more.get("href") and "from=2021" in more.get("href")
        assert narrowed.find_class("summary")[0].text_content().strip() == f"共 {word.xpath('./span')[0].text} 份报告"
    assert not page(client, "/?q=没有这样的词语&terms=1").find_class("terms")


def test_parts_of_words_and_words_of_the_question_are_no_terms() -> None:
    def term(word: str, reports: int) -> models.SignificantTerm:
        return models.SignificantTerm(term=word, reports=reports, all_reports=99, score=20.0)

    found = [term("成功率", 50), term("功率", 50), term("法律顾问", 40), term("顾问", 40), term("律师", 30), term("村", 90), term("村居", 20)]
    assert [one.term for one in choose_terms(found, "法律顾问")] == ["成功率", "律师", "村", "村居"]
