from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from search_api_corpus import ROOM, TALES, A
from starlette.testclient import TestClient

from ingest.gazetteer import gazetteer

Ids = Callable[[str], str]
TEXTS = {tale.key: tale.text for tale in TALES}


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


def walk(client: TestClient, path: str, name: str, **parameters: Any) -> list[Any]:
    """All rows of a list, page by page."""
    rows: list[Any] = []
    cursor = None
    while True:
        answer = get(client, path, size=2, **parameters, **({"cursor": cursor} if cursor else {}))
        assert len(answer[name]) <= 2
        rows += answer[name]
        cursor = answer["next"]
        if cursor is None:
            return rows


def test_a_report_has_its_frame_and_sections(client: TestClient, report: Ids) -> None:
    answer = get(client, f"/api/reports/{report('甲溪镇2023.txt')}")
    assert answer["frame"]["place"] == A
    assert answer["frame"]["year"] == 2023
    assert [section["kind"] for section in answer["sections"]] == ["results", "problems"]
    assert answer["facts"]["relation"] == 2


def test_the_text_is_the_original(client: TestClient, report: Ids) -> None:
    for key, text in TEXTS.items():
        answer = get(client, f"/api/reports/{report(key)}/text")
        assert answer["text"] == text


def test_the_original_is_handed_over_as_a_file(client: TestClient, report: Ids) -> None:
    response = client.get(f"/api/reports/{report('2022/乙岭乡2022.md')}/original")
    assert response.content == TEXTS["2022/乙岭乡2022.md"].encode()
    assert response.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('乙岭乡2022.md')}"
    assert "sandbox" in response.headers["content-security-policy"]


def test_every_fact_is_a_slice_of_the_text_and_of_its_sentence(client: TestClient, report: Ids) -> None:
    for key, text in TEXTS.items():
        facts = walk(client, f"/api/reports/{report(key)}/facts", "facts")
        assert len({fact["id"] for fact in facts}) == len(facts) == get(client, f"/api/reports/{report(key)}/facts")["total"]
        for fact in facts:
            sentence = fact["sentence"]
            assert fact["surface"] == text[fact["start"] : fact["end"]]
            assert sentence["text"] == text[sentence["start"] : sentence["end"]]
            assert fact["surface"] in sentence["text"]
            assert get(client, f"/api/facts/{fact['id']}") == fact


def test_facts_of_chosen_types(client: TestClient, report: Ids) -> None:
    facts = get(client, f"/api/reports/{report('甲溪镇2023.txt')}/facts", type=["metric", "program"])["facts"]
    assert {fact["type"] for fact in facts} == {"metric", "program"}


def test_a_cursor_of_another_report_is_a_problem(client: TestClient, report: Ids) -> None:
    answer = get(client, f"/api/reports/{report('甲溪镇2023.txt')}/facts", size=1)
    assert client.get(f"/api/reports/{report('甲溪镇2021.txt')}/facts", params={"cursor": answer["next"]}).status_code == 400


def test_unknown_facts(client: TestClient, report: Ids) -> None:
    assert client.get("/api/facts/0123456789abcdef-0123456789abcdef").status_code == 404
    assert client.get(f"/api/facts/{report('甲溪镇2023.txt')}-0123456789abcdef").status_code == 404


@pytest.mark.parametrize("encode", [str, lambda id: quote(id, safe=""), lambda id: quote(id, safe="/:")])
@pytest.mark.parametrize("id", [ROOM, A, "program:法律八进", "cn:350524"])
def test_ids_with_slashes_and_colons_plain_or_encoded(client: TestClient, id: str, encode: Callable[[str], str]) -> None:
    assert get(client, f"/api/entities/{encode(id)}")["id"] == id
    assert get(client, f"/api/entities/{encode(id)}/neighbours")["neighbours"]
    assert "evidence" in get(client, f"/api/entities/{encode(id)}/evidence")


def test_the_id_of_an_undecided_township(client: TestClient) -> None:
    assert get(client, f"/api/places/{quote('cn:350524/?1a2b3c4d')}")["reports"] == 1


def test_an_unknown_entity(client: TestClient) -> None:
    for path in ("", "/neighbours", "/evidence"):
        response = client.get(f"/api/entities/program:没有{path}")
        assert response.status_code == 404
        assert response.json()["type"] == "/problems/not-found"


def test_entities_by_name_type_and_place(client: TestClient) -> None:
    rooms = get(client, "/api/entities", q="茶香", type="MediationRoom")["entities"]
    assert [room["id"] for room in rooms] == [ROOM]
    assert get(client, "/api/entities", type="MediationRoom", place="cn:350524/乙岭乡")["entities"] == []


def test_a_walk_through_all_entities(client: TestClient) -> None:
    ids = [entity["id"] for entity in walk(client, "/api/entities", "entities")]
    assert len(ids) == len(set(ids))
    assert {ROOM, A, "program:法律七进", "program:法律八进"} <= set(ids)


def test_neighbours_carry_report_facts_year_and_modality(client: TestClient, report: Ids) -> None:
    neighbours = walk(client, f"/api/entities/{A}/neighbours", "neighbours", relation="ADOPTS")
    planned = [edge for edge in neighbours if edge["modality"] == "planned"]
    assert [(edge["id"], edge["year"], edge["report"]) for edge in planned] == [("program:法律八进", 2021, report("甲溪镇2021.txt"))]
    for edge in neighbours:
        for fact in edge["facts"]:
            assert get(client, f"/api/facts/{fact}")["report"] == edge["report"]


def test_evidence_shows_the_sentences(client: TestClient) -> None:
    evidence = get(client, f"/api/entities/{ROOM}/evidence")["evidence"]
    sentences = {passage["text"] for row in evidence for passage in row["passages"]}
    assert sentences == {"全镇深入开展“法律八进”活动，建成“茶香室”调解工作室。"}


def test_a_place_rolls_up(client: TestClient) -> None:
    answer = get(client, "/api/places/cn:350524")
    assert answer["reports"] == 6
    assert answer["rooms"] == 1
    assert [place["name"] for place in answer["path"]] == ["福建省", "泉州市"]
    assert {"甲溪镇", "乙岭乡"} <= {place["name"] for place in answer["children"]}
    assert answer["coverage"]["reports"] == 6


def test_paths_have_evidence_on_every_hop(client: TestClient) -> None:
    paths = get(client, "/api/paths", **{"from": "cn:350524/乙岭乡", "to": ROOM})["paths"]
    assert paths
    first = paths[0]
    assert len(first["nodes"]) == len(first["hops"]) + 1
    assert all(hop["passages"] for hop in first["hops"] if hop["facts"])
    costs = [path["cost"] for path in paths]
    assert costs == sorted(costs) and first["cost"] > len(first["hops"]) and len(first["degrees"]) == len(first["nodes"])


def test_neighbours_come_with_their_sentences_where_they_are_asked_for(client: TestClient) -> None:
    asked = {"relation": "ADOPTS", "year": 2023, "direction": "out"}
    plain = get(client, "/api/entities/cn:350524/甲溪镇/neighbours", **asked)["neighbours"]
    shown = get(client, "/api/entities/cn:350524/甲溪镇/neighbours", evidence="true", **asked)["neighbours"]
    assert [row["id"] for row in shown] == ["program:法律八进"] and shown[0]["passages"][0]["text"].startswith("全镇深入开展“法律八进”活动")
    assert plain == [{**row, "passages": []} for row in shown]


def test_adopters_first_seen_first_and_plans_apart(client: TestClient) -> None:
    answer = get(client, "/api/programs/program:法律八进/adopters")
    done = [(row["name"], row["year"], row["first_seen"]) for row in answer["adopters"] if row["modality"] == "done" and row["year"]]
    assert done[0] == ("乙岭乡", 2022, 2022)
    (plan,) = [row for row in answer["adopters"] if row["modality"] == "planned"]
    assert (plan["name"], plan["year"]) == ("甲溪镇", 2021)
    assert plan["passages"][0]["text"] == "下一步将开展法律八进活动。"
    assert answer["coverage"]["reports"] == 7


def test_adopters_up_to_a_year_and_below_a_place(client: TestClient) -> None:
    answer = get(client, "/api/programs/法律八进/adopters", place="乙岭乡", to=2022)
    assert [row["name"] for row in answer["adopters"]] == ["乙岭乡"]


def test_measures_come_with_their_sentence(client: TestClient, report: Ids) -> None:
    measures = get(client, "/api/measures", indicator="调解矛盾纠纷数", place="cn:3505")["measures"]
    assert [(row["place_name"], row["year"], row["value"], row["unit"], row["approx"]) for row in measures] == [
        ("甲溪镇", 2021, 30, "件", "more_than"),
        ("乙岭乡", 2022, 8, "件", None),
        ("甲溪镇", 2023, 126, "件", None),
    ]
    for row in measures:
        key = next(key for key in TEXTS if report(key) == row["report"])
        sentence = row["sentence"]
        assert sentence["text"] == TEXTS[key][sentence["start"] : sentence["end"]]
        assert row["fact"].startswith(row["report"])


def test_measures_by_id_and_years_page_by_page(client: TestClient) -> None:
    rows = walk(client, "/api/measures", "measures", indicator="indicator:disputes_mediated")
    assert [row["value"] for row in rows] == [30, 8, 126]
    assert [row["value"] for row in get(client, "/api/measures", indicator="调解矛盾纠纷数", **{"from": 2022, "to": 2022})["measures"]] == [8]


def test_indicators_with_their_counts(client: TestClient) -> None:
    (indicator,) = get(client, "/api/indicators", q="调解")["indicators"]
    assert (indicator["name"], indicator["measures"], indicator["units"]) == ("调解矛盾纠纷数", 3, ["件"])


def test_coverage_tells_present_missing_and_unreadable(client: TestClient) -> None:
    answer = get(client, "/api/coverage")
    assert answer["years"] == [2021, 2022, 2023]
    rows = {row["name"]: row for row in answer["rows"]}
    assert [cell["state"] for cell in rows["甲溪镇"]["years"]] == ["present", "unreadable", "present"]
    assert [cell["state"] for cell in rows["乙岭乡"]["years"]] == ["missing", "present", "present"]
    assert len(rows["甲溪镇"]["undated"]) == 1
    assert [file["name"] for file in answer["unreadable"]] == ["甲溪镇2022.pdf"]


def test_coverage_says_that_missing_is_not_not_done(client: TestClient) -> None:
    assert "missing is not" in client.get("/openapi.json").json()["paths"]["/api/coverage"]["get"]["description"]


def test_cypher_reads(client: TestClient) -> None:
    answer = client.post("/api/cypher", json={"statement": "MATCH (t:Township)-[:PART_OF*]->(p:Prefecture) RETURN DISTINCT p.name AS p"}).json()
    assert answer["columns"] == ["p"]
    assert answer["rows"] == [{"p": "泉州市"}]


def test_cypher_takes_parameters_and_says_when_it_was_cut(client: TestClient) -> None:
    question = {"statement": "MATCH (r:Report) WHERE r.year = $year RETURN r.id AS id ORDER BY id", "parameters": {"year": 2023}, "max_rows": 2}
    answer = client.post("/api/cypher", json=question).json()
    assert len(answer["rows"]) == 2
    assert answer["truncated"] is True


@pytest.mark.parametrize(
    "statement", ["CREATE (n:Place {id: 'x'})", "MATCH (n) DETACH DELETE n", "MATCH (n RETURN n", "LOAD CSV FROM 'file:///etc/passwd' AS x RETURN x"]
)
def test_cypher_refuses_what_is_wrong_or_writes(client: TestClient, statement: str) -> None:
    response = client.post("/api/cypher", json={"statement": statement})
    assert response.status_code in (400, 403)
    assert response.headers["content-type"] == "application/problem+json"


def test_the_schema_counts(client: TestClient) -> None:
    nodes = {node["name"]: node["count"] for node in get(client, "/api/schema")["nodes"]}
    assert nodes["Report"] == 7
    assert nodes["MediationRoom"] == 1


def test_the_schema_describes_everything(client: TestClient) -> None:
    schema = get(client, "/api/schema")
    assert {"Place", "Township", "Report", "Program", "Measure"} <= {node["name"] for node in schema["nodes"]}
    edges = {edge["name"]: edge for edge in schema["edges"]}
    assert edges["ADOPTS"]["count"] > 0 and "Place" in edges["ADOPTS"]["source"] and edges["ADOPTS"]["target"] == ["Program"]
    assert {"report", "facts", "year", "modality"} <= {entry["name"] for entry in edges["ADOPTS"]["properties"]}
    assert all(entry["label"] and entry["label_zh"] for entry in (*schema["nodes"], *schema["edges"], *schema["examples"]))


def test_every_example_of_the_schema_runs(client: TestClient) -> None:
    examples = get(client, "/api/schema")["examples"]
    assert len(examples) >= 5
    for example in examples:
        assert client.post("/api/cypher", json={"statement": example["statement"]}).status_code == 200, example


@pytest.mark.parametrize(
    "statement", ["RETURN 1 AS x" + " UNION RETURN 1 AS x" * 400, "RETURN 'aa' =~ '(a+)+b'", "CALL dbms.listConfig()", "EXPLAIN MATCH (n) RETURN n"]
)
def test_a_hostile_statement_is_answered_with_a_problem(client: TestClient, statement: str) -> None:
    response = client.post("/api/cypher", json={"statement": statement})
    assert response.status_code == 400 and response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/invalid" and response.json()["detail"] and "position" in response.json()


def test_health_and_readiness(client: TestClient) -> None:
    assert get(client, "/healthz") == {"status": "ok"}
    assert get(client, "/readyz") == {"status": "ready", "stores": {"archive": "ok", "graph": "ok", "text": "ok"}}


def test_coverage_of_a_county_has_all_townships_of_the_register(client: TestClient) -> None:
    answer = get(client, "/api/coverage", place="cn:350524")
    known = set(gazetteer().children("cn:350524"))
    rows = {row["place"]: row for row in answer["rows"]}
    assert known < rows.keys() and list(rows) == sorted(rows)
    absent = rows["cn:350524/参内镇"]
    assert (absent["name"], absent["path"], absent["reason"]) == ("参内镇", ["福建省", "泉州市", "安溪县"], "no_report")
    assert [(cell["year"], cell["state"], cell["reason"]) for cell in absent["years"]] == [(year, "missing", "no_report") for year in answer["years"]]
    assert rows[A]["reason"] is None  # invented, so that the register lacks it; a report is here
    assert answer["gazetteer"] == {
        "source": "Ministry of Civil Affairs, register of administrative divisions",
        "date": "2025-12-31",
        "listed": True,
        "townships": len(known),
        "with_reports": 0,
        "outside": 3,
    }


def test_coverage_with_the_register_pages_through_all_of_it(client: TestClient) -> None:
    whole = [row["place"] for row in get(client, "/api/coverage", place="cn:350524", size=200)["rows"]]
    found: list[str] = []
    cursor: str | None = None
    while True:
        answer = get(client, "/api/coverage", place="cn:350524", size=5, **({"cursor": cursor} if cursor else {}))
        found += [row["place"] for row in answer["rows"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert found == whole and len(set(whole)) == len(whole)


def test_the_register_is_listed_of_a_county_unless_one_says_otherwise(client: TestClient) -> None:
    def ask(**asked: Any) -> tuple[int, dict[str, Any]]:
        answer = get(client, "/api/coverage", size=200, **asked)
        return len(answer["rows"]), answer["gazetteer"]

    reporting, outside = ask(place="cn:350524", registered="false")
    assert (reporting, outside["listed"], outside["townships"]) == (3, False, 24)
    assert ask(place="cn:3505")[0] == 3
    rows, listed = ask(place="cn:3505", registered="true")
    assert listed["townships"] > 150 and rows == min(200, listed["townships"] + 3)
    assert ask()[0] == 3 and ask()[1]["townships"] > 38_000
    assert ask(place="cn:350525")[0] == len(gazetteer().children("cn:350525"))  # no report at all
    assert ask(place="cn:350524/参内镇")[0] == 1
    assert ask(place="cn:4419")[0] == len(gazetteer().children("cn:4419"))  # a prefecture without counties
    assert get(client, "/api/coverage", level="county")["gazetteer"] is None
    assert client.get("/api/coverage", params={"level": "county", "registered": "true"}).status_code == 400


def test_coverage_of_years_counts_the_reports_of_these_years(client: TestClient) -> None:
    answer = get(client, "/api/coverage", place="cn:350524", **{"from": 2021, "to": 2021})
    assert (answer["gazetteer"]["outside"], answer["years"]) == (1, [2021])
    assert {row["place"]: row["reason"] for row in answer["rows"]}[A] is None
