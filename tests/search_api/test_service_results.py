"""What a search tells beside its hits, reports like one report, and whole results as files."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import lxml.html
import pytest
from search_api_corpus import LOCAL, TALES, A, Tale, build_entry, fill
from starlette.testclient import TestClient

from fazhi import projection, workspace
from fulltext.query import Phrase
from fulltext.question import read
from fulltext.store import Filters
from fulltext.suggest import Entry, SuggestIndex
from ingest.ids import report_id
from search_api.app import create_app
from search_api.searching import Asked, SearchQuestion, _correct

TEXTS = {tale.key: tale.text for tale in TALES}
FILE = "/api/search/export"


def search(client: TestClient, **parameters: Any) -> Any:
    response = client.get("/api/search", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def test_the_parts_of_a_score_are_shown_where_they_are_asked_for(client: TestClient) -> None:
    assert search(client, q="法律八进")["hits"][0]["explanation"] is None
    for hit in search(client, q="法律八进 OR 信访", explain=True)["hits"]:
        assert sum(part["score"] for part in hit["explanation"]) == pytest.approx(hit["score"], rel=1e-4)
        assert {part["where"] for part in hit["explanation"]} <= {"text", "title", "own", "headings"}


def test_a_sentence_tells_whether_it_is_the_places_own_and_how_many_say_it(client: TestClient) -> None:
    hit = next(hit for hit in search(client, q="茶香室")["hits"] if hit["key"] == "甲溪镇2023.txt")
    assert (hit["passages"][0]["own"], hit["passages"][0]["places"]) == (True, 1)


def test_years_stand_beside_the_reports_that_there_are(client: TestClient) -> None:
    assert search(client, q="法律八进")["years"] is None
    years = search(client, q="法律八进", histogram=True)["years"]
    assert years == [{"year": 2021, "reports": 1, "covered": 1}, {"year": 2022, "reports": 1, "covered": 1}, {"year": 2023, "reports": 2, "covered": 3}]
    assert [year["reports"] for year in search(client, q="没有这样的话", histogram=True)["years"]] == [0, 0, 0]


def test_synonyms_are_used_and_told_only_when_asked_for(client: TestClient) -> None:
    plain = search(client, q="普法八进")
    assert (plain["total"], plain["synonyms"]) == (0, None)
    widened = search(client, q="普法八进", synonyms=True)
    assert widened["total"] == 5
    assert [entry["text"] for entry in widened["synonyms"]] == ["普法八进"]
    assert "法律八进" in widened["synonyms"][0]["also"]


@pytest.mark.parametrize(("typed", "meant"), [("法律把进", "法律八进"), ("法律八近", "法律八进"), ("program:法律八劲", "program:法律八进")])
def test_a_name_that_is_read_or_written_alike_is_offered(client: TestClient, typed: str, meant: str) -> None:
    answer = search(client, q=typed)
    assert answer["total"] == 0
    correction = answer["did_you_mean"][0]
    assert (correction["q"], correction["kind"]) == (meant, "spelling")
    assert correction["reports"] == search(client, q=meant)["total"] > 0


def test_any_of_the_words_is_offered_where_not_all_are_there(client: TestClient) -> None:
    answer = search(client, q="茶香室 信访积案")
    assert answer["total"] == 0
    assert answer["did_you_mean"][-1]["kind"] == "any"
    assert answer["did_you_mean"][-1]["reports"] == search(client, q=answer["did_you_mean"][-1]["q"])["total"] > 0


@pytest.mark.parametrize(
    ("typed", "as_typed", "offered"),
    [("法律把进", 0, ["法律八进"]), ("法律把进", 3, []), ("法律 把进", 0, []), ("法律把", 0, []), ("哪些乡镇有法律把进", 0, [])],
)
def test_a_name_is_offered_where_its_words_stand_apart_only(typed: str, as_typed: int, offered: list[str]) -> None:
    """法律把进 found 88 reports with 法律, 把 and 进 somewhere in them, and nothing was offered."""
    text = SimpleNamespace(count=lambda queries, _: [as_typed if isinstance(query, Phrase) else 9 for query in queries])
    index = SuggestIndex([Entry("法律八进", "program", "program:法律八进")])
    reader: Any = SimpleNamespace(suggestions=lambda: index, workspace=SimpleNamespace(text=text), remember=lambda asked, answer: answer())
    query, understood = read(typed)
    read_as = Asked(query, Filters(), (), understood)
    assert [one.q for one in _correct(reader, SearchQuestion(q=typed), read_as, found=True)] == offered


def test_nothing_is_offered_where_something_is_found(client: TestClient) -> None:
    assert search(client, q="法律八进")["did_you_mean"] == []


def test_facets_of_indicators_have_names_and_can_be_as_long_as_asked(client: TestClient) -> None:
    facets = search(client, facets="indicator,modality,township", facet_size=1)["facets"]
    assert facets["indicator"] == [{"value": "disputes_mediated", "label": "调解矛盾纠纷数", "reports": 3}]
    assert facets["modality"] == [{"value": "done", "label": "done", "reports": 5}]
    assert len(facets["township"]) == 1
    assert {hit["key"] for hit in search(client, indicator="disputes_mediated")["hits"]} == {"甲溪镇2021.txt", "甲溪镇2023.txt", "2022/乙岭乡2022.md"}


def test_initials_suggest_a_program(client: TestClient) -> None:
    suggested = client.get("/api/suggest", params={"q": "fljjg"}).json()["suggestions"]
    assert suggested[0]["text"] == "法律进机关"
    assert "法律进机关" in {entry["text"] for entry in client.get("/api/suggest", params={"q": "fljj"}).json()["suggestions"]}


def test_similar_reports_share_sentences_and_words(client: TestClient) -> None:
    answer = client.get(f"/api/similar/{report_id('甲溪镇2021.txt')}").json()
    keys = [hit["key"] for hit in answer["hits"]]
    assert keys[0] == "甲溪镇2023.txt"
    assert "甲溪镇2021.txt" not in keys
    shared = [passage["text"] for passage in answer["hits"][0]["passages"]]
    assert "全年调解矛盾纠纷126件。" in shared  # the same but for its number
    assert answer["hits"][0]["shared_words"]
    assert answer["coverage"]["reports"] == len(TALES)


def test_similar_reports_of_a_place_and_page_by_page(client: TestClient) -> None:
    address = f"/api/similar/{report_id('甲溪镇2021.txt')}"
    whole = [hit["report"] for hit in client.get(address).json()["hits"]]
    walked, cursor = [], None
    while True:
        page = client.get(address, params={"size": 2, **({"cursor": cursor} if cursor else {})}).json()
        walked += [hit["report"] for hit in page["hits"]]
        cursor = page["next"]
        if not cursor:
            break
    assert walked == whole
    assert {hit["place"] for hit in client.get(address, params={"place": "乙岭乡"}).json()["hits"]} == {"cn:350524/乙岭乡"}


def test_an_unknown_report_is_like_nothing(client: TestClient) -> None:
    assert client.get("/api/similar/0123456789abcdef").status_code == 404


def test_significant_terms_are_counted_in_the_result_and_in_all(client: TestClient) -> None:
    answer = client.get("/api/search/terms", params={"q": "法律八进", "size": 50}).json()
    terms = {term["term"]: (term["reports"], term["all_reports"]) for term in answer["terms"]}
    assert terms["八进"] == (5, 5)
    assert answer["total"] == 5
    assert answer["collection"] == len(TALES)
    assert "没有" not in terms  # it stands in a report of the rest only


def test_a_file_has_every_hit_in_order_with_its_sentence(client: TestClient) -> None:
    response = client.get(FILE, params={"q": "法律八进", "sort": "year"})
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    hits = search(client, q="法律八进", sort="year", size=100)["hits"]
    assert [row["report"] for row in rows] == [hit["report"] for hit in hits]
    for row in rows:
        assert row["sentence"].removeprefix("'") == TEXTS[row["key"]][int(row["start"]) : int(row["end"])]
    assert response.headers["x-snapshot"] == search(client)["snapshot"]
    assert "describedby" in response.headers["link"]


def test_a_file_without_a_question_has_every_report(client: TestClient) -> None:
    rows = [json.loads(line) for line in client.get(FILE, params={"format": "jsonl"}).text.splitlines()]
    assert {row["key"] for row in rows} == set(TEXTS)
    assert [row["rank"] for row in rows] == list(range(1, len(TEXTS) + 1))
    assert {row["score"] for row in rows} == {None}


def test_a_parquet_file_holds_the_same_rows(client: TestClient) -> None:
    from arro3.io import read_parquet

    lines = [json.loads(line) for line in client.get(FILE, params={"q": "法律八进", "format": "jsonl"}).text.splitlines()]
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(client.get(FILE, params={"q": "法律八进", "format": "parquet"}).content)
        file.flush()
        table = read_parquet(file.name).read_all()
    columns = {name: table[name].to_pylist() for name in table.schema.names}
    assert [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] == lines


def test_a_citation_tells_of_the_very_file(client: TestClient) -> None:
    asked = {"q": "普法八进", "synonyms": "true", "from": "2021", "format": "jsonl"}
    citation = client.get("/api/search/citation", params=asked).json()
    content = client.get(citation["address"]).content
    assert (citation["bytes"], citation["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert citation["rows"] == len(content.splitlines()) == 4
    assert citation["query"] == {"q": "普法八进", "synonyms": True, "from": 2021, "format": "jsonl"}
    assert citation["synonyms"][0]["text"] == "普法八进"
    assert citation["licence"]
    link = client.get(FILE, params=asked).headers["link"].partition(">")[0].removeprefix("<")
    assert client.get(link).json() == citation


def test_text_that_looks_like_a_formula_is_neutralised_in_csv_only(tmp_path: Path) -> None:
    tale = Tale("=HYPERLINK(1).txt", "=甲溪镇2022年法治政府建设情况报告\n一、主要成效\n@法治夜校开课。\n", A, 2022, title="=SUM(A1)")
    settings = fill(tmp_path / "home")
    with workspace.open(settings=settings) as space, space.writing("test"):
        space.archive.commit([build_entry(tale)])
        projection.drain(space)
    with TestClient(create_app(settings), base_url=LOCAL) as client:
        row = next(csv.DictReader(io.StringIO(client.get(FILE, params={"q": "夜校"}).text)))
        line = json.loads(client.get(FILE, params={"q": "夜校", "format": "jsonl"}).text)
    assert (row["key"], row["title"], row["sentence"]) == ("'=HYPERLINK(1).txt", "'=SUM(A1)", "'@法治夜校开课。")
    assert (line["key"], line["title"], line["sentence"]) == ("=HYPERLINK(1).txt", "=SUM(A1)", "@法治夜校开课。")


@pytest.mark.parametrize(
    ("parameters", "status"), [({"q": '"'}, 400), ({"bom": "true", "format": "jsonl"}, 400), ({"format": "xlsx"}, 422), ({"size": "3"}, 422)]
)
def test_what_goes_wrong_before_the_file_is_a_problem(client: TestClient, parameters: dict[str, str], status: int) -> None:
    response = client.get(FILE, params=parameters)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_a_whole_question_is_taken_apart_and_told(client: TestClient) -> None:
    question = "2023年安溪县有哪些乡镇开展了法律八进活动？"
    answer = search(client, q=question)
    understood = answer["understood"]
    assert {part["kind"]: part["value"] for part in understood["conditions"]} == {"years": "2023-2023", "place": "安溪县", "level": "township"}
    assert [question[part["start"] : part["end"]] for part in understood["names"]] == ["法律八进"]
    assert answer["hits"] and {hit["year"] for hit in answer["hits"]} == {2023}
    # what the question says of place and year bounds what the answer rests on
    assert answer["coverage"] == search(client, q="法律八进", place="cn:350524", level="township", **{"from": 2023, "to": 2023})["coverage"]
    assert search(client, q=question, reading="words")["total"] == 0
    assert search(client, q=question, reading="words")["understood"] is None
    assert search(client, q="法律八进")["understood"] is None


def test_a_question_of_a_place_without_reports_finds_nothing_and_says_where_it_looked(client: TestClient) -> None:
    answer = search(client, q="南安市有哪些乡镇开展了法律八进？")
    assert (answer["total"], answer["coverage"]["reports"], answer["did_you_mean"]) == (0, 0, [])


def test_files_telling_words_and_years_read_a_question_alike(client: TestClient) -> None:
    question = "2023年哪些乡镇开展了法律八进？"
    total = search(client, q=question)["total"]
    assert total
    assert client.get("/api/search/terms", params={"q": question}).json()["total"] == total
    assert client.get("/api/search/export", params={"q": question}).text.count("\n") > total  # with the head
    assert client.get("/api/search/citation", params={"q": question}).json()["understood"]["names"][0]["text"] == "法律八进"
    years = search(client, q=question, histogram=True)["years"]
    assert [(year["year"], year["reports"]) for year in years] == [(2023, total)]


def test_the_page_shows_how_a_question_was_read_and_takes_it_back(client: TestClient) -> None:
    question = "2023年安溪县有哪些乡镇开展了法律八进？"
    (told,) = understood_on(client, f"/?q={question}")
    assert told.xpath(".//b/text()") == ["2023", "安溪县", "乡镇级"]
    (without,) = told.xpath(".//a[contains(@title, '安溪县')]/@href")
    (again,) = understood_on(client, without)
    assert again.xpath(".//b/text()") == ["2023", "乡镇级"]
    (words,) = understood_on(client, told.xpath(".//a/@href")[-1])
    assert not words.xpath(".//b")
    (back,) = understood_on(client, words.xpath(".//a/@href")[0])
    assert back.xpath(".//b/text()") == ["2023", "安溪县", "乡镇级"]


def test_what_a_question_denies_is_shown_as_such(client: TestClient) -> None:
    question = "除了泉州市，哪些乡镇没有提到信访"
    assert search(client, q=question)["total"] == 0
    assert search(client, q="哪些乡镇没有提到信访")["total"] == search(client, q="level:township NOT 信访")["total"] > 0
    (told,) = understood_on(client, f"/?q={question}")
    assert told.xpath(".//b/text()") == ["NOT 泉州市", "乡镇级"]
    assert "没有提到信访" in told.text_content()


def test_a_query_of_punctuation_is_refused(client: TestClient) -> None:
    answer = client.get("/api/search", params={"q": "？"})
    assert (answer.status_code, answer.json()["position"]) == (400, 0)
    assert client.get("/", params={"q": "💥"}).status_code == 400


def understood_on(client: TestClient, address: str) -> Any:
    return lxml.html.fromstring(client.get(address).text).xpath("//*[@class='understood']")


def test_places_of_all_levels_are_one_tree(client: TestClient) -> None:
    answer = search(client, q="法律八进", facets="place,year")
    assert list(answer["facets"]) == ["year"]
    (province,) = answer["places"]["roots"]
    assert (province["id"], province["label"], province["reports"]) == ("cn:35", "福建省", answer["places"]["placed"])
    (county,) = province["below"][0]["below"]
    assert (county["label"], county["level"]) == ("安溪县", "county")
    assert sum(town["reports"] for town in county["below"]) == county["reports"]
    for town in county["below"]:
        assert search(client, q="法律八进", place=town["id"])["total"] == town["reports"]
    assert search(client, q="法律八进")["places"] is None


def test_the_page_opens_places_without_a_script(client: TestClient) -> None:
    page = lxml.html.fromstring(client.get("/?q=法治").text)
    tree = page.xpath("//nav[@class='facets']/ul[1]")[0]
    assert [node.text for node in tree.xpath(".//details[@open]/preceding-sibling::a")] == ["福建省", "泉州市", "安溪县"]
    address = next(link.get("href") for link in tree.xpath(".//a") if link.text == "甲溪镇")
    narrowed = lxml.html.fromstring(client.get(address).text)
    assert narrowed.xpath("//ul[@class='chips']//a")[0].text.strip() == "甲溪镇"


# -- places that nobody knows here -----------------------------------------------------------------------------------------------------------------------


def test_a_place_that_no_report_is_of_is_told(client: TestClient) -> None:
    answer = search(client, q="place:不存在镇")
    assert (answer["total"], answer["unknown_places"]) == (0, [{"name": "不存在镇", "registered": False, "near": []}])
    assert search(client, q="place:甲溪镇")["unknown_places"] == [] == search(client, q="法律八进")["unknown_places"]
    assert search(client, q="place:cn:350524")["unknown_places"] == []
    assert search(client, q="place:cn:110101")["unknown_places"] == [{"name": "cn:110101", "registered": True, "near": []}]


def test_near_names_of_places_are_offered(client: TestClient) -> None:
    (mistyped,) = search(client, q="place:甲溪乡 法律")["unknown_places"]
    assert (mistyped["near"], mistyped["registered"]) == (["甲溪镇"], False)
    assert [one["q"] for one in search(client, q="place:甲溪乡 法律")["did_you_mean"]] == ["place:甲溪镇 法律"]
    assert search(client, q="place:安溪")["unknown_places"] == []  # known without its kind
    assert search(client, q="place:安溪区")["unknown_places"][0]["near"] == ["安溪县"]


def test_an_unknown_place_is_told_beside_hits_and_in_a_negation(client: TestClient) -> None:
    either = search(client, q="place:甲溪乡 OR 法律八进")
    assert either["total"] > 0 and [one["name"] for one in either["unknown_places"]] == ["甲溪乡"]
    without = search(client, q="法律八进 NOT place:不存在镇")
    assert without["total"] > 0 and [one["name"] for one in without["unknown_places"]] == ["不存在镇"]


def test_a_place_of_the_register_without_reports_is_told_apart(client: TestClient) -> None:
    assert search(client, q="place:参内镇")["unknown_places"] == [{"name": "参内镇", "registered": True, "near": []}]


def test_a_filter_with_an_unknown_place_names_those_that_are_like_it(client: TestClient) -> None:
    problem = client.get("/api/search", params={"place": "甲溪乡"}).json()
    assert problem["status"] == 404 and problem["cure"].startswith("Names like it here: 甲溪镇.")
