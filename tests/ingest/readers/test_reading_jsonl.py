from __future__ import annotations

import io
import json
from typing import Any

import pytest
from samples import SIMPLIFIED, TRADITIONAL

from ingest.model import Source
from ingest.readers import Limits, Unreadable, read_bytes
from ingest.readers.jsonl import count_rows

TEXT = SIMPLIFIED


def rows(*lines: Any, codec: str = "utf-8") -> bytes:
    return "\n".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines).encode(codec)


def read_rows(raw: bytes, limits: Limits | None = None) -> tuple[list[Source], list[Unreadable]]:
    items = list(read_bytes("rows.jsonl", raw, limits))
    return [item for item in items if isinstance(item, Source)], [item for item in items if isinstance(item, Unreadable)]


def test_key_text_and_metadata() -> None:
    row = {
        "key": "k1",
        "text": TEXT,
        "title": "题",
        "url": "https://example.org/1",
        "published": "2024年1月15日",
        "place": "cn:350524",
        "batch": 7,
        "metadata": {"tags": ["a"]},
    }
    (source,), failures = read_rows(rows(row))
    assert failures == []
    assert (source.key, source.text, source.title, source.url, source.published, source.place) == (
        "k1",
        TEXT,
        "题",
        "https://example.org/1",
        "2024-01-15",
        "cn:350524",
    )
    assert source.metadata == {"batch": 7, "tags": ["a"], "published": "2024年1月15日"}
    assert (source.raw, source.format) == (TEXT.encode(), "txt")


def test_the_text_is_kept_to_the_character() -> None:
    text = "\ufeff 一、工作\r\n\t二、问题　\u2028末尾 \n"
    assert read_rows(rows({"key": "k", "text": text}))[0][0].text == text


@pytest.mark.parametrize(
    ("row", "key"),
    [({"key": 12, "text": TEXT}, "12"), ({"url": "https://example.org/1", "text": TEXT}, "https://example.org/1"), ({"id": "x", "text": TEXT}, "x")],
)
def test_where_the_key_comes_from(row: dict[str, Any], key: str) -> None:
    assert read_rows(rows(row))[0][0].key == key


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{not json}", "not JSON"),
        ('"a string"', "not an object"),
        ({"text": TEXT}, "no key"),
        ({"key": True, "text": TEXT}, "no key"),
        ({"key": "k"}, "neither text nor html"),
        ({"key": "k", "text": 5}, "neither text nor html"),
        ({"key": "k", "text": "  "}, "only blanks"),
        ({"key": "k", "text": "a\u0000b"}, "NUL"),
        ('{"key": "k", "text": "\\ud800"}', "not JSON"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_others_are_in(line: Any, words: str) -> None:
    sources, failures = read_rows(rows({"key": "1", "text": TEXT}, "", line, {"key": "2", "text": TEXT}))
    assert [source.key for source in sources] == ["1", "2"]
    assert [(failure.name, failure.position) for failure in failures] == [("rows.jsonl", 3)]
    assert words in failures[0].reason
    assert str(failures[0]).startswith("rows.jsonl line 3: ")


@pytest.mark.parametrize("raw", [rows("[", {"key": "1", "text": TEXT}, "]"), rows("{", '"key": 1', "}")], ids=["array", "object"])
def test_json_over_several_lines_is_one_failure(raw: bytes) -> None:
    sources, failures = read_rows(raw)
    assert (sources, len(failures)) == ([], 1)
    assert "one object a line" in failures[0].reason


def test_byte_order_mark_and_windows_line_ends() -> None:
    raw = b"\xef\xbb\xbf" + rows({"key": "1", "text": TEXT}, {"key": "2", "text": TEXT}).replace(b"\n", b"\r\n")
    assert [source.key for source in read_rows(raw)[0]] == ["1", "2"]


@pytest.mark.parametrize(("text", "codec"), [(SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5")])
def test_rows_in_another_encoding(text: str, codec: str) -> None:
    assert read_rows(rows({"key": "1", "text": text}, codec=codec))[0][0].text == text


def test_a_line_over_the_limit_is_passed_over() -> None:
    raw = rows({"key": "1", "text": TEXT}, {"key": "2", "text": TEXT * 50}, {"key": "3", "text": TEXT})
    sources, failures = read_rows(raw, Limits(max_file_bytes=10_000))
    assert [source.key for source in sources] == ["1", "3"]
    assert [(failure.kind, failure.position) for failure in failures] == [("too_large", 2)]


def test_a_file_larger_than_the_limit_is_streamed() -> None:
    raw = rows(*({"key": str(number), "text": TEXT} for number in range(20)))
    assert len(read_rows(raw, Limits(max_file_bytes=len(raw) // 4))[0]) == 20


def test_a_key_that_comes_again() -> None:
    raw = rows({"key": "1", "text": TEXT}, {"key": "1", "text": TEXT}, {"key": "1", "text": TEXT + "改"})
    sources, failures = read_rows(raw)
    assert [source.text for source in sources] == [TEXT]
    assert [(failure.name, failure.kind) for failure in failures] == [("1", "clash")]


@pytest.mark.parametrize(("raw", "count"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2)])
def test_rows_are_counted(raw: bytes, count: int) -> None:
    assert count_rows(io.BytesIO(raw)) == count
