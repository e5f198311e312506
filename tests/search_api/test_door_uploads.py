"""Hostile uploads: whatever comes is taken in or named with its reason; nothing of it leaves its folder, reaches another file, or calls anybody."""

from __future__ import annotations

import io
import json
import random
import socket
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from fazhi.jobs import Jobs
from fazhi.settings import Settings
from search_api.app import create_app

SECRET = "canary-7f3a9c"
ENDINGS = ("txt", "md", "html", "docx", "pdf", "jsonl", "zip", "doc", "exe", "")
PLAIN = "甲溪镇2024年法治政府建设情况报告\n一、主要成效\n全镇开展法律八进活动，调解矛盾纠纷52件。\n".encode()


def pack(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return packed.getvalue()


def make_docx(document: str, more: Mapping[str, bytes] | None = None) -> bytes:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return pack({"[Content_Types].xml": types.encode(), "_rels/.rels": relations.encode(), "word/document.xml": document.encode(), **(more or {})})


def paragraph(declared: str, words: str) -> str:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<?xml version="1.0"?>{declared}<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>'


def list_hostile(secret: Path, address: str) -> dict[str, bytes]:
    """File name → bytes. ``secret``: a file that nobody may read; ``address``: a server that nobody may ask."""
    chance = random.Random(20261121)
    files = {f"bytes{number}.{ending}".rstrip("."): chance.randbytes(chance.randint(1, 4000)) for number, ending in enumerate(ENDINGS * 2)}
    laughs = (
        "<!DOCTYPE x [<!ENTITY a '法治'>"
        + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
        + "]>"
    )
    nested = PLAIN
    for depth in range(6):
        nested = pack({f"{depth}.zip" if depth else "内.txt": nested})
    zeros = bytes(30_000_000)
    bomb = pack({"0.txt": zeros})
    pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\nendobj\n"
    relation = f'<Relationship Id="r9" Type="http://x/attachedTemplate" Target="{address}/t.dotm" TargetMode="External"/>'
    lines: list[dict[str, Any]] = [
        {"key": f"../../../{secret.name}", "text": PLAIN.decode()},
        {"key": str(secret), "text": PLAIN.decode()},
        {"key": "甲\x00乙", "text": PLAIN.decode()},
        {"key": "half.txt", "text": "甲溪镇2024年\ud800法治政府建设情况报告", "title": "\udfff"},
        {"key": "x" * 5000, "text": PLAIN.decode()},
        {"key": "url.txt", "text": PLAIN.decode(), "url": f"{address}/beacon"},
        {"key": "path.txt", "path": str(secret), "file": f"file://{secret}", "text": PLAIN.decode() + "一"},
    ]
    return files | {
        "bomb.zip": bomb,
        "bombs.zip": pack({"一.zip": bomb, "二.zip": bomb}),
        "nested.zip": nested,
        "slip.zip": pack({f"../../../../{secret.name}": b"overwritten", str(secret): b"overwritten", "..\\..\\up.txt": PLAIN, "好.txt": PLAIN}),
        "many.zip": pack({f"{number}.bin": b"" for number in range(3000)}),
        "header-only.zip": b"PK\x05\x06" + bytes(18),
        "lying.zip": pack({"a.txt": PLAIN})[:-30],
        "xxe.docx": make_docx(paragraph(f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>', "法治&e;")),
        "parameter.docx": make_docx(paragraph(f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{address}/x.dtd"> %p;]>', "法治")),
        "laughs.docx": make_docx(paragraph(laughs, "&j;")),
        "template.docx": make_docx(paragraph("", "法治"), {"word/_rels/settings.xml.rels": f"<Relationships>{relation}</Relationships>".encode()}),
        "laughs.html": (laughs + "<p>&j;</p>").encode(),
        "xxe.html": f'<!DOCTYPE html [<!ENTITY e SYSTEM "file://{secret}">]><p>法治&e;</p>'.encode(),
        "calls.html": f'<base href="{address}"><link rel=stylesheet href="{address}/a.css"><img src="{address}/b.png"><p>法治</p>'.encode(),
        "deep.html": b"<div>" * 200_000 + "法治".encode(),
        "polyglot.pdf": pdf + pack({"a.txt": PLAIN}),
        "polyglot.zip": b"GIF89a/*" + pack({"甲.txt": PLAIN}),
        "polyglot.txt": b"GIF89a<script>alert(1)</script>" + PLAIN,
        "picture.html": b"\x89PNG\r\n\x1a\n<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "hostile.jsonl": "\n".join(json.dumps(line) for line in lines).encode(),
        "deep.jsonl": b'{"key":"a","text":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "<script>alert(1)<script>.txt": PLAIN + "二".encode(),
        "=cmd|' C'!A0.txt": PLAIN + "三".encode(),
        "-rf.txt": PLAIN + "四".encode(),
        "a\u202etxt.exe": PLAIN,
        "con.txt": PLAIN + "五".encode(),
    }


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server on this machine that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def work_off(client: TestClient) -> None:
    """What the server's thread does with waiting jobs, in this one."""
    jobs: Jobs = client.app.state.jobs  # type: ignore[attr-defined]
    with jobs._space.writing("serve"):
        jobs._work_off()


def read_everything(client: TestClient) -> str:
    """Every report's text, facts, page and original, and every place and name in the graph, as the service shows them."""
    seen, cursor = [], None
    while True:
        answer = client.get("/api/search", params={"size": 100, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        seen.append(answer.text)
        for hit in answer.json()["hits"]:
            for path in ("/api/reports/{}", "/api/reports/{}/text", "/api/reports/{}/facts", "/api/reports/{}/original", "/reports/{}"):
                one = client.get(path.format(hit["report"]), headers={"accept": "text/html" if path == "/reports/{}" else "*/*"})
                assert one.status_code == 200, (path, hit["key"], one.text)
                seen.append(one.content.decode("utf-8", "replace"))
        cursor = answer.json()["next"]
        if not cursor:
            return "\n".join(seen)


def test_hostile_files_are_read_or_refused_and_do_nothing_else(tmp_path: Path, listening: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    files = list_hostile(secret, f"http://127.0.0.1:{listening.getsockname()[1]}")
    monkeypatch.setattr(Jobs, "start", lambda self: None)
    settings = Settings(home=tmp_path / "deep" / "home", refresh_seconds=0.0, workers=1, extract_timeout=30.0)
    with TestClient(create_app(settings), base_url=LOCAL, raise_server_exceptions=False) as client:
        response = client.post("/api/documents", files=[("file", (name, raw)) for name, raw in files.items()])
        assert response.status_code == 202, response.text
        work_off(client)
        job = client.get(response.headers["location"]).json()
        assert job["state"] == "done", job
        refused = {failure["name"]: failure["reason"] for failure in job["result"]["failures"]}
        assert all(refused.values())
        assert {"bomb.zip", "bombs.zip!/一.zip", "bombs.zip!/二.zip", "nested.zip!/5.zip!/4.zip", "lying.zip", "laughs.docx", "polyglot.pdf"} <= set(refused)
        assert "bomb" in refused["bomb.zip"]
        shown = read_everything(client)
        assert client.get("/healthz").status_code == 200
    assert SECRET not in shown
    assert secret.read_text() == SECRET
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "secret.txt"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["home"]
    assert not list((tmp_path / "deep" / "home" / "uploads").iterdir())
    with pytest.raises(BlockingIOError):  # nobody has called
        listening.accept()


@pytest.mark.parametrize(
    "name",
    ["../up.txt", "a/../../up.txt", "..\\up.txt", "/../../up.txt", "a/..", ".hidden", "a/.git/config", "a\x00.txt", "x" * 300 + ".txt", "/", "."],
)
def test_a_file_name_can_not_lead_anywhere(client: TestClient, settings: Settings, name: str) -> None:
    before = sorted(str(path) for path in settings.home.parent.rglob("*"))
    response = client.post(
        "/api/documents",
        content=b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\nx\r\n--b--\r\n',
        headers={"content-type": "multipart/form-data; boundary=b"},
    )
    assert response.status_code in (400, 422), response.text
    assert sorted(str(path) for path in settings.home.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"----\r\n"),
        ("multipart/form-data; boundary=" + "b" * 10_000, b"x"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--b--\r\n'),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"X-Header: x\r\n" * 5_000 + b"\r\n\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n' * 3_000 + b"--b--\r\n"),
        ("application/json; charset=utf-99", b"{}"),
        ("text/plain", b"x" * 100_000),
    ],
)
def test_a_broken_form_is_refused(client: TestClient, kind: str, body: bytes) -> None:
    response = client.post("/api/documents", content=body, headers={"content-type": kind})
    assert response.status_code in (400, 413, 415, 422), response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/..%2fapp.py", "/assets/%2e%2e/app.py", "/assets/viewer/..%2f..%2fapp.py", "/assets/viewer/%2e%2e%2f%2e%2e%2fpyproject.toml", "/assets/viewer/....//x",
        "/api/documents/..%2f..%2f..%2fetc%2fpasswd", "/api/jobs/..%2f..%2farchive.db", "/api/reports/..%2f..%2farchive.db/original", "/reports/..%2f..%2farchive.db",
        "/api/entities/..%2f..%2fetc%2fpasswd", "/assets/%00", "/api/jobs/%00", "/problems/..%2f..%2fapp", "/assets//etc/passwd",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_no_address_leads_to_a_file(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, path)
    assert response.status_code in (400, 404, 405, 422), response.text
    assert "root:" not in response.text
