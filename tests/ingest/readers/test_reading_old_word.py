"""Old Word files through converters: those of the test, and real ones where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest
from samples import SIMPLIFIED, read_one, refuse_one

from ingest.readers import Limits, old_word

WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
LINES = SIMPLIFIED.strip().split("\n")
posix = pytest.mark.skipif(sys.platform == "win32", reason="The converters of the test are shell scripts.")


def install(monkeypatch: pytest.MonkeyPatch, folder: Path, **scripts: str) -> None:
    """Put converters on PATH that run these lines of shell."""
    folder.mkdir(exist_ok=True)
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(old_word, "CONVERTERS", tuple(scripts))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "spoken.txt"
    path.write_text(SIMPLIFIED, encoding="utf-8")
    return path


def test_without_a_converter_the_cure_names_some() -> None:
    failure = refuse_one("a.doc", WORD)
    assert failure.kind == "unsupported" and "LibreOffice, antiword or catdoc" in failure.cure


@posix
@pytest.mark.parametrize("name", ["antiword", "catdoc"])
def test_a_converter_gives_the_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, report: Path, name: str) -> None:
    install(monkeypatch, tmp_path / "bin", **{name: f"cat {report}"})
    source = read_one("a.doc", WORD)
    assert (source.text.split("\n"), source.format, source.raw, source.metadata["converter"]) == (LINES, "doc", WORD, name)


@posix
def test_the_converter_gets_the_file_in_a_folder_that_is_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, report: Path) -> None:
    seen = tmp_path / "seen"
    install(monkeypatch, tmp_path / "bin", antiword=f'for last; do :; done; cp "$last" {seen}; echo "$PWD $HOME $SECRET" > {seen}.where; cat {report}')
    monkeypatch.setenv("SECRET", "key")
    read_one("a.doc", WORD)
    assert seen.read_bytes() == WORD
    where, home, *secret = Path(f"{seen}.where").read_text(encoding="utf-8").split()
    assert where == home and not Path(where).exists() and not secret


@posix
def test_a_file_is_converted_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, report: Path) -> None:
    install(monkeypatch, tmp_path / "bin", catdoc=f"echo run >> {tmp_path}/runs; cat {report}")
    limits = Limits(kept_folder=str(tmp_path / "kept"))
    assert read_one("a.doc", WORD, limits) == read_one("a.doc", WORD, limits)
    read_one("b.doc", WORD + b"2", limits)
    assert (tmp_path / "runs").read_text().split() == ["run", "run"]


@posix
def test_the_next_converter_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, report: Path) -> None:
    install(monkeypatch, tmp_path / "bin", antiword="exit 3", catdoc=f"cat {report}")
    assert read_one("a.doc", WORD).metadata["converter"] == "catdoc"


@posix
def test_what_no_converter_reads_is_named_with_what_each_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path / "bin", antiword="exit 3", catdoc="true", soffice="true")
    failure = refuse_one("a.doc", WORD)
    assert failure.kind == "damaged"
    assert "antiword: it ended with code 3." in failure.reason and "catdoc:" in failure.reason and "soffice: it wrote no document." in failure.reason


@posix
def test_a_converter_that_hangs_is_ended_with_all_it_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install(monkeypatch, tmp_path / "bin", antiword=f"sleep 60 & echo $! > {tmp_path}/child; wait")
    started = time.monotonic()
    failure = refuse_one("a.doc", WORD, Limits(converter_seconds=0.5))
    assert "it took more than 0.5 s." in failure.reason and time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text())
    for _ in range(50):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").exists() and Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError("what the converter started still runs")


def test_names_of_files_reach_no_shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert refuse_one(f"a; touch {tmp_path}/made.doc", WORD).kind == "unsupported"
    assert not (tmp_path / "made.doc").exists()


@pytest.mark.parametrize(("stream", "kind"), [("Workbook", "unsupported"), ("EncryptedPackage", "encrypted"), ("WpsDocument", "unsupported")])
def test_other_files_of_old_office_go_to_no_converter(monkeypatch: pytest.MonkeyPatch, stream: str, kind: str) -> None:
    monkeypatch.setattr(old_word, "CONVERTERS", ("antiword",))
    monkeypatch.setattr(old_word.subprocess, "Popen", None)
    assert refuse_one("a.doc", WORD.replace("WordDocument".encode("utf-16-le"), stream.encode("utf-16-le"))).kind == kind


# --- real ones ------------------------------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def old_report(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real .doc, which only an office program can write."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("needs LibreOffice, which is not installed, to write a .doc")
    folder = tmp_path_factory.mktemp("doc")
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    table = document.add_table(2, 2)
    for cell, words in zip((cell for row in table.rows for cell in row.cells), ["指标", "数量", "调解纠纷", "56"], strict=True):
        cell.text = words
    document.add_paragraph("以上。")
    document.save(folder / "report.docx")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "doc:MS Word 97", "--outdir", folder, folder / "report.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "report.doc").read_bytes()


@pytest.mark.parametrize("name", ["soffice", "antiword", "catdoc"])
def test_a_real_converter_gives_text_and_tables(monkeypatch: pytest.MonkeyPatch, old_report: bytes, name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    monkeypatch.setattr(old_word, "CONVERTERS", (name,))
    source = read_one("a.doc", old_report, Limits(converter_seconds=120))
    assert source.text.split("\n")[: len(LINES)] == LINES
    assert source.format == "doc" and source.raw == old_report
    if name == "soffice":
        assert source.text.endswith("指标\t数量\n调解纠纷\t56\n以上。") and len(source.tables) == 1
