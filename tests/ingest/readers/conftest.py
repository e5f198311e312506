from __future__ import annotations

import pytest

from ingest.readers import ocr, old_word


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where neither the extra [ocr] nor a converter is installed, so that the tests say the same everywhere; those of scans and .doc ask for more."""
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    monkeypatch.setattr(old_word, "CONVERTERS", ())
