"""Users' Cypher, tried hard: what must not run is refused by its words on either engine, what runs comes to an end, and what is harmless is answered."""

from __future__ import annotations

import time

import pytest
from graph_engines import ENGINES, opening
from graph_samples import Report, listing
from hostile_statements import BOUNDED, HARMLESS, REFUSED

from fazhi.errors import FazhiError, Invalid, TooLarge
from graph import sandbox
from graph.examples import EXAMPLES

PARAMETERS = {"p": 1, "ids": ["cn:35", "cn:3505"], "name": ".*乡"}


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    with opening(request.param, tmp_path_factory.mktemp("graph"), request) as open_graph:
        store = open_graph()
        reports = [Report(f"r{number}", "cn:350524/白水乡", 2000 + number).adopts("法律七进") for number in range(8)]
        store.apply([report.change() for report in (Report("a").adopts("法律八进").counts("disputes_mediated", 12), *reports)])
        yield store


def parameters_of(statement):
    return {name: value for name, value in PARAMETERS.items() if f"${name}" in statement}


def test_there_are_enough():
    assert len(set(REFUSED)) >= 200 and len(set(HARMLESS)) >= 40
    assert not set(REFUSED) & {*HARMLESS, *BOUNDED}


@pytest.mark.parametrize("statement", REFUSED)
def test_hostile_statement_is_refused_by_its_words(statement):
    with pytest.raises((Invalid, TooLarge)) as caught:
        sandbox.check(statement, parameters_of(statement))
    assert caught.value.detail


def test_hostile_statements_never_reach_an_engine_and_change_nothing(store):
    before = listing(store)
    for statement in REFUSED:
        with pytest.raises((Invalid, TooLarge)):
            sandbox.run(store, statement, parameters_of(statement))
    assert listing(store) == before


@pytest.mark.parametrize("statement", BOUNDED)
def test_expensive_statement_comes_to_an_end(store, statement):
    started = time.monotonic()
    try:
        answer = sandbox.run(store, statement, timeout=0.5, max_rows=20)
        assert len(answer.rows) <= 20
    except FazhiError as error:
        assert error.detail and error.status in (400, 408, 413)
    assert time.monotonic() - started < 30  # it is a bound, not a measure: the machine may be busy


@pytest.mark.parametrize("statement", [*HARMLESS, *(example.statement for example in EXAMPLES)])
def test_harmless_statement_is_answered(store, statement):
    sandbox.run(store, statement, parameters_of(statement))


@pytest.mark.parametrize("pattern", ["(a+)+", "a" * 201, "\\1", "(?<=a)b", "x{9999}"])
def test_hostile_pattern_in_a_parameter(pattern):
    with pytest.raises(Invalid):
        sandbox.check("MATCH (n) WHERE n.name =~ $p RETURN n", {"p": pattern})


@pytest.mark.parametrize("statement", ["RETURN $t =~ '.*a'", "RETURN split($t, '')", "RETURN split($t.x[0], '')"])
def test_long_text_in_a_parameter(statement):
    with pytest.raises(TooLarge):
        sandbox.check(statement, {"t": {"x": ["a" * 1000]}})


def test_parameters_that_can_not_be_sent(store):
    deep = 1
    for _ in range(5000):
        deep = [deep]
    for value in (deep, 10**30, "\ud800", "a" * 200_000, {1, 2}):
        with pytest.raises(FazhiError):
            sandbox.run(store, "RETURN $x AS x", {"x": value})


def test_long_chains_take_no_time():
    for statement in ("MATCH (n) RETURN n" + ".a" * 4500, "RETURN 1" + "*1" * 4500, "RETURN " + "()" * 4000):
        try:
            sandbox.check(statement)
        except Invalid as error:
            assert error.detail
