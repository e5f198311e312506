"""Every example in docs/search.md, asked of the example corpus on each engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from text_engines import ENGINES, Place

import fazhi
from archive.model import Change
from fazhi.errors import Invalid
from fulltext.query import FIELDS, parse
from fulltext.store import Filters, TextStore

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")


def rows(header: str) -> list[list[str]]:
    """Cells of the table that begins with this header."""
    table = PAGE.partition(f"{header}\n")[2].partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]


FINDING = [(row[0].strip("`"), int(row[2])) for row in rows("| write | to find | reports |")]
FAILING = [(row[0].strip("`"), int(row[1]), row[2]) for row in rows("| write | at | because |")]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Change]:
    with fazhi.open(tmp_path_factory.mktemp("home")) as space:
        space.ingest([ROOT / "examples" / "corpus"])
        return list(space.archive.changes())


@pytest.fixture(scope="module", params=ENGINES)
def corpus(request: pytest.FixtureRequest, places: Callable[[str], Place], reports: list[Change]) -> Iterator[TextStore]:
    opened = places(request.param).open()
    opened.apply(reports)
    yield opened
    opened.close()


def test_the_page_has_examples() -> None:
    assert len(FINDING) > 25
    assert len(FAILING) > 5


@pytest.mark.parametrize(("query", "found"), FINDING)
def test_an_example_finds_as_many_reports_as_the_page_says(corpus: TextStore, query: str, found: int) -> None:
    assert corpus.search(parse(query), Filters(), size=0).total == found


@pytest.mark.parametrize(("query", "position", "because"), FAILING)
def test_an_example_that_fails_says_where_and_why(query: str, position: int, because: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(query)
    assert caught.value.position == position
    assert caught.value.detail == because
    assert caught.value.cure


def test_the_page_names_every_field() -> None:
    assert all(name in PAGE for name in FIELDS)
