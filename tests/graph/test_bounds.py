from __future__ import annotations

import pytest

from fazhi.errors import Invalid, TooLarge
from graph.bounds import LONGEST_RANGE, check_bounds
from graph.tokens import cut


@pytest.mark.parametrize(
    "statement",
    [
        "UNWIND range(1, 10) AS x UNWIND range(-5, 5, 2) AS y RETURN x + y",
        "RETURN range(0, $n)",
        "MATCH p = (a)--(b) RETURN range(0, length(p) - 1), range(1, size(nodes(p)))",
        "RETURN [x IN [1, 2] | x], [y IN [3] WHERE y > 1 | y]",
        "RETURN [[1, 2], [3, 4]][0][1], n.list[0], $list[1]",
        "MATCH (a)-[e:ADOPTS|OPERATES]->(b) WHERE any(x IN e.facts WHERE x IN ['a', 'b']) RETURN {k: [e.year]}",
        "MATCH (a) WHERE EXISTS { (a)-[e]->(b) WHERE all(x IN e.facts WHERE x <> '') } RETURN a",
        "RETURN [x IN [1] | x IN [1, 2]]",
        "MATCH (r:Report) RETURN r.range AS range",
    ],
)
def test_what_can_be_told_beforehand_passes(statement):
    check_bounds(cut(statement), {"n": 12})


@pytest.mark.parametrize(
    "statement",
    [
        "RETURN [x IN [1] | [y IN [2] | y]]",
        "RETURN [x IN [1] WHERE none(y IN [2] WHERE y = x)]",
        "RETURN all(x IN [1] WHERE single(y IN [1] WHERE y = x))",
        "RETURN [x IN [1] | {a: [y IN [1] | y]}]",
        "RETURN [`x` IN [1] | [`y` IN [2] | 1]]",
        "MATCH (a) RETURN [x IN [a] | [(x)-->(b) | b]]",
        "MATCH (a) RETURN [p = (a)-->(b) | [x IN nodes(p) | x]]",
        "RETURN [x IN [1] | COLLECT { MATCH (n) RETURN n }]",
        "RETURN range(1, 10 * 10)",
        "RETURN range(1, n)",
        "RETURN range(1, toInteger('9'))",
        "RETURN range(1, size([1]) * 1000000)",
        "RETURN range(1, size([1]) + 1000000)",
        "RETURN range(1, 1e9)",
        "RETURN range($text, 3)",
    ],
)
def test_what_can_not_is_invalid(statement):
    with pytest.raises(Invalid):
        check_bounds(cut(statement), {"text": "a"})


@pytest.mark.parametrize(("statement", "parameters"), [(f"RETURN range(1, {LONGEST_RANGE + 1})", {}), ("RETURN range(-$n, $n)", {"n": LONGEST_RANGE})])
def test_long_range_is_too_large(statement, parameters):
    with pytest.raises(TooLarge):
        check_bounds(cut(statement), parameters)


def test_long_statement_of_brackets_takes_no_time():
    check_bounds(cut("RETURN " + "[" * 2000 + "1" + "]" * 2000), {})
