"""What is set from outside reaches the readers, and what they kept goes with its document."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from fazhi.batch import limits_of
from fazhi.settings import load_settings
from fazhi.workspace import open as open_workspace
from ingest.readers import Limits


def test_every_limit_of_the_readers_can_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = {"ocr": "false", "ocr_pages": "3", "ocr_page_seconds": "4.5", "ocr_seconds": "50", "converter_seconds": "6", "max_pages": "7"}
    for name, value in changed.items():
        monkeypatch.setenv(f"FAZHI_{name.upper()}", value)
    settings = load_settings(home=tmp_path)
    limits = limits_of(settings)
    assert (limits.ocr, limits.ocr_pages, limits.ocr_page_seconds, limits.ocr_seconds, limits.converter_seconds, limits.max_pages) == (False, 3, 4.5, 50, 6, 7)
    assert limits.kept_folder == str(tmp_path / "kept")
    assert all(hasattr(settings, name) for name in Limits.__struct_fields__)


def test_what_was_kept_of_a_document_goes_with_it(tmp_path: Path) -> None:
    texts = {
        f"{name}.txt": f"休宁县海阳镇2023年法治政府建设情况报告\n2023年，休宁县海阳镇调解纠纷{number}件，现将有关情况报告如下。\n"
        for number, name in enumerate("ab", 3)
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    kept = tmp_path / "home" / "kept"
    with open_workspace(tmp_path / "home") as workspace:
        workspace.ingest([tmp_path / name for name in texts], workers=1)
        kept.mkdir()
        for text in (*texts.values(), "never taken in"):
            (kept / f"{hashlib.sha256(text.encode()).hexdigest()}.kept").write_bytes(b"x")
        workspace.delete(["a.txt"])
    assert [path.stem for path in kept.iterdir()] == [hashlib.sha256(texts["b.txt"].encode()).hexdigest()]
