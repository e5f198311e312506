from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import archive_places
import pytest
from archive_places import Place
from servers.sharing import Run

from archive.store import Archive


@pytest.fixture(params=archive_places.ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path, server_run: Run) -> Iterator[Place]:
    """Where an archive can be, on every database."""
    with archive_places.making(request.param, tmp_path, server_run) as made:
        yield made


@pytest.fixture
def archive(place: Place) -> Iterator[Archive]:
    """One that holds nothing."""
    with place.open() as opened:
        yield opened
