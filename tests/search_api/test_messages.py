"""Errors on pages: in the language of the page, and pages/messages.yaml beside what the program says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import html
from search_api_corpus import LOCAL
from starlette.testclient import TestClient

from fazhi.settings import Settings
from search_api.app import create_app
from search_api.guard import SMALL_BODY
from search_api.problems import TYPES
from search_api.routers.pages.telling import fill_slots, messages, read_message, tell, translate

ROOT = Path(__file__).parents[2]
PACKAGES = ("archive", "diffusion", "fazhi", "fulltext", "graph", "ingest", "search_api")
# what somebody at the pages can cause comes from here
SAID_TO_READERS = (
    "fulltext/query.py", "fulltext/question.py", "fulltext/cursor.py", "fulltext/narrow.py", "graph/pages.py", "search_api/auth.py", "search_api/guard.py",
    "search_api/reader.py", "search_api/profiling.py", "search_api/likening.py", "search_api/routers/pages", "fazhi/jobs.py", "fazhi/webhooks.py",
    "archive/doorkeeping.py", "archive/watching.py", "ingest/readers",
)  # fmt: skip
ERRORS = {"Invalid", "NotFound", "Conflict", "Contradiction", "TooLarge", "Forbidden", "Unavailable", "CannotRead", "describe", "invalid"}
OF_PYDANTIC = ("Input should", "String should", "Unable to parse", "Field required", "Extra inputs", "It can't be read.")
NOTHING = re.compile(r"^it .*|.*no converter.*|[{}.,: ]")  # said of converters within a message; or only what was filled in
ENGLISH = re.compile(r"[A-Za-z]{2,} [a-z]+ [a-z]+")  # three words in a row


def write_template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


@cache
def read_source(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def iter_texts() -> Iterator[str]:
    """Every text in the program, with {} for what is filled in."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(read_source(path)):
                text = write_template(node)
                if text and " " in text.strip():
                    yield text


def iter_errors(place: str) -> Iterator[str]:
    """What the errors of a file or folder say."""
    for path in [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py")):
        for node in ast.walk(read_source(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ERRORS:
                for given in (*node.args, *(one.value for one in node.keywords)):
                    text = write_template(given)
                    if text and " " in text:
                        yield text


def read_alert(client: TestClient, address: str, status: int) -> str:
    client.cookies.clear()
    response = client.get(address, headers={"accept": "text/html"})
    assert response.status_code == status, response.text
    return " ".join(" ".join(part.text_content() for part in html.document_fromstring(response.text).find_class("problem")).split())


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ('/?q=法治 "顾问', 400, "引号没有配对。 位置：第 4 个字符请补上后引号"),
        ("/?q=(法治", 400, "括号没有配对。"),
        ("/?q=法治 或", 400, "OR 后面没有内容。"),
        ("/?q=地址:法治", 400, "没有“地址”这个字段。 位置：第 1 个字符可用的字段：place"),
        ("/?q=year:去年", 400, "“去年”不是年份。"),
        ("/?q=section:附件", 400, "没有“附件”这个部分。"),
        ('/?q="调解网格"~5', 400, "相近检索要有 2 到 4 个词。"),
        ("/?q=法*治*政*府", 400, "一个词里的 * 超过两个。"),
        ("/?q=？", 400, "检索式里没有要找的词。"),
        ("/?q=法治&from=12", 422, "起始年份（from）不对。 应不小于 1949。"),
        ("/?q=法治&from=abc", 422, "起始年份（from）不对。 应是整数。"),
        ("/?q=法治&level=city", 422, "层级（level）不对。 应是以下之一：'province'"),
        (f"/?q={'法' * 2001}", 422, "检索词（q）不对。 最多 2000 个字符。"),
        ("/?q=法治&cursor=zz", 400, "翻页标记读不出来。 请从第一页重新翻起。"),
        ("/?q=法治&place=不存在镇", 404, "本库有报告的地方中，没有叫“不存在镇”的。"),
        ("/?q=法治&place=甲溪乡", 404, "没有叫“甲溪乡”的。 相近的地名：甲溪镇。请写全名"),
        ("/nowhere", 404, "出错了 这个地址没有页面。"),
        ("/places/cn:999999/无此镇", 404, "这里没有“cn:999999/无此镇”。"),
        ("/programs/program:无此项目", 404, "没有报告提到项目“program:无此项目”。"),
        ("/entities/body:无", 404, "这里没有“body:无”。"),
        ("/reports/0123456789abcdef", 404, "没有报告 0123456789abcdef。"),
        ("/reports/XX", 404, "没有报告 XX。"),
        ("/facts/0123456789abcdef-1", 404, "没有事实 0123456789abcdef-1。"),
        ("/measures?indicator=无此指标", 404, "没有报告写明“无此指标”的数值。"),
        ("/measures?indicator=调解矛盾纠纷数&from=2024&to=2020&view=panel", 400, "年份前后颠倒：从 2024 到 2020。"),
        ("/compare?left=不存在镇&right=cn:3505", 404, "本库有报告的地方中，没有叫“不存在镇”的。"),
        ("/graph?id=program:无此项目", 404, "这里没有“program:无此项目”。"),
        ("/coverage?place=不存在镇", 404, "本库有报告的地方中，没有叫“不存在镇”的。"),
        ("/coverage?from=9999", 422, "起始年份（from）不对。 怎么办：应不大于 2200。"),
        ("/jobs/zz", 404, "没有任务 zz。 怎么办：请从“任务”页进入。"),
        ("/problems/zz", 404, "没有叫“zz”的错误类型。"),
    ],
)
def test_errors_are_told_in_chinese(client: TestClient, address: str, status: int, said: str) -> None:
    told = read_alert(client, address, status)
    assert said in told
    assert not ENGLISH.search(told), told


def test_an_english_page_and_the_api_have_them_in_english(client: TestClient) -> None:
    assert "A bracket is opened and not closed." in read_alert(client, "/?q=(法治&lang=en", 400)
    assert client.get("/api/search?q=(法治").json()["detail"] == "A bracket is opened and not closed."


def test_the_page_of_each_kind_of_problem(client: TestClient) -> None:
    for slug in TYPES:
        told = read_alert(client, f"/problems/{slug}", 200)
        assert not ENGLISH.search(told), told


def test_who_is_refused_is_told_so_in_chinese(settings: Settings) -> None:
    keyed = settings.model_copy(update={"api_key": "k" * 20, "rate_limit": 1.0})
    accept = {"accept": "text/html"}
    with TestClient(create_app(type(settings).model_validate(keyed.model_dump())), base_url=LOCAL) as client:
        assert "需要登录才能查看。" in client.get("/", headers=accept).text
        assert "登录已过期，或密钥已被撤销。" in client.get("/", headers={**accept, "authorization": "Bearer nobody"}).text
        large = client.post("/review", content=b"x" * (SMALL_BODY + 1), headers={**accept, "x-api-key": "k" * 20})
        assert large.status_code == 413 and f"提交的内容超过 {SMALL_BODY} 字节。" in large.text
        assert "这个请求来自别的网站。" in client.post("/review", headers={**accept, "origin": "http://elsewhere.example"}).text


def test_what_can_not_be_uploaded_is_told_in_chinese(own_client: TestClient) -> None:
    accept = {"accept": "text/html"}
    assert "没有选文件。" in own_client.post("/upload", headers=accept).text
    sent = own_client.post("/upload", files={"file": ("甲.exe", b"MZ\0\0")}, headers=accept, follow_redirects=False)
    address = sent.headers["location"]
    for _ in range(200):
        shown = own_client.get(address, headers=accept).text
        if 'id="progress"' not in shown:
            break
    assert "是无法识别的二进制文件。" in shown
    (main,) = html.document_fromstring(shown).xpath("//main")
    assert not ENGLISH.search(main.text_content())


def test_every_message_is_one_of_the_program() -> None:
    said = {read_message(text.replace("{}", "{x}")).pieces for text in iter_texts()}
    for message in messages():
        written = "{x}".join(message.pieces)
        fixed = sum(map(len, message.pieces)) / 2  # a text that is nearly nothing but slots would say everything
        if not written.startswith(OF_PYDANTIC):
            assert any(fill_slots(pieces, written) is not None for pieces in said if sum(map(len, pieces)) >= fixed), written


def test_messages_fill_in_what_they_have() -> None:
    for message in messages():
        slots = set(re.findall(r"\{(\w*)\}", message.chinese))
        assert slots <= set(message.slots), message
        assert message.chinese.format(**dict.fromkeys(message.slots, "x"))


@pytest.mark.parametrize("place", SAID_TO_READERS)
def test_what_readers_can_cause_is_known_in_chinese(place: str) -> None:
    said = {re.sub(r"no \{\} \{\}", "no level {}", text) for text in iter_errors(place) if NOTHING.sub("", text)}
    assert said and [text for text in sorted(said) if translate(text.replace("{}", "7")) is None] == []


def test_slots() -> None:
    message = read_message("The {a} of {b} is {c}.", "{c}、{b}、{a}")
    assert fill_slots(message.pieces, "The end of 甲 of 乙 is near.") == ["end", "甲 of 乙", "near"]
    assert fill_slots(message.pieces, "The end of 甲.") is None
    assert fill_slots(("same", ""), "same") == [""]
    assert fill_slots(("ab", "ba"), "aba") is None


def test_what_is_not_known_stays_english() -> None:
    assert tell("Nobody has ever said this.", "zh") == "Nobody has ever said this."
    assert tell("A bracket is opened and not closed. Close it.", "zh") == "括号没有配对。请补上后括号。"
    assert tell("A bracket is opened and not closed.", "en") == "A bracket is opened and not closed."
    assert tell(None, "zh") == ""
    several = "甲.exe: It is a binary file of no known kind. Save it as text, a.b; 乙.txt: It is a picture, and a bad one."
    assert tell(several, "zh") == several
    assert tell("There is no field '<b>{0.__class__}'.", "zh") == "没有“<b>{0.__class__}”这个字段。"
