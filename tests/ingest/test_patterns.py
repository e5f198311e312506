"""Patterns are compiled late: here all of them are, so that a wrong one is found out."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import ingest
from ingest.patterns import Lazy, lazy


def iter_lazy() -> Iterator[tuple[str, Lazy]]:
    for module in pkgutil.walk_packages(ingest.__path__, "ingest."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for found in value.values() if isinstance(value, dict) else (value,):
                if isinstance(found, Lazy):
                    yield f"{module.name}.{name}", found


def test_every_pattern_compiles() -> None:
    seen = dict(iter_lazy())
    assert len(seen) > 200
    for name, found in seen.items():
        try:
            re.compile(found.pattern, found.flags)
        except re.error as error:
            pytest.fail(f"{name}: {error}")


def test_it_does_what_the_compiled_pattern_does() -> None:
    words = "镇党委、县委和村委会"
    late, early = lazy("(.)委"), re.compile("(.)委")
    for _ in range(2):  # first use and later ones
        assert late.findall(words) == early.findall(words) == ["党", "县", "村"]
        assert [match.span() for match in late.finditer(words, 3)] == [match.span() for match in early.finditer(words, 3)]
        assert late.sub("-", words) == early.sub("-", words)
        assert late.split(words) == early.split(words)
        assert (late.match(words), late.fullmatch("县委") is None) == (None, False)


def test_flags_count() -> None:
    assert lazy("a", re.IGNORECASE).search("A") is not None
    assert lazy("a").search("A") is None


def test_a_wrong_pattern_says_so_at_its_first_use() -> None:
    wrong = lazy("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_there_is_nothing_else_to_ask() -> None:
    with pytest.raises(AttributeError):
        _ = lazy("a").groups
