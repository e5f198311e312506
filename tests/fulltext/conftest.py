from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.sharing import Run

sys.path.insert(0, str(Path(__file__).parent))

from text_engines import ENGINES, Place, make_place

from fulltext.store import TextStore


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory, server_run: Run) -> Iterator[Callable[[str], Place]]:
    """A place of its own for each call; all are empty again when the module has run."""
    made: list[Place] = []

    def make(engine: str) -> Place:
        made.append(make_place(engine, tmp_path_factory.mktemp("text"), server_run))
        return made[-1]

    yield make
    for place in made:
        place.clear()


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path, server_run: Run) -> Iterator[Place]:
    made = make_place(request.param, tmp_path, server_run)
    yield made
    made.clear()


@pytest.fixture
def store(place: Place) -> Iterator[TextStore]:
    opened = place.open()
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=ENGINES)
def standing(request: pytest.FixtureRequest, places: Callable[[str], Place]) -> Iterator[TextStore]:
    """A store with the module's ``CORPUS``, which all its tests share that only ask."""
    opened = places(request.param).open()
    opened.apply(request.module.CORPUS)
    yield opened
    opened.close()
