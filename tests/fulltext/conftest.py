from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fulltext import open_store
from fulltext.store import TextStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TextStore]:
    opened = open_store(None, tmp_path / "text", writable=True)
    yield opened
    opened.close()
