from __future__ import annotations

import time
from typing import Any

from starlette.testclient import TestClient

REPORT = "甲溪镇人民政府2024年法治政府建设情况报告\n一、主要成效\n全镇深入开展“法律八进”活动，推行萤火议事会，调解矛盾纠纷52件。\n"


def wait(client: TestClient, location: str) -> Any:
    """The job, once it is through."""
    for _ in range(600):
        job = client.get(location).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"not through after a minute: {job}")


def found(client: TestClient, q: str) -> list[str]:
    return [hit["key"] for hit in client.get("/api/search", params={"q": q}).json()["hits"]]


def test_an_upload_becomes_a_job_becomes_searchable_and_goes_again(own_client: TestClient) -> None:
    client = own_client
    before = client.get("/api/search").json()["snapshot"]
    response = client.post("/api/documents", files=[("file", ("2024/甲溪镇 2024.txt", REPORT.encode(), "text/plain"))])
    assert response.status_code == 202, response.text
    job = wait(client, response.headers["location"])
    assert job["state"] == "done", job
    assert job["result"]["new"] == 1
    assert found(client, "萤火议事会") == ["2024/甲溪镇 2024.txt"]
    assert client.get("/api/search").json()["snapshot"] != before

    deleted = client.delete("/api/documents/2024/甲溪镇 2024.txt")
    assert deleted.status_code == 200, deleted.text
    assert found(client, "萤火议事会") == []
    assert client.get("/api/search").json()["snapshot"] == deleted.json()["snapshot"] == before


def test_a_deleted_document_is_gone_from_graph_text_and_archive(own_client: TestClient) -> None:
    client = own_client
    report = client.get("/api/search", params={"q": "茶香室"}).json()["hits"][0]["report"]
    room = "/api/entities/room:cn:350524/甲溪镇/茶香室"
    assert client.get(room).status_code == 200
    assert client.delete("/api/documents/甲溪镇2023.txt").json()["deleted"] == ["甲溪镇2023.txt"]
    assert client.get(room).status_code == 404
    assert client.get(f"/api/reports/{report}").status_code == 404
    assert found(client, "茶香室") == []
    assert client.get("/api/search").json()["coverage"]["reports"] == 6


def test_deleting_an_unknown_key(client: TestClient) -> None:
    response = client.delete("/api/documents/https://example.gov.cn/没有")
    assert response.status_code == 404
    assert "https://example.gov.cn/没有" in response.json()["detail"]


def test_an_unreadable_upload_fails_with_its_reason(own_client: TestClient) -> None:
    response = own_client.post("/api/documents", files={"file": ("空白.pdf", b"%PDF-nothing")})
    job = wait(own_client, response.headers["location"])
    assert job["state"] == "failed"
    assert "空白.pdf" in job["error"]


def test_a_name_that_climbs_out_is_refused(client: TestClient) -> None:
    response = client.post("/api/documents", files={"file": ("../../etc/passwd.txt", b"x")})
    assert response.status_code == 400


def test_an_upload_without_a_file(client: TestClient) -> None:
    response = client.post("/api/documents")
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == "file"


def test_an_unknown_job(client: TestClient) -> None:
    assert client.get("/api/jobs/0f8fad5bd9cb469fa16570867728950e").status_code == 404
