from __future__ import annotations

import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from samples import SIMPLIFIED, make_gbk_zip, make_zip, read_one, refuse_one

from ingest.model import Source
from ingest.readers import Limits, Unreadable, read_bytes

TEXT = SIMPLIFIED.encode()


def read_all(raw: bytes, limits: Limits | None = None) -> tuple[dict[str, Source], list[Unreadable]]:
    items = list(read_bytes("a.zip", raw, limits))
    return {item.key: item for item in items if isinstance(item, Source)}, [item for item in items if isinstance(item, Unreadable)]


def test_files_inside_go_by_archive_and_path() -> None:
    sources, failures = read_all(make_zip({"清河县/青溪镇.txt": TEXT, "b.md": TEXT + b"#", "empty/": b""}))
    assert list(sources) == ["a.zip!/b.md", "a.zip!/清河县/青溪镇.txt"]
    assert sources["a.zip!/清河县/青溪镇.txt"].text == SIMPLIFIED
    assert failures == []


def test_names_in_gbk_without_a_flag() -> None:
    assert read_one("a.zip", make_gbk_zip("青溪镇/报告.txt", TEXT)).key == "a.zip!/青溪镇/报告.txt"


def test_names_in_the_unicode_path_field() -> None:
    name = "青溪镇.txt".encode()
    entry = zipfile.ZipInfo("qx.txt")
    entry.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(entry, TEXT)
    assert read_one("a.zip", stream.getvalue()).key == "a.zip!/青溪镇.txt"


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "/etc/passwd.txt", "C:\\etc\\passwd.txt", "./etc//passwd.txt"])
def test_names_that_lead_outside_are_harmless(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_one("a.zip", make_zip({name: TEXT})).key == "a.zip!/etc/passwd.txt"
    assert list(tmp_path.rglob("*")) == []


def test_a_zip_in_a_zip_and_no_deeper() -> None:
    third = make_zip({"c.txt": TEXT})
    second = make_zip({"b.txt": TEXT, "third.zip": third})
    sources, failures = read_all(make_zip({"a.txt": TEXT, "second.zip": second}))
    assert list(sources) == ["a.zip!/a.txt", "a.zip!/second.zip!/b.txt"]
    assert [(failure.name, failure.kind) for failure in failures] == [("a.zip!/second.zip!/third.zip", "bomb")]


def test_one_bad_entry_does_not_stop_the_rest() -> None:
    sources, failures = read_all(make_zip({"a.txt": TEXT, "b.txt": b"", "c.jpg": b"\xff\xd8\xff\xe0", "d.docx": b"PK\x03\x04junk", "e.txt": TEXT}))
    assert list(sources) == ["a.zip!/a.txt", "a.zip!/e.txt"]
    assert [failure.name for failure in failures] == ["a.zip!/b.txt", "a.zip!/c.jpg", "a.zip!/d.docx"]


def test_hidden_files_and_what_macos_adds_are_passed_over() -> None:
    sources, failures = read_all(make_zip({"a.txt": TEXT, ".b.txt": TEXT, "__MACOSX/._a.txt": b"\0\5", "x/.git/c.txt": TEXT, "~$d.docx": b"x"}))
    assert (list(sources), failures) == (["a.zip!/a.txt"], [])


def test_side_files_inside() -> None:
    side = json.dumps({"url": "https://example.org/1", "place": "青溪镇"}).encode()
    sources, failures = read_all(make_zip({"a.txt": TEXT, "a.txt.meta.json": side, "lone.txt.meta.json": side}))
    assert (sources["a.zip!/a.txt"].url, sources["a.zip!/a.txt"].place) == ("https://example.org/1", "青溪镇")
    assert [(failure.name, failure.kind) for failure in failures] == [("a.zip!/lone.txt.meta.json", "fields")]


def test_jsonl_inside() -> None:
    rows = b"\n".join(json.dumps({"key": str(number), "text": SIMPLIFIED}).encode() for number in range(3))
    assert list(read_all(make_zip({"rows.jsonl": rows}))[0]) == ["0", "1", "2"]


def test_a_zip_bomb_is_one_line() -> None:
    failure = refuse_one("a.zip", make_zip({f"{number}.txt": b"0" * 20_000_000 for number in range(3)}))
    assert failure.kind == "bomb" and "zip bomb" in failure.reason


def test_a_bomb_among_reports_is_refused_alone() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("bomb.txt", b"0" * 3_000_000, zipfile.ZIP_DEFLATED)
        archive.writestr("good.txt", TEXT * 100, zipfile.ZIP_STORED)
    sources, failures = read_all(stored.getvalue())
    assert list(sources) == ["a.zip!/good.txt"]
    assert [(failure.name, failure.kind) for failure in failures] == [("a.zip!/bomb.txt", "bomb")]


def test_unpacked_size_counts_over_archives_inside() -> None:
    inner = make_zip({"b.txt": TEXT * 10}, zipfile.ZIP_STORED)
    raw = make_zip({"a.txt": TEXT * 10, "inner.zip": inner}, zipfile.ZIP_STORED)
    sources, failures = read_all(raw, Limits(max_unpacked_bytes=len(TEXT) * 25))
    assert list(sources) == ["a.zip!/a.txt"]
    assert [(failure.name, failure.kind) for failure in failures] == [("a.zip!/inner.zip", "bomb")]
    assert failures[0].cure


def test_number_of_entries() -> None:
    failure = refuse_one("a.zip", make_zip({f"{number}.txt": TEXT for number in range(11)}), Limits(max_entries=10))
    assert "more than 10 entries" in failure.reason


def test_an_entry_whose_size_is_a_lie_is_unpacked_no_further() -> None:
    raw = bytearray(make_zip({"a.txt": b"0" * 5_000_000}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = raw.index(signature) + offset
        raw[at : at + 4] = struct.pack("<I", 100)
    assert refuse_one("a.zip", bytes(raw)).kind in {"damaged", "bomb"}


def test_a_password_is_named() -> None:
    raw = bytearray(make_zip({"a.txt": TEXT}))
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        raw[raw.index(signature) + offset] |= 1
    failure = refuse_one("a.zip", bytes(raw))
    assert (failure.name, failure.kind) == ("a.zip!/a.txt", "encrypted")


@pytest.mark.parametrize("raw", [make_zip({"a.txt": TEXT})[:-30], b"PK\x03\x04" + b"x" * 200, b"PK\x05\x06"], ids=["cut", "noise", "end only"])
def test_a_broken_zip(raw: bytes) -> None:
    assert refuse_one("a.zip", raw).kind == "damaged"


def test_an_entry_that_is_damaged() -> None:
    raw = bytearray(make_zip({"a.txt": TEXT, "b.txt": TEXT}, zipfile.ZIP_STORED))
    raw[raw.index(TEXT) + 10] ^= 0xFF
    sources, failures = read_all(bytes(raw))
    assert list(sources) == ["a.zip!/b.txt"]
    assert [(failure.name, failure.kind) for failure in failures] == [("a.zip!/a.txt", "damaged")]


def test_a_name_that_is_there_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.txt", TEXT)
            archive.writestr("a.txt", TEXT + b"x")
    sources, failures = read_all(stream.getvalue())
    assert sources["a.zip!/a.txt"].text == SIMPLIFIED
    assert [failure.kind for failure in failures] == ["clash"]


def test_an_empty_zip_gives_nothing() -> None:
    assert list(read_bytes("a.zip", make_zip({}))) == []


@pytest.mark.parametrize(
    ("name", "parts"), [("a.xlsx", ["[Content_Types].xml", "xl/workbook.xml"]), ("a.ofd", ["OFD.xml"]), ("a.odt", ["mimetype", "META-INF/manifest.xml"])]
)
def test_other_office_files_that_are_zips(name: str, parts: list[str]) -> None:
    failure = refuse_one(name, make_zip(dict.fromkeys(parts, b"<x/>")))
    assert failure.kind == "unsupported" and name.rpartition(".")[2] in failure.reason
