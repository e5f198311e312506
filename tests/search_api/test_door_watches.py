"""Saved questions over HTTP: each change is told once, with its sentence and in careful words, in the API, as a feed and to allowed addresses."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from search_api_corpus import LOCAL, Tale, adopts, build_entry, counts, fill
from starlette.testclient import TestClient

from archive.store import Archive
from fazhi import projection, watches, webhooks, workspace
from fazhi.errors import Forbidden, Invalid, Unavailable
from fazhi.settings import Settings
from search_api.app import create_app
from search_api.watcher import Watcher

D, E = "cn:350524/丁河镇", "cn:350524/戊山乡"
TAKES_UP = Tale(
    "丁河镇2023.txt",
    "丁河镇2023年法治政府建设情况报告\n一、主要成效\n我镇开展法律八进活动。全年调解矛盾纠纷50件。\n",
    D,
    2023,
    [*adopts(D, "法律八进", "法律八进"), counts("50件", 50)],
)
PLANS = Tale(
    "戊山乡2023.txt", "戊山乡2023年法治政府建设情况报告\n二、下步计划\n明年开展法律八进活动。\n", E, 2023, adopts(E, "法律八进", "法律八进", "planned")
)
FALLS = Tale("丁河镇2024.txt", "丁河镇2024年法治政府建设情况报告\n一、主要成效\n全年调解矛盾纠纷41件。\n", D, 2024, [counts("41件", 41)])
ADOPTION = {"name": "谁在推行", "question": {"kind": "adoption", "program": "法律八进"}}
PLANNED = {"name": "谁打算推行", "question": {"kind": "adoption", "program": "法律八进", "modality": ["planned"]}}
NUMBER = {"name": "少了", "question": {"kind": "number", "indicator": "disputes_mediated"}}
SEARCH = {"name": "八进", "question": {"kind": "search", "q": "法律八进"}}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    fill(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def client(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A service whose thread does not look by itself, so that a test says when it does."""
    monkeypatch.setattr(Watcher, "start", lambda self: None)
    with TestClient(create_app(Settings(home=home, refresh_seconds=0.0)), base_url=LOCAL) as client:
        yield client


def take_in(home: Path, *tales: Tale) -> None:
    """As an ingest does, without its check: as if it had been killed right after."""
    with workspace.open(home) as space, space.writing("test"):
        space.archive.commit([build_entry(tale) for tale in tales])
        projection.drain(space)


def look(client: TestClient) -> None:
    client.app.state.watcher.look()  # type: ignore[attr-defined]


def save(client: TestClient, order: dict[str, Any]) -> int:
    response = client.post("/api/watches", json=order)
    assert response.status_code == 201, response.text
    watch = response.json()
    assert watch["checked"] == client.get("/api/search").json()["snapshot"]
    return int(watch["id"])


def alerts(client: TestClient, watch: int | None = None) -> list[dict[str, Any]]:
    response = client.get("/api/alerts", params={} if watch is None else {"watch": watch})
    assert response.status_code == 200, response.text
    assert response.json()["coverage"]["reports"] and response.json()["snapshot"]
    found: list[dict[str, Any]] = response.json()["alerts"]
    return found


def test_what_was_there_is_not_told_and_what_comes_is_told_once(client: TestClient, home: Path) -> None:
    adoption, planned, number, search = (save(client, order) for order in (ADOPTION, PLANNED, NUMBER, SEARCH))
    look(client)
    assert alerts(client) == []
    take_in(home, TAKES_UP, PLANS)
    look(client)
    look(client)
    assert [alert["place"] for alert in alerts(client, adoption)] == [D]
    assert [alert["place"] for alert in alerts(client, planned)] == [E]
    assert alerts(client, number) == []
    assert {alert["key"] for alert in alerts(client, search)} == {TAKES_UP.key, PLANS.key}
    take_in(home, FALLS)
    look(client)
    (fell,) = alerts(client, number)
    assert (fell["value"], fell["former_value"], fell["former_year"], fell["unit"]) == (41, 50, 2023, "件")
    assert [sentence["which"] for sentence in fell["evidence"]] == ["2024", "2023"]
    assert len(alerts(client, adoption)) == 1


def test_an_alert_leads_to_its_sentence_and_keeps_the_words(client: TestClient, home: Path) -> None:
    adoption, planned = save(client, ADOPTION), save(client, PLANNED)
    take_in(home, TAKES_UP, PLANS)
    look(client)
    (does,), (plans,) = alerts(client, adoption), alerts(client, planned)
    for alert, tale in ((does, TAKES_UP), (plans, PLANS)):
        (sentence,) = alert["evidence"]
        assert sentence["text"] == tale.text[sentence["start"] : sentence["end"]]
        assert "法律八进" in sentence["text"]
        assert client.get(sentence["page"], headers={"accept": "text/html"}).status_code == 200
        assert "首次见到" in alert["text_zh"] and "不等于起源" in alert["text_zh"]
        assert "first seen in this collection" in alert["text"] and "not the origin" in alert["text"]
    assert "不等于已做" in plans["text_zh"] and "planned, which is not done" in plans["text"]
    assert "计划" not in does["text_zh"]


def test_a_check_that_was_killed_anywhere_is_made_again_and_tells_once(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    adoption = save(client, ADOPTION)
    take_in(home, TAKES_UP)
    really = Archive.note_check

    def killed_before(self: Archive, *args: Any, **more: Any) -> Any:
        raise SystemExit

    def killed_after(self: Archive, *args: Any, **more: Any) -> Any:
        really(self, *args, **more)
        raise SystemExit

    for killed in (killed_before, killed_after):
        monkeypatch.setattr(Archive, "note_check", killed)
        with pytest.raises(SystemExit):
            look(client)
    monkeypatch.setattr(Archive, "note_check", really)
    look(client)
    assert [alert["place"] for alert in alerts(client, adoption)] == [D]


def test_a_report_that_goes_and_comes_again_is_not_told_again(client: TestClient, home: Path) -> None:
    search = save(client, SEARCH)
    for _ in range(2):
        take_in(home, TAKES_UP)
        look(client)
        assert client.delete(f"/api/documents/{TAKES_UP.key}").status_code == 200
        look(client)
    (alert,) = alerts(client, search)
    assert alert["evidence"][0]["text"] in TAKES_UP.text  # what it stood on then is kept


def test_while_graph_and_index_are_behind_nothing_is_compared(client: TestClient, home: Path) -> None:
    adoption = save(client, ADOPTION)
    with workspace.open(home) as space, space.writing("test"):
        space.archive.commit([build_entry(TAKES_UP)])
    look(client)
    assert alerts(client, adoption) == []
    with workspace.open(home) as space, space.writing("test"):
        projection.drain(space)
    look(client)
    assert len(alerts(client, adoption)) == 1


def test_an_ingest_checks_by_itself(client: TestClient, home: Path, tmp_path: Path) -> None:
    search = save(client, {"name": "八进", "question": {"kind": "search", "q": "萤火议事会"}})
    (tmp_path / "己坪镇2024.txt").write_text("安溪县己坪镇2024年法治政府建设情况报告\n一、主要成效\n推行萤火议事会，开展法律八进活动。\n")
    with workspace.open(home) as space:
        assert space.ingest([tmp_path / "己坪镇2024.txt"], workers=1).new == 1
    (alert,) = alerts(client, search)
    assert "萤火议事会" in alert["evidence"][0]["text"]


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"name": "x", "question": {"kind": "search", "q": "(("}}, 400),
        ({"name": "x", "question": {"kind": "adoption"}}, 422),
        ({"name": "x", "question": {"kind": "nothing"}}, 422),
        ({"name": "x", "question": {"kind": "number", "indicator": "x", "sql": "1"}}, 422),
        ({"name": "", "question": {"kind": "search", "q": "法"}}, 422),
        ({"name": "a\u202eb", "question": {"kind": "search", "q": "法"}}, 400),
        ({"name": "x", "question": {"kind": "search", "q": "法", "place": "没有这个地方"}}, 404),
        ({"name": "x", "question": {"kind": "search", "q": "法"}, "webhook": "https://example.org/x"}, 403),
        ({"name": "x", "question": {"kind": "search", "q": "法"}, "webhook": "file:///etc/passwd"}, 400),
        ({"name": "x", "question": {"kind": "search", "q": "？"}}, 400),
    ],
)
def test_a_question_that_can_not_be_asked_is_not_saved(client: TestClient, order: dict[str, Any], status: int) -> None:
    response = client.post("/api/watches", json=order)
    assert response.status_code == status, response.text
    assert client.get("/api/watches").json()["watches"] == []


def test_what_nobody_states_yet_can_be_waited_for(client: TestClient, home: Path) -> None:
    watch = save(client, {"name": "x", "question": {"kind": "adoption", "program": "星火学法"}})
    take_in(home, Tale("己.txt", "丁河镇2025年报告\n一、主要成效\n开展星火学法活动。\n", D, 2025, adopts(D, "星火学法", "星火学法")))
    look(client)
    assert [alert["place"] for alert in alerts(client, watch)] == [D]


def test_questions_are_listed_read_and_deleted(client: TestClient) -> None:
    watch = save(client, ADOPTION)
    assert [found["name"] for found in client.get("/api/watches").json()["watches"]] == ["谁在推行"]
    assert client.get(f"/api/watches/{watch}").json()["question"]["program"] == "法律八进"
    assert client.delete(f"/api/watches/{watch}").json()["id"] == watch
    for path in (f"/api/watches/{watch}", f"/api/alerts?watch={watch}", f"/api/alerts.atom?watch={watch}"):
        assert client.get(path).status_code == 404


def test_the_feed_is_an_atom_feed_of_the_same_alerts(client: TestClient, home: Path) -> None:
    save(client, {**SEARCH, "name": '<b>&"八进'})
    empty = etree.fromstring(client.get("/api/alerts.atom").content)
    take_in(home, TAKES_UP, Tale("<script>.txt", "丁河镇2022年报告\n法律八进\x0b<script>alert(1)</script>\n", D, 2022))
    look(client)
    response = client.get("/api/alerts.atom", params={"lang": "en"})
    assert response.headers["content-type"] == "application/atom+xml"
    feed = etree.fromstring(response.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    for one in (empty, feed):
        assert all(len(one.findall(f"a:{name}", space)) == 1 for name in ("id", "title", "updated"))
    entries = feed.findall("a:entry", space)
    assert len(entries) == 2
    assert len({entry.findtext("a:id", None, space) for entry in entries}) == 2
    for entry in entries:
        address = entry.find("a:link[@rel='alternate']", space).get("href")
        assert client.get(address.removeprefix(LOCAL), headers={"accept": "text/html"}).status_code == 200
    assert "<script>" in "".join(feed.itertext())
    assert not feed.findall(".//script")


# -- webhooks ------------------------------------------------------------------------------------------------------------------------------------------------


class Receiver(HTTPServer):
    """Somebody's server on this machine, which answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, dict(self.headers), json.loads(body)))
        status, headers = self.server.answers.pop(0) if self.server.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def make_alert(home: Path, settings: Settings, url: str) -> Archive:
    """An archive with one alert to be sent to ``url``."""
    with workspace.open(settings=settings, mode="read") as space:
        watches.save(space, "八进", watches.SearchWatch(q="法律八进"), webhook=url, by="li")
    take_in(home, TAKES_UP)
    space = workspace.open(settings=settings, mode="read")
    assert len(watches.check(space).alerts) == 1
    return space.archive


def test_an_alert_is_sent_to_an_allowed_address_and_tried_again_when_that_fails(home: Path, receiver: Receiver) -> None:
    base = f"http://127.0.0.1:{receiver.server_port}"
    settings = Settings(home=home, refresh_seconds=0.0, webhooks=f"{base}/alerts/", webhook_private=True)
    archive = make_alert(home, settings, f"{base}/alerts/me?x=1")
    receiver.answers = [(500, {}), (302, {"Location": f"{base}/elsewhere"}), (204, {})]
    assert webhooks.deliver(archive, settings, moment=1000.0) == 1
    assert webhooks.deliver(archive, settings, moment=1059.0) == 0
    assert webhooks.deliver(archive, settings, moment=1060.0) == 1
    assert [row.told for row in archive.deliveries()] == ["HTTP 302"]  # a redirect is no arrival, and is not followed
    assert webhooks.deliver(archive, settings, moment=1360.0) == 1
    assert webhooks.deliver(archive, settings, moment=9e9) == 0
    assert [path for path, _, _ in receiver.got] == ["/alerts/me?x=1"] * 3
    assert len({headers["X-Fazhi-Alert"] for _, headers, _ in receiver.got}) == 1
    body = receiver.got[-1][2]
    assert body["evidence"][0]["text"] in TAKES_UP.text
    assert [(row.state, row.attempts) for row in archive.deliveries()] == [("sent", 3)]


def test_what_never_arrives_is_given_up(home: Path, receiver: Receiver) -> None:
    base = f"http://127.0.0.1:{receiver.server_port}"
    settings = Settings(home=home, refresh_seconds=0.0, webhooks=f"{base}/", webhook_private=True)
    archive = make_alert(home, settings, f"{base}/x")
    receiver.answers = [(503, {})] * 100
    tries = [webhooks.deliver(archive, settings, moment=1e6 * number) for number in range(1, 30)]
    assert sum(tries) == len(receiver.got) == 10
    assert [row.state for row in archive.deliveries()] == ["given_up"]


def test_a_private_address_is_not_called_and_neither_is_one_that_is_not_allowed_any_more(home: Path, receiver: Receiver) -> None:
    base = f"http://127.0.0.1:{receiver.server_port}"
    settings = Settings(home=home, refresh_seconds=0.0, webhooks=f"{base}/")
    archive = make_alert(home, settings, f"{base}/x")
    webhooks.deliver(archive, settings, moment=1000.0)
    assert "private" in (archive.deliveries()[0].told or "")
    webhooks.deliver(archive, Settings(home=home, webhook_private=True), moment=2000.0)
    assert "No alerts are sent" in (archive.deliveries()[0].told or "")
    assert receiver.got == []


def test_a_name_that_points_elsewhere_later_gains_nothing(home: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=home, refresh_seconds=0.0, webhooks=f"http://rebound.example:{receiver.server_port}/")
    archive = make_alert(home, settings, f"http://rebound.example:{receiver.server_port}/x")
    called: list[Any] = []

    def connect(address: Any, timeout: float) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    webhooks.deliver(archive, settings, moment=1000.0, look_up=lambda host, port: ["93.184.216.34"])
    assert called == [("93.184.216.34", receiver.server_port)]  # the address that was checked, not the name


def test_without_a_webhook_nobody_is_called(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(client, SEARCH)
    take_in(home, TAKES_UP)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("somebody was called"))
    look(client)
    assert len(alerts(client)) == 1


ALLOWED = "https://example.org/alerts/,http://hooks.example:8080/one"


@pytest.mark.parametrize(
    "url", ["https://example.org/alerts/", "https://example.org/alerts/a?b=c", "http://hooks.example:8080/one", "https://EXAMPLE.org:443/alerts/x"]
)
def test_allowed_addresses(url: str) -> None:
    webhooks.check_allowed(url, Settings(webhooks=ALLOWED))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/", "https://example.org/alertsx", "http://example.org/alerts/", "https://example.org:8443/alerts/", "https://example.org.evil.example/alerts/",
        "https://example.org@evil.example/alerts/", "https://evil.example/?https://example.org/alerts/", "https://example.org/alerts/../admin", "https://example.org/alerts/%2e%2e/admin",
        "https://example.org/alerts/..%2fadmin", "http://hooks.example:8080/one/two", "http://hooks.example:8080/one?x", "file:///etc/passwd", "gopher://example.org/alerts/",
        "https://example.org\\@evil.example/alerts/", "https://example.org/alerts/\r\nX: y", "https://example.org/alerts/ x", "//example.org/alerts/", "", "https://", "https://[::1/alerts/",
        "https://example.org/alerts/#x", "https://example.org:0/alerts/", "https://example.org:99999/alerts/", "https://exаmple.org/alerts/", "https://example.org/alerts/" + "x" * 3000,
    ],
)  # fmt: skip
def test_addresses_that_are_not_allowed(url: str) -> None:
    with pytest.raises((Invalid, Forbidden)):
        webhooks.check_allowed(url, Settings(webhooks=ALLOWED))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::", "no address",
    ],
)  # fmt: skip
def test_private_addresses(address: str) -> None:
    assert not webhooks.is_public(address)
    with pytest.raises(Forbidden):
        webhooks.choose_address(webhooks.urlsplit("https://example.org/"), Settings(), lambda host, port: ["93.184.216.34", address])


def test_public_addresses() -> None:
    assert webhooks.is_public("93.184.216.34") and webhooks.is_public("2606:2800:220:1::1")
    with pytest.raises(Unavailable):
        webhooks.choose_address(webhooks.urlsplit("https://example.org/"), Settings(), lambda host, port: [])


def test_the_command_line_saves_lists_tells_and_deletes(home: Path) -> None:
    from typer.testing import CliRunner

    from fazhi.cli import app

    def run(*words: str) -> Any:
        result = CliRunner().invoke(app, ["watch", *words, "--home", str(home), "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.output)

    made = [run("search", "法律八进"), run("adoption", "法律八进", "--planned"), run("number", "disputes_mediated", "--place", "cn:3505")]
    assert [watch["question"]["kind"] for watch in made] == ["search", "adoption", "number"]
    take_in(home, TAKES_UP)
    assert len(run("check")["alerts"]) == 2
    assert run("check")["alerts"] == []
    assert {alert["watch"] for alert in run("alerts")} == {made[0]["id"], made[1]["id"]}
    assert run("delete", str(made[0]["id"]))["name"] == "法律八进"
    assert [watch["id"] for watch in run("list")] == [made[1]["id"], made[2]["id"]]
