"""The requests that OpenRefine makes, in its order and its form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from fazhi.errors import Invalid
from fazhi.settings import Settings, load_settings
from search_api.app import create_app
from search_api.reconciling import Candidate
from search_api.routers import reconcile

OPENREFINE = "http://127.0.0.1:3333"
PLACE = "cn:350524/甲溪镇"


def ask(client: TestClient, queries: dict[str, Any], **more: Any) -> Any:
    response = client.post("/reconcile", data={"queries": json.dumps(queries)}, **more)
    assert response.status_code == 200, response.text
    return response.json()


def extend(client: TestClient, ids: list[str], *properties: str) -> Any:
    response = client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": [{"id": id} for id in properties]})})
    assert response.status_code == 200, response.text
    return response.json()


def first(answer: Any) -> tuple[str, float, bool]:
    candidate = answer["result"][0]
    return candidate["id"], candidate["score"], candidate["match"]


# -- adding the service ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/reconcile", "/api/reconcile"])
def test_the_manifest(client: TestClient, path: str) -> None:
    manifest = client.get(path).json()
    assert "0.2" in manifest["versions"]
    assert {type["id"] for type in manifest["defaultTypes"]} == {"place", "program"}
    assert manifest["batchSize"] == reconcile.BATCH
    assert "{{id}}" in manifest["view"]["url"] and "{{id}}" in manifest["preview"]["url"]
    assert "${id}" in manifest["suggest"]["entity"]["flyout_service_path"]


def test_every_address_of_the_manifest_answers(client: TestClient) -> None:
    manifest = client.get("/reconcile").json()
    addresses = [manifest["preview"]["url"].replace("{{id}}", quote(PLACE, safe="")), manifest["view"]["url"].replace("{{id}}", quote(PLACE, safe=""))]
    addresses += [f"{service['service_url']}{service['service_path']}?prefix=p" for service in manifest["suggest"].values()]
    flyout = manifest["suggest"]["entity"]
    addresses.append(flyout["flyout_service_url"] + flyout["flyout_service_path"].replace("${id}", quote(PLACE, safe="")))
    proposing = manifest["extend"]["propose_properties"]
    addresses.append(f"{proposing['service_url']}{proposing['service_path']}?type=place&limit=5")
    addresses.append(manifest["identifierSpace"] + quote(PLACE))
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


# -- matching a column -------------------------------------------------------------------------------------------------------------------------------


def test_types_are_guessed_from_the_first_cells(client: TestClient) -> None:
    answer = ask(client, {f"q{number}": {"query": name, "limit": 3} for number, name in enumerate(["甲溪镇", "法律八进", "乙岭乡"])})
    assert [answer[key]["result"][0]["type"][0]["id"] for key in ("q0", "q1", "q2")] == ["place", "program", "place"]


def test_a_column_of_places(client: TestClient) -> None:
    query = {"type": "place", "type_strict": "should", "limit": 5}
    county = [{"pid": "county", "p": "county", "v": "安溪县"}]  # OpenRefine sends p as well
    answer = ask(
        client,
        {
            "q0": {"query": "甲溪镇", **query, "properties": county},
            "q1": {"query": "福建省泉州市安溪县参内镇", **query},
            "q2": {"query": "城关镇", **query},
            "q3": {"query": "甲溪镇", **query, "properties": [{"pid": "parent", "v": {"id": "cn:350525", "name": "永春县"}}]},
            "q4": {"query": "没有这样的地方", **query},
        },
    )
    assert list(answer) == ["q0", "q1", "q2", "q3", "q4"]
    assert first(answer["q0"]) == (PLACE, 100, True)
    assert first(answer["q1"]) == ("cn:350524/参内镇", 100, True)
    assert len(answer["q2"]["result"]) == 5 and not any(candidate["match"] for candidate in answer["q2"]["result"])
    assert first(answer["q3"]) == (PLACE, 55, False)
    assert answer["q4"] == {"result": []}
    assert answer["q0"]["result"][0]["description"] == "福建省泉州市安溪县 · 乡级"


def test_a_column_of_programs(client: TestClient) -> None:
    answer = ask(
        client, {"a": {"query": "“法律八进”", "type": ["program"]}, "b": {"query": "普法八进", "type": "program"}, "c": {"query": "甲溪镇", "type": "program"}}
    )
    assert first(answer["a"]) == ("program:法律八进", 100, True)
    assert first(answer["b"]) == ("program:法律八进", 95, True)
    assert answer["c"] == {"result": []}


def test_the_same_by_get(client: TestClient) -> None:
    queries = json.dumps({"q0": {"query": "参内镇", "type": "place"}})
    assert client.get("/reconcile", params={"queries": queries, "_": "1700000000"}).json() == ask(client, json.loads(queries))


def test_a_township_without_a_name_is_no_candidate(client: TestClient) -> None:
    assert all("?" not in candidate["id"] for candidate in ask(client, {"q": {"query": "1a2b3c4d", "limit": 50}})["q"]["result"])


@pytest.mark.parametrize("type", ["Q5", ["place", "Q5"], "", None])
def test_types_that_are_not_known_select_nothing(client: TestClient, type: Any) -> None:
    found = ask(client, {"q": {"query": "参内镇", "type": type}})["q"]["result"]
    assert bool(found) is (type != "Q5")


@pytest.mark.parametrize(
    ("limit", "count"), [(1, 1), (3, 3), (3.0, 3), (0, reconcile.CANDIDATES), (-1, reconcile.CANDIDATES), (10**9, reconcile.MOST_CANDIDATES)]
)
def test_the_limit_of_candidates(client: TestClient, limit: float, count: int) -> None:
    assert len(ask(client, {"q": {"query": "城关镇", "limit": limit}})["q"]["result"]) == count


@pytest.mark.parametrize("value", [None, "", 3, 2.5, True, [], ["安溪县", "泉州市"], [{"id": "cn:350524"}], {"name": "安溪县"}, {}])
def test_any_form_of_a_property_is_read(client: TestClient, value: Any) -> None:
    ask(client, {"q": {"query": "甲溪镇", "properties": [{"pid": "county", "v": value}]}})


# -- what is refused -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "queries",
    ["{", "[]", "null", '"q"', '{"q0": "参内镇"}', '{"q0": {"query": 5}}', '{"q0": {"limit": "x", "query": "a"}}', '{"q0": {"query": "a", "limit": NaN}}',
     "[" * 5000, '{"q":' * 5000, '{"q0": {"query": "a", "properties": 1}}', json.dumps({"q": {"query": "a" * 2001}}),
     json.dumps({"q": {"query": "a", "properties": [{"pid": "x", "v": "y"}] * 31}})],
)  # fmt: skip
def test_queries_that_can_not_be_read(client: TestClient, queries: str) -> None:
    response = client.post("/reconcile", data={"queries": queries})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert "queries is wrong" in response.json()["detail"]


def test_too_many_at_once(client: TestClient) -> None:
    queries = {f"q{number}": {"query": "参内镇"} for number in range(reconcile.BATCH + 1)}
    assert client.post("/reconcile", data={"queries": json.dumps(queries)}).status_code == 413
    queries.popitem()
    assert len(ask(client, queries)) == reconcile.BATCH
    ids = [f"cn:{number}" for number in range(reconcile.BATCH + 1)]
    assert client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": []})}).status_code == 413


@pytest.mark.parametrize("asked", ['{"ids": "x"}', "{}", '{"ids": [1], "properties": []}', '{"ids": [], "properties": [{"pid": "x"}]}'])
def test_extensions_that_can_not_be_read(client: TestClient, asked: str) -> None:
    assert client.post("/reconcile", data={"extend": asked}).status_code == 400


def test_no_answer_is_a_script(client: TestClient) -> None:
    response = client.get("/reconcile", params={"callback": "jsonp123"})
    assert response.headers["content-type"] == "application/json"
    assert "jsonp123" not in response.text


# -- columns from matched cells --------------------------------------------------------------------------------------------------------------------


def test_columns_from_places(client: TestClient) -> None:
    answer = extend(
        client, [PLACE, "cn:350524", "cn:350524/参内镇", "cn:99"], "level", "parent", "province", "code", "path", "reports", "first_year", "nonsense"
    )
    assert answer["meta"][1] == {"id": "parent", "name": "Place above 上级", "type": {"id": "place", "name": "Place 地方"}}
    rows = answer["rows"]
    assert rows[PLACE]["level"] == [{"str": "township"}]
    assert rows[PLACE]["parent"] == [{"id": "cn:350524", "name": "安溪县"}]
    assert rows[PLACE]["province"] == [{"id": "cn:35", "name": "福建省"}]
    assert rows[PLACE]["code"] == []  # townships' codes differ between the official lists
    assert rows[PLACE]["reports"] == [{"int": 3}] and rows[PLACE]["first_year"] == [{"int": 2021}]
    assert rows["cn:350524"]["code"] == [{"str": "350524"}] and rows["cn:350524"]["reports"] == [{"int": 6}]
    assert rows["cn:350524/参内镇"]["reports"] == [{"int": 0}] and rows["cn:350524/参内镇"]["first_year"] == []
    assert set(map(str, rows["cn:99"].values())) == {"[]"} and rows[PLACE]["nonsense"] == []


def test_columns_from_programs(client: TestClient) -> None:
    rows = extend(client, ["program:法律八进", "program:法律明白人"], "family", "adopters", "first_year", "reports", "members")["rows"]
    eight = rows["program:法律八进"]
    assert eight["family"] == [{"id": "program:法律进", "name": "法律进"}]
    assert eight["first_year"] == [{"int": 2022}]  # 2021 only planned it
    assert eight["adopters"] == [{"int": 3}] and {"str": "机关"} in eight["members"]
    assert rows["program:法律明白人"]["adopters"] == []  # no report here names it, which says nothing about anybody


def test_properties_are_proposed_by_type(client: TestClient) -> None:
    proposed = client.get("/reconcile/properties", params={"type": "program"}).json()
    assert "adopters" in {property["id"] for property in proposed["properties"]} and proposed["type"] == "program"
    assert len(client.get("/reconcile/properties", params={"type": "place", "limit": 2}).json()["properties"]) == 2
    assert client.get("/reconcile/properties", params={"type": "Q5"}).json()["properties"] == []


# -- searching for one match by hand -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefix", "type", "id"),
    [
        ("参内", "place", "cn:350524/参内镇"),
        ("甲溪", "place", PLACE),
        ("jiaxi", "place", PLACE),
        ("flbj", "program", "program:法律八进"),
        ("法律八", None, "program:法律八进"),
    ],
)
def test_suggested_entities(client: TestClient, prefix: str, type: str | None, id: str) -> None:
    found = client.get("/reconcile/suggest/entity", params={"prefix": prefix, **({"type": type} if type else {})}).json()["result"]
    entry = next(entry for entry in found if entry["id"] == id)
    assert entry["name"] and entry["notable"][0]["id"] in ("place", "program")
    assert type is None or {entry["notable"][0]["id"] for entry in found} == {type}


def test_suggestions_go_on(client: TestClient) -> None:
    pages = [client.get("/reconcile/suggest/entity", params={"prefix": "城关", "cursor": cursor}).json()["result"] for cursor in (0, 20, 40)]
    ids = [entry["id"] for page in pages for entry in page]
    assert len(ids) == len(set(ids)) == 60


@pytest.mark.parametrize(("what", "prefix", "ids"), [("type", "pl", ["place"]), ("type", "", ["place", "program"]), ("type", "x", []), ("property", "par", ["parent"]), ("property", "县", ["county"])])  # fmt: skip
def test_suggested_types_and_properties(client: TestClient, what: str, prefix: str, ids: list[str]) -> None:
    assert [entry["id"] for entry in client.get(f"/reconcile/suggest/{what}", params={"prefix": prefix}).json()["result"]] == ids


@pytest.mark.parametrize("id", [PLACE, "cn:350524/参内镇", "program:法律八进", "program:法律明白人"])
def test_preview_and_flyout(client: TestClient, id: str) -> None:
    response = client.get("/reconcile/preview", params={"id": id})
    assert response.headers["content-type"].startswith("text/html")
    assert id.rpartition("/")[2].removeprefix("program:") in response.text
    assert len(response.text) < 3_000
    assert client.get("/reconcile/flyout", params={"id": id}).json()["id"] == id


@pytest.mark.parametrize("route", ["preview", "flyout"])
def test_nothing_to_preview(client: TestClient, route: str) -> None:
    assert client.get(f"/reconcile/{route}", params={"id": "<script>"}).status_code == 404
    assert client.get(f"/reconcile/{route}").status_code == 422


def test_names_are_text_in_a_preview() -> None:
    entity = Candidate("program:<img>", "<script>alert(1)</script>", "program", "<b>x</b>")
    shown = reconcile._templates().get_template("reconcile_preview.html").render(entity=entity, type="program", lines=[("<i>", "<u>")])
    assert not [tag for tag in ("<script>alert", "<b>x", "<img>", "<i>", "<u>") if tag in shown]


def test_what_a_report_brings_is_matched_at_once(own_client: TestClient) -> None:
    assert first(ask(own_client, {"q": {"query": "乙岭乡"}})["q"])[2]
    assert own_client.delete(f"/api/documents/{quote('2022/乙岭乡2022.md', safe='')}").status_code == 200
    assert own_client.delete(f"/api/documents/{quote('乙岭乡2023.txt')}").status_code == 200
    assert ask(own_client, {"q": {"query": "乙岭乡"}})["q"]["result"] == []


# -- pages of other sites, and keys ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings.model_copy(update={"reconcile_origins": OPENREFINE})), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(home=tmp_path, api_key="right", reconcile_origins=OPENREFINE)  # type: ignore[arg-type]
    with TestClient(create_app(settings), base_url="http://fazhi.example.org") as client:
        yield client


def from_page(origin: str = OPENREFINE, **more: str) -> dict[str, str]:
    return {"Origin": origin, "Sec-Fetch-Site": "same-site", **more}


def test_other_sites_are_kept_out_unless_named(client: TestClient) -> None:
    assert "access-control-allow-origin" not in client.get("/reconcile", headers=from_page()).headers
    assert client.post("/reconcile", data={"queries": "{}"}, headers=from_page()).status_code == 403
    preview = client.get("/reconcile/preview", params={"id": PLACE}).headers
    assert preview["x-frame-options"] == "DENY" and "frame-ancestors 'none'" in preview["content-security-policy"]


def test_a_named_site_may_ask_this_service_and_no_other(opened: TestClient) -> None:
    for response in (opened.get("/reconcile", headers=from_page()), opened.post("/reconcile", data={"queries": "{}"}, headers=from_page())):
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == OPENREFINE
        assert "Origin" in response.headers["vary"]
        assert "access-control-allow-credentials" not in response.headers
    for path in ("/api/search", "/reconciled", "/"):
        assert "access-control-allow-origin" not in opened.get(path, headers=from_page()).headers
    assert opened.post("/api/cypher", json={"statement": "RETURN 1"}, headers=from_page()).status_code == 403
    assert opened.delete("/api/documents/x", headers=from_page()).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:3333.evil.example", "http://127.0.0.1:333"])
def test_sites_that_are_not_named(opened: TestClient, origin: str) -> None:
    assert "access-control-allow-origin" not in opened.get("/reconcile", headers=from_page(origin)).headers
    assert opened.post("/reconcile", data={"queries": "{}"}, headers=from_page(origin)).status_code == 403


def test_a_named_site_may_show_the_preview(opened: TestClient) -> None:
    headers = opened.get("/reconcile/preview", params={"id": PLACE}, headers={"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"}).headers
    assert "x-frame-options" not in headers and f"frame-ancestors {OPENREFINE};" in headers["content-security-policy"]
    assert opened.get("/reconcile").headers["x-frame-options"] == "DENY"


def test_keys_are_asked_for(keyed: TestClient) -> None:
    refused = keyed.post("/reconcile", data={"queries": "{}"}, headers=from_page())
    assert refused.status_code == 401 and refused.headers["access-control-allow-origin"] == OPENREFINE
    assert keyed.get("/reconcile/suggest/type").status_code == 401
    assert keyed.post("/reconcile", data={"queries": "{}"}, headers=from_page(Authorization="Bearer right")).status_code == 200
    asked = keyed.options("/reconcile", headers=from_page(**{"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}))
    assert asked.status_code == 204 and "Authorization" in asked.headers["access-control-allow-headers"]


@pytest.mark.parametrize("origins", ["*", "127.0.0.1:3333", "http://x/path", "null", "http://a b", "http://x;script-src *", "ftp://x"])
def test_origins_that_can_not_be_named(origins: str) -> None:
    with pytest.raises(Invalid):
        load_settings(reconcile_origins=origins)


def test_several_origins() -> None:
    assert (
        Settings(reconcile_origins=" http://127.0.0.1:3333/ , https://Refine.example.org ").reconcile_origins
        == "http://127.0.0.1:3333,https://refine.example.org"
    )
