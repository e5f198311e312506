"""Which statements can be written so that many rows come in one message, and how."""

from __future__ import annotations

import pytest

import cypher
from graph.packing import pack


@pytest.mark.parametrize(
    ("statement", "columns"),
    [
        ("MATCH (p:Program) RETURN p", ("p",)),
        ("MATCH (p:Program) RETURN p.name AS name, count(*) AS n ORDER BY n DESC LIMIT 3", ("name", "n")),
        ("MATCH (p) RETURN DISTINCT p.name AS name SKIP 2", ("name",)),
        ("MATCH (p) RETURN [x IN p.names WHERE x <> ',' | x] AS names, p.id AS id;", ("names", "id")),
        ("RETURN COUNT { MATCH (p) RETURN p } AS n // RETURN a", ("n",)),
        ("RETURN CASE WHEN true THEN 1 ELSE 2 END AS x", ("x",)),
        ("return 'RETURN' as x", ("x",)),
    ],
)
def test_columns_are_read_from_the_last_return(statement, columns):
    packed = pack(statement)
    assert packed is not None and packed.columns == columns


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (p) RETURN p.name",
        "MATCH (p) RETURN *",
        "RETURN null",
        "MATCH (p) RETURN p, true",
        "RETURN $packed_most AS x",
        "MATCH (p) RETURN p AS `a name`",
        "RETURN 1 AS x UNION RETURN 2 AS x",
        "RETURN 1 AS x, 2 AS x",
        "SHOW INDEXES",
        "CREATE (p:Program)",
        "RETURN 'open",
        "RETURN",
        "",
    ],
)
def test_what_can_not_be_packed_stays_as_it_is(statement):
    assert pack(statement) is None


def test_positions_stay_the_same():
    statement = "MATCH (p) RETURN p.name AS name"
    packed = pack(statement)
    assert packed is not None and packed.statement.index("p.name") == statement.index("p.name")


def test_every_reading_statement_of_ours_is_packed():
    assert [name for name in cypher.names("read") if pack(cypher.load(name)) is None] == []
