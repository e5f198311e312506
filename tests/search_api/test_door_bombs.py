"""Questions meant to hurt: each ends soon, with an answer or with what is wrong. The limit of time is pytest's; no figure is measured here."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

pytestmark = pytest.mark.timeout(120)

BOMBS = {
    "brackets": "(" * 990 + "法" + ")" * 990,
    "open brackets": "(" * 2000,
    "not": "NOT " * 490 + "法",
    "minus": "-" * 2000,
    "many or": " OR ".join(f"法{number}" for number in range(200)),
    "many and": " ".join(f"法{number}" for number in range(400)),
    "stars": "*" * 2000,
    "starred words": " ".join("*法*律*" for _ in range(300)),
    "starred phrase": '"法*律*顾*问*法*律*顾*问*法*律"',
    "many starred phrases": " ".join(f'"法*{number}*律*"' for number in range(100)),
    "question marks": "?" * 2000,
    "gaps": '"法' + "?" * 1900 + '律"',
    "quotes": '"' * 1999,
    "proximity": '"调解 网格"~99999999999999999999',
    "fuzzy": "法律~999999",
    "boost": "法律^1e9999",
    "regex": "/(a+)+$/ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
    "fields": "place:" * 300 + "法",
    "range": "year:[0001 TO 99999999999999999999]",
    "digits": "9" * 2000,
    "one word": "我们" * 1000,
    "fullwidth": "（" * 900 + "法" + "）" * 900,
    "nul": "法\x00律",
    "astral": "\U0001f600" * 1000,
    "an address of 60 kB": "法" * 7_000,
}
ASKED = [
    ("/api/search", "q"), ("/api/search", "place"), ("/api/search", "cursor"), ("/api/suggest", "q"), ("/api/entities", "q"), ("/api/entities", "cursor"),
    ("/api/indicators", "q"), ("/api/coverage", "indicator"), ("/api/measures", "indicator"), ("/api/measures", "cursor"), ("/api/reviews", "report"),
    ("/api/reviews", "cursor"), ("/api/log", "who"), ("/reconcile", "queries"), ("/reconcile/suggest/entity", "prefix"), ("/", "q"), ("/", "place"),
]  # fmt: skip
SENT = {
    "deep list": b"[" * 500_000 + b"]" * 500_000,
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep parameter": b'{"statement":"RETURN $x AS x","parameters":{"x":' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
    "long number": b'{"statement":"RETURN $x AS x","parameters":{"x":' + b"9" * 5_000 + b"}}",
    "large number": b'{"statement":"RETURN $x AS x","parameters":{"x":99999999999999999999999}}',
    "infinity": b'{"statement":"RETURN $x AS x","parameters":{"x":1e999}}',
    "nan": b'{"statement":"RETURN $x AS x","parameters":{"x":NaN}}',
    "half a pair": b'{"statement":"RETURN \\ud800 AS x"}',
    "half a pair as parameter": b'{"statement":"RETURN $x AS x","parameters":{"x":"\\ud800"}}',
    "half a pair as name": b'{"action":"rename","node":"program:x","name":"\\ud800","user":"\\udfff"}',
    "half a pair as key": b'{"name":"\\ud800","role":"reader"}',
    "nul": b'{"action":"rename","node":"program:x","name":"a\\u0000b","user":"u"}',
    "no utf-8": b'{"statement":"\xff\xfe"}',
    "utf-16": '{"statement":"RETURN 1"}'.encode("utf-16"),
    "null": b"null",
    "1 MB statement": json.dumps({"statement": "RETURN " + "1+" * 500_000 + "1"}).encode(),
    "cross product": json.dumps({"statement": "MATCH (a),(b),(c),(d),(e),(f) RETURN count(*) AS n"}).encode(),
    "endless range": json.dumps({"statement": "UNWIND range(1, 1000000000000) AS x RETURN count(x) AS n"}).encode(),
    "long path": json.dumps({"statement": "MATCH p = (a)-[*1..50]-(b) RETURN count(p) AS n"}).encode(),
    "many queries": json.dumps({f"q{number}": {"query": "法律" * 50} for number in range(5_000)}).encode(),
}


@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_a_hostile_question_is_answered_or_refused(client: TestClient, bomb: str) -> None:
    for path, name in ASKED:
        response = client.get(path, params={name: BOMBS[bomb]})
        assert response.status_code in (200, 400, 404, 413, 422), (path, response.text)


@pytest.mark.parametrize("body", sorted(SENT))
def test_a_hostile_body_is_answered_or_refused(own_client: TestClient, body: str) -> None:
    for path in ("/api/cypher", "/api/reviews", "/api/keys", "/api/query", "/reconcile", "/api/watches"):
        response = own_client.post(path, content=SENT[body], headers={"content-type": "application/json"})
        # 405: nothing takes a body there (yet)
        assert response.status_code in (200, 400, 404, 405, 408, 413, 422), (path, response.text)


def test_a_question_of_1_mb_is_refused(client: TestClient) -> None:
    response = client.get("/api/search", headers={"x-long": "x" * 1_000_000}, params={"q": "法" * 7_000})
    assert response.status_code == 422
    assert client.post("/reconcile", data={"queries": "法" * 400_000}).status_code == 413


def test_a_forged_cursor_is_refused_whatever_its_size(client: TestClient) -> None:
    cursor = client.get("/api/search", params={"size": 1, "q": "法律"}).json()["next"]
    for forged in (cursor[:-1], cursor * 50, "A" * 4_000, "=" * 4_000, "\x00", "[]", "{}", "e30", "W10", "WzFlOTk5XQ"):
        response = client.get("/api/search", params={"size": 1, "q": "法律", "cursor": forged})
        assert response.status_code in (200, 400, 422), response.text
        assert response.status_code != 200 or response.json()["hits"] is not None
