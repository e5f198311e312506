from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from samples import SIMPLIFIED, make_zip, read_paths

from ingest.model import Source
from ingest.readers import Limits, Unreadable, batch, count_inputs, iter_sources, walk


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_folder_gives_keys_relative_to_it_in_order(tmp_path: Path) -> None:
    for name in ("b/青溪镇.txt", "a.txt", "b/c/d.txt", "z.md"):
        write(tmp_path / name, SIMPLIFIED + name)
    sources, failures = read_paths(tmp_path)
    assert list(sources) == ["a.txt", "b/c/d.txt", "b/青溪镇.txt", "z.md"]
    assert failures == {}


def test_a_file_goes_by_its_name(tmp_path: Path) -> None:
    assert list(read_paths(write(tmp_path / "x" / "a.txt", SIMPLIFIED))[0]) == ["a.txt"]


def test_files_of_the_same_name_go_by_their_folders(tmp_path: Path) -> None:
    first, second, third = (write(tmp_path / name, SIMPLIFIED + name) for name in ("a/x.txt", "b/x.txt", "b/y.txt"))
    expected = {"a/x.txt": first.read_text(), "b/x.txt": second.read_text(), "y.txt": third.read_text()}
    for order in ([first, second, third], [third, second, first]):
        sources, failures = read_paths(*order)
        assert ({key: source.text for key, source in sources.items()}, failures) == (expected, {})


def test_folders_that_hold_the_same_names_go_by_their_names(tmp_path: Path) -> None:
    for name in ("2022/x.txt", "2023/x.txt", "2023/y.txt", "other/z.txt"):
        write(tmp_path / name, SIMPLIFIED + name)
    assert list(read_paths(tmp_path / "2022", tmp_path / "2023")[0]) == ["2022/x.txt", "2023/x.txt", "2023/y.txt"]
    assert list(read_paths(tmp_path / "2022", tmp_path / "other")[0]) == ["x.txt", "z.txt"]


def test_root_fixes_the_keys(tmp_path: Path) -> None:
    write(tmp_path / "2022" / "x.txt", SIMPLIFIED)
    assert list(read_paths(tmp_path / "2022", root=tmp_path)[0]) == ["2022/x.txt"]
    assert list(read_paths(tmp_path / "2022" / "x.txt", root=tmp_path)[0]) == ["2022/x.txt"]


def test_what_is_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path / "sub" / "a.txt", SIMPLIFIED)
    items = list(iter_sources([tmp_path, path, tmp_path / "sub", path]))
    assert [item.key for item in items if isinstance(item, Source)] == ["sub/a.txt"]


def test_relative_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "sub" / "a.txt", SIMPLIFIED)
    monkeypatch.chdir(tmp_path)
    assert list(read_paths(Path("sub"))[0]) == ["a.txt"]
    assert list(read_paths(Path())[0]) == ["sub/a.txt"]
    assert list(read_paths(Path("sub/../sub/a.txt"))[0]) == ["a.txt"]


def test_rows_and_files_share_one_space_of_keys(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    write(tmp_path / "b.jsonl", json.dumps({"key": "a.txt", "text": SIMPLIFIED + "改"}))
    sources, failures = read_paths(tmp_path)
    assert sources["a.txt"].text == SIMPLIFIED
    assert failures["a.txt"].kind == "clash"


def test_hidden_files_and_saved_page_folders_are_passed_over(tmp_path: Path) -> None:
    for name in (".a.txt", ".git/b.txt", "~$c.docx", "Thumbs.db", "page_files/style.css", "other_files/d.txt"):
        write(tmp_path / name, SIMPLIFIED)
    write(tmp_path / "page.html", f"<p>{SIMPLIFIED}</p>")
    sources, failures = read_paths(tmp_path)
    assert (list(sources), failures) == (["other_files/d.txt", "page.html"], {})


def test_a_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    assert list(read_paths(tmp_path, write(tmp_path / ".a.txt", SIMPLIFIED))[0]) == [".a.txt"]


def test_side_file_gives_metadata(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    fields = {"title": "题", "url": "https://example.org", "published": "2024-01-15T08:00:00", "place": "青溪镇", "batch": 3}
    write(tmp_path / "a.txt.meta.json", json.dumps(fields))
    for path in (tmp_path, tmp_path / "a.txt"):
        source = read_paths(path)[0]["a.txt"]
        assert (source.title, source.url, source.published, source.place) == ("题", "https://example.org", "2024-01-15", "青溪镇")
        assert source.metadata == {"batch": 3, "published": "2024-01-15T08:00:00"}


def test_side_file_goes_before_what_the_page_says(tmp_path: Path) -> None:
    write(tmp_path / "a.html", f"<meta charset=utf-8><title>页面自己的标题和报告</title><p>{SIMPLIFIED}</p>")
    write(tmp_path / "a.html.meta.json", json.dumps({"title": "给的标题"}))
    assert read_paths(tmp_path)[0]["a.html"].title == "给的标题"


@pytest.mark.parametrize("content", ["{broken", "[1]", ""])
def test_a_bad_side_file_is_named_and_the_report_is_in(tmp_path: Path, content: str) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    write(tmp_path / "a.txt.meta.json", content)
    sources, failures = read_paths(tmp_path)
    assert (list(sources), list(failures)) == (["a.txt"], ["a.txt.meta.json"])


def test_a_side_file_alone_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt.meta.json", "{}")
    assert read_paths(tmp_path)[1]["a.txt.meta.json"].kind == "fields"


@pytest.mark.parametrize(
    ("name", "raw", "kind", "cure"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "unsupported", ".docx"),
        ("a.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "unsupported", ".docx"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 6000 + "Workbook".encode("utf-16-le"), "unsupported", ".docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        ("a.doc", b"{\\rtf1\\ansi}", "unsupported", ".docx"),
        ("a.jpg", b"\xff\xd8\xff\xe0JFIF", "scanned", "fazhi-graph[ocr]"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "scanned", "fazhi-graph[ocr]"),
        ("a.gif", b"GIF89a\x01\x00", "unsupported", "OCR"),
        ("a.rar", b"Rar!\x1a\x07\x00", "unsupported", "Unpack"),
        ("a.tar.gz", b"\x1f\x8b\x08", "unsupported", "Unpack"),
        ("a.zip", b"this is no zip", "damaged", "again"),
        ("a.csv", b"a,b\n1,2", "unsupported", ".txt"),
        ("a.json", b"{}", "unsupported", ".jsonl"),
        ("a.mht", b"MIME-Version: 1.0\n", "unsupported", ".html"),
        ("a.bin", b"\0\1\2\3" * 100, "binary", ".txt"),
        ("a.txt", b"", "empty", "again"),
    ],
)
def test_what_is_not_read_is_one_line_with_reason_and_cure(tmp_path: Path, name: str, raw: bytes, kind: str, cure: str) -> None:
    write(tmp_path / name, raw)
    write(tmp_path / "good.txt", SIMPLIFIED)
    sources, failures = read_paths(tmp_path)
    assert list(sources) == ["good.txt"]
    assert (list(failures), failures[name].kind) == ([name], kind)
    assert cure in failures[name].cure
    assert str(failures[name]) == f"{name}: {failures[name].reason} {failures[name].cure}"


@pytest.mark.parametrize(
    ("name", "raw", "form"),
    [
        ("a.txt", f"<!DOCTYPE html><html><body><p>{SIMPLIFIED}</p></body></html>", "html"),
        ("a.doc", f'<html xmlns:o="urn:x"><head><meta charset=utf-8></head><body><p>{SIMPLIFIED}</p></body></html>', "html"),
        ("a.html", SIMPLIFIED, "txt"),
        ("a.md", f"# 标题\n<div>{SIMPLIFIED}</div>", "txt"),
        ("报告", SIMPLIFIED, "txt"),
        ("2.参内镇", SIMPLIFIED, "txt"),
        ("a.shtml", f"<div><p>{SIMPLIFIED}</p></div>", "html"),
    ],
)
def test_content_decides_before_the_ending(tmp_path: Path, name: str, raw: str, form: str) -> None:
    write(tmp_path / name, raw)
    assert read_paths(tmp_path)[0][name].format == form


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    failure = read_paths(tmp_path, limits=Limits(max_file_bytes=100))[1]["a.txt"]
    assert failure.kind == "too_large" and "max_file_bytes" in failure.cure


def test_missing_path(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    sources, failures = read_paths(tmp_path / "a.txt", tmp_path / "gone.txt")
    assert list(sources) == ["a.txt"]
    assert str(failures["gone.txt"]) == "gone.txt: There is no such file or folder. Check the path."


def test_broken_links_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt", SIMPLIFIED)
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    sources, failures = read_paths(tmp_path)
    assert list(sources) == ["sub/a.txt"]
    assert {name: failure.kind for name, failure in failures.items()} == {"gone.txt": "missing", "self.txt": "loop", "sub/up": "loop"}


def test_links_to_elsewhere_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.txt", SIMPLIFIED)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "link").symlink_to(tmp_path / "elsewhere")
    assert list(read_paths(tmp_path / "corpus")[0]) == ["link/a.txt"]


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert read_paths(tmp_path)[1]["pipe.txt"].kind == "not_a_file"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    write(tmp_path / "b.txt", SIMPLIFIED)

    def refuse(path: str, mode: str) -> object:
        if path.endswith("a.txt"):
            raise PermissionError(13, "Permission denied")
        return Path(path).open(mode)

    monkeypatch.setattr(walk, "open", refuse, raising=False)
    sources, failures = read_paths(tmp_path)
    assert (list(sources), failures["a.txt"].kind) == (["b.txt"], "denied")


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "closed" / "a.txt", SIMPLIFIED)
    write(tmp_path / "b.txt", SIMPLIFIED)
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(walk.os, "scandir", refuse)
    sources, failures = read_paths(tmp_path)
    assert (list(sources), failures["closed"].kind) == (["b.txt"], "denied")


def test_a_library_that_stumbles_does_not_end_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    monkeypatch.setattr(batch, "_read_report", lambda *_: 1 / 0)
    assert read_paths(tmp_path)[1]["a.txt"].kind == "damaged"


def test_names_in_gbk_bytes_become_sound_keys(tmp_path: Path) -> None:
    try:
        (tmp_path / os.fsdecode("青溪镇.txt".encode("gbk"))).write_text(SIMPLIFIED, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert list(read_paths(tmp_path)[0]) == ["青溪镇.txt"]


def test_folders_nest_deeper_than_python_recurses(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(1200):
        folder = folder / "d"
        folder.mkdir()
    (folder / "a.txt").write_text(SIMPLIFIED, encoding="utf-8")
    try:
        assert [key[-5:] for key in read_paths(tmp_path)[0]] == ["a.txt"]
    finally:  # pytest's own clean-up recurses
        (folder / "a.txt").unlink()
        while folder != tmp_path:
            folder.rmdir()
            folder = folder.parent


def test_inputs_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", SIMPLIFIED)
    write(tmp_path / "a.txt.meta.json", "{}")
    write(tmp_path / "bad.doc", b"")
    write(tmp_path / "rows.jsonl", '{"key":1,"text":"甲乙"}\n{"key":2,"text":"甲乙"}\n')
    write(tmp_path / "c.zip", make_zip({"x.txt": SIMPLIFIED.encode(), "y/z.txt": SIMPLIFIED.encode(), ".h": b""}))
    items = list(iter_sources([tmp_path]))
    assert count_inputs([tmp_path]) == len(items) == 6
    assert count_inputs([]) == 0


def test_order_of_arguments_changes_nothing(tmp_path: Path) -> None:
    for name in ("a/x.txt", "b/x.txt", "c/y.txt"):
        write(tmp_path / name, SIMPLIFIED + name)
    paths = [tmp_path / name for name in ("a", "b", "c")]
    assert list(iter_sources(paths)) == list(iter_sources(paths[::-1]))


def test_failures_become_errors_for_callers_of_one_file() -> None:
    error = Unreadable(name="a.pdf", kind="scanned", reason="It has no text layer.", cure="Run OCR.").as_error()
    assert (error.status, error.slug, str(error)) == (400, "unreadable", "a.pdf: It has no text layer. Run OCR.")


def test_plain_text_is_read_at_a_thousand_files_a_second(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"{number}.txt").write_text(SIMPLIFIED * 5, encoding="utf-8")
    started = time.process_time()
    assert sum(1 for _ in iter_sources([tmp_path])) == 1000
    assert time.process_time() - started < 1.0


def test_memory_does_not_grow_with_the_batch(tmp_path: Path) -> None:
    import tracemalloc

    for number in range(40):
        (tmp_path / f"{number}.txt").write_text(SIMPLIFIED * 1000, encoding="utf-8")
    tracemalloc.start()
    for _ in iter_sources([tmp_path]):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * len(SIMPLIFIED.encode()) * 1000
