from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import SIMPLIFIED, TRADITIONAL, read_one, refuse_one

from ingest.readers import encoding

LONG = SIMPLIFIED * 12


@pytest.mark.parametrize("length", [30, 60, 120, 300, 1000, 3000])
@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        (SIMPLIFIED * 12, "utf-8", "utf-8"),
        (TRADITIONAL * 14, "utf-8", "utf-8"),
        (SIMPLIFIED * 12, "gbk", "gb18030"),
        (TRADITIONAL.replace("「", "“").replace("」", "”") * 14, "gbk", "gb18030"),
        (TRADITIONAL * 14, "big5", "cp950"),
    ],
)
def test_encoding_of_short_and_long_text_is_found(text: str, codec: str, expected: str, length: int) -> None:
    source = read_one("a.txt", text[:length].encode(codec))
    assert (source.text, source.encoding) == (text[:length], expected)


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL.replace("「", "“").replace("」", "”")])
def test_every_window_of_thirty_characters_is_told_apart(text: str) -> None:
    wrong = []
    for start in range(0, len(text) - 30, 3):
        piece = text[start : start + 30]
        if encoding.decode(piece.encode("gb18030"))[0] != piece:
            wrong.append(piece)
        if text is not SIMPLIFIED and encoding.decode(piece.encode("cp950"))[0] != piece:
            wrong.append(piece)
    assert wrong == []


def test_characters_of_gb18030_outside_gbk_are_read() -> None:
    text = SIMPLIFIED + "𠮷㐀䶮乡"
    assert read_one("a.txt", text.encode("gb18030")).text == text


def test_byte_order_mark_and_line_ends_stay_as_characters() -> None:
    raw = b"\xef\xbb\xbf" + "第一行的工作情况\r\n第二行的工作情况\r第三行\n".encode()
    source = read_one("a.txt", raw)
    assert source.text == "\ufeff第一行的工作情况\r\n第二行的工作情况\r第三行\n"
    assert source.raw.decode(source.encoding) == source.text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_utf16_and_utf32_with_a_mark(codec: str) -> None:
    raw = ("\ufeff" + SIMPLIFIED).encode(codec)
    source = read_one("a.txt", raw)
    assert source.text == "\ufeff" + SIMPLIFIED
    assert raw.decode(source.encoding) == source.text


def test_markdown_is_kept_as_written() -> None:
    text = "# 标题\n\n**一、工作情况**\n"
    assert read_one("a.md", text.encode()).text == text


def test_plain_english_is_read() -> None:
    assert read_one("a.txt", b"A report in English, for what it is worth.").text.startswith("A report")


def test_utf8_cut_in_the_middle_of_a_character_loses_that_one_only() -> None:
    source = read_one("a.txt", SIMPLIFIED.encode()[:-3])
    assert source.text == SIMPLIFIED[:-2] + "\ufffd" or source.text.rstrip("\ufffd") == SIMPLIFIED[:-2]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", "empty"),
        ("\ufeff  \r\n\t　　\xa0\n".encode(), "blank"),
        (b"abc\0def" * 40, "binary"),
        (bytes(range(1, 9)) * 100, "binary"),
        (bytes(range(128, 256)) * 20, "encoding"),
        ((SIMPLIFIED[:100] + "\ufffd" * 20).encode(), "damaged"),
        ((SIMPLIFIED[:100] + "锟斤拷" * 5).encode(), "damaged"),
        (SIMPLIFIED.encode().decode("gb18030", "replace").replace("\ufffd", "").encode(), "damaged"),
        (SIMPLIFIED.encode().decode("latin-1").encode(), "damaged"),
        ("Résumé des activités, très détaillé à la fin de l'année".encode("cp1252"), "encoding"),
    ],
    ids=["empty", "blank", "nul", "controls", "noise", "lost", "kunjinkao", "utf8-as-gbk", "utf8-as-latin1", "cp1252"],
)
def test_what_is_no_text_is_refused_with_a_cure(raw: bytes, kind: str) -> None:
    failure = refuse_one("a.txt", raw)
    assert failure.kind == kind
    assert str(failure).startswith("a.txt: ")
    assert failure.reason.endswith(".") and failure.cure.endswith(".")
    assert "\n" not in str(failure)


def test_a_few_lost_characters_in_a_long_text_are_let_pass() -> None:
    assert read_one("a.txt", (LONG + "\ufffd").encode()).text == LONG + "\ufffd"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1))
def test_sound_utf8_is_never_changed(text: str) -> None:
    try:
        decoded, name = encoding.decode(text.encode())
    except encoding.CannotRead as error:
        assert error.kind in {"blank", "damaged"}
    else:
        assert decoded == text and text.encode().decode(name) == text


@given(st.binary())
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        text, _ = encoding.decode(raw)
    except encoding.CannotRead as error:
        assert error.detail and error.cure
    else:
        assert text.strip() and "\0" not in text


@given(st.binary(max_size=40))
def test_any_file_name_becomes_sound_text(raw: bytes) -> None:
    assert encoding.decode_name(raw).encode().decode() == encoding.decode_name(raw)
