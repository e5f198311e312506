from __future__ import annotations

from typing import Any

import pytest
from search_api_corpus import ROOM
from starlette.testclient import TestClient

from fazhi.settings import Settings
from ingest.ids import report_id
from search_api.app import create_app

ROUTES = {
    "/api/query", "/api/compare", "/api/places/{id}/profile", "/api/places/{id}/neighbours",
    "/api/search", "/api/search/export", "/api/search/citation", "/api/search/terms", "/api/similar/{report}", "/api/suggest", "/api/reports/{id}", "/api/reports/{id}/text", "/api/reports/{id}/facts", "/api/reports/{id}/original", "/api/entities",
    "/api/entities/{id}", "/api/entities/{id}/neighbours", "/api/entities/{id}/evidence", "/api/entities/{id}/around", "/api/places/{id}", "/api/facts/{id}", "/api/programs/{id}/adopters", "/api/programs/{id}/timeline", "/api/programs/{id}/first-seen", "/api/programs/{id}/channels", "/api/programs/{id}/variants", "/api/programs/{id}/curve", "/api/reuse", "/api/reports/{id}/reuse",
    "/api/indicators", "/api/measures", "/api/measures/citation", "/api/coverage", "/api/paths", "/api/cypher", "/api/schema", "/api/documents", "/api/documents/{key}", "/api/jobs", "/api/jobs/{id}", "/api/jobs/{id}/events", "/api/watches", "/api/watches/{id}", "/api/alerts", "/api/alerts.atom",
    "/api/vocabulary/candidates", "/reconcile", "/reconcile/suggest/entity", "/reconcile/suggest/type", "/reconcile/suggest/property", "/reconcile/properties",
    "/reconcile/flyout", "/reconcile/preview", "/api/runs", "/api/runs/{id}", "/api/runs/{id}/result", "/api/network", "/api/runs/{first}/diff/{second}", "/api/reviews", "/api/reviews/{id}", "/api/keys", "/api/keys/{id}", "/api/log", "/healthz", "/readyz",
}  # fmt: skip
# Examples that name something of a real collection; here they stand for something of ours.
OURS = {
    "report": report_id("甲溪镇2023.txt"),
    "read_place": "cn:350524/甲溪镇",
    "node": ROOM,
    "from": "cn:350524/甲溪镇",
    "left": "cn:350524/甲溪镇",
    "right": "cn:350524/乙岭乡",
}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    document = create_app(Settings()).openapi()
    return [(path, method, operation) for path, methods in document["paths"].items() for method, operation in methods.items()]


OPERATIONS = operations()


def test_all_routes_are_there() -> None:
    assert {path for path, _, _ in OPERATIONS} == ROUTES


def test_operation_ids_are_stable_and_unique() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert all(id.islower() and "/" not in id and not id.endswith(("_get", "_post")) for id in ids)


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=[f"{method} {path}" for path, method, _ in OPERATIONS])
def test_every_parameter_has_a_title_a_description_and_an_example(path: str, method: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        assert parameter["schema"].get("title"), parameter
        assert parameter.get("description") or parameter["schema"].get("description"), parameter
        assert parameter["name"] == "cursor" or parameter["schema"].get("examples") or parameter.get("examples"), parameter


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=[f"{method} {path}" for path, method, _ in OPERATIONS])
def test_errors_are_listed_as_problem_documents(path: str, method: str, operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        if status.startswith(("4", "5")) and path not in ("/healthz", "/readyz"):
            assert list(response["content"]) == ["application/problem+json"], (path, status)
    if path.startswith("/api/"):
        assert {"401", "403", "422"} <= set(operation["responses"])


@pytest.mark.parametrize(
    ("path", "method", "operation"),
    [
        entry
        for entry in OPERATIONS
        if entry[1] == "get"
        and entry[0]
        not in ("/api/jobs/{id}", "/api/jobs/{id}/events", "/api/reviews/{id}", "/api/watches/{id}", "/api/runs/{id}", "/api/runs/{id}/result", "/api/network")
    ],  # of these there are none here
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_documented_question_is_answered(client: TestClient, path: str, method: str, operation: dict[str, Any]) -> None:
    address, query = path, {}
    for parameter in operation.get("parameters", []):
        example = (parameter["schema"].get("examples") or [None])[0]
        if parameter["in"] == "path":
            address = address.replace(f"{{{parameter['name']}}}", fill(path, client))
        elif parameter["required"]:
            query[parameter["name"]] = OURS.get(parameter["name"], example)
    response = client.get(address, params=query)
    assert response.status_code == 200, response.text


def fill(path: str, client: TestClient) -> str:
    if path.startswith(("/api/reports/", "/api/similar/")):
        return OURS["report"]
    if path.startswith("/api/programs/"):
        return "program:法律八进"
    if path == "/api/facts/{id}":
        return str(client.get(f"/api/reports/{OURS['report']}/facts").json()["facts"][0]["id"])
    return {
        "/api/places/{id}": "cn:350524/甲溪镇",
        "/api/places/{id}/profile": "cn:350524/甲溪镇",
        "/api/places/{id}/neighbours": "cn:350524",
        "/api/runs/{first}/diff/{second}": "1",
    }.get(path, ROOM)


def test_the_document_is_under_the_prefix_as_well(client: TestClient) -> None:
    assert client.get("/api/openapi.json").json() == client.get("/openapi.json").json()
