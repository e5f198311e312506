from __future__ import annotations

import threading

import pytest
from graph_engines import ENGINES, opening
from graph_samples import Report, listing

from fazhi.errors import FazhiError, Invalid, TimedOut, TooLarge
from graph import sandbox
from graph.tokens import cut

HARMLESS = [
    "MATCH (a:LegalAdviser)-[:ADVISES]->(b) RETURN a.name, b.name",
    "MATCH (t:Township)-[:PART_OF*]->(p:Province) RETURN t.name AS township, p.name AS province;",
    "MATCH (n) RETURN n LIMIT 3",
    "MATCH path = (t:Township)-[:PART_OF*1..4]->(:Province) RETURN path",
    "match (p:Program) where p.name contains '法律' return p.name as name, count { (p)<-[:ADOPTS]-() } as adopters order by adopters desc, name skip 0 limit 5",
    "MATCH (p:Place) WHERE EXISTS { (p)-[:ADOPTS]->(:Program) } RETURN p.id",
    "MATCH (p:Place) WHERE EXISTS { MATCH (p)-[a:ADOPTS]->(g:Program) WHERE a.year > 2020 } RETURN p.id",
    "MATCH (p:Place) CALL { WITH p MATCH (p)-[a:ADOPTS]->() RETURN count(a) AS n } RETURN p.name, n",
    "MATCH (p:Place) CALL (p) { MATCH (p)-[a:ADOPTS]->() RETURN count(a) AS n } RETURN p.name, n",
    "OPTIONAL MATCH (x:Event) RETURN x",
    "UNWIND [1, 2, 3] AS x WITH x WHERE x > 1 RETURN collect(x) AS xs, sum(x) AS total, avg(x) AS mean",
    "UNWIND $years AS year RETURN year",
    "RETURN 'CREATE (n) DELETE n' AS text, \"it''s -- // not a comment\" AS other",
    "RETURN 'a\\'b; DROP' AS escaped",
    "MATCH (n) // CREATE (x)\nRETURN count(*) AS n",
    "MATCH (n:`Report`) RETURN n.`title` AS `set`",
    "MATCH (r:Report) RETURN {create: r.year, title: r.title} AS map",
    "MATCH (r:Report) RETURN r {.title, .year} AS map",
    "MATCH (r:Report) WHERE r.load IS NULL RETURN r.set, r.delete AS gone",
    "RETURN CASE WHEN 1 < 2 THEN 'yes' ELSE 'no' END AS answer",
    "RETURN [x IN range(1, 5) WHERE x % 2 = 1 | x * x] AS squares",
    "RETURN any(x IN [1, 2] WHERE x = 2) AS some, all(x IN [1] WHERE x = 1) AS every",
    "MATCH (r:Report) RETURN r.year AS year, count(*) AS reports UNION MATCH (m:Measure) RETURN m.year AS year, count(*) AS reports",
    "MATCH p = shortestPath((a:Township)-[*..4]-(b:Province)) RETURN length(p) AS hops, [n IN nodes(p) | n.name] AS names",
    "MATCH (a)-[r:ADOPTS|OPERATES]->(b) RETURN type(r) AS type, properties(r) AS properties",
    "MATCH (n) WHERE n:Place OR n:Program RETURN DISTINCT labels(n) AS labels",
    "MATCH (m:Measure) WHERE NOT m.value <= 3.5e2 AND m.unit IN ['件'] RETURN m.value, toString(m.value) + m.unit AS shown",
    "RETURN date('2024-01-31') AS day, duration.between(date('2024-01-01'), date('2024-01-31')) AS span",
    "WITH 1 AS x RETURN *",
    "MATCH (r:Report) RETURN r.title STARTS WITH 'a' AS a, r.title ENDS WITH 'b' AS b, r.title =~ '.*报告' AS c",
    "MATCH (n:Place) WITH n ORDER BY n.id DESC LIMIT 2 RETURN collect(n.name) AS names",
    "RETURN null IS NULL AS yes, true AND NOT false AS no, 0x1F AS hex",
    "MATCH p = (:Township)-[:PART_OF*]->(:Province) RETURN [i IN range(0, length(p) - 1) | i] AS steps, nodes(p)[0].name AS first, [[1, 2], [3]][0] AS list",
    "MATCH (t:Township) RETURN t.name, [(t)-[:PART_OF]->(above) | above.name] AS above",
    "MATCH p = (:Township)-[*1..2]->() RETURN [e IN relationships(p) WHERE e.year IN [2022, 2023] | e.year] AS years",
]

HOSTILE = [
    # writes, whatever the letters' case and whatever stands between
    "CREATE (n:Place {id: 'x'})",
    "create (n) return n",
    "CrEaTe (n)",
    "MATCH (n) CREATE (m)",
    "MATCH (n) CREATE(m)",
    "MATCH (n)\nCREATE\n(m)",
    "MATCH (n)/**/CREATE/**/(m)",
    "MATCH (n)// harmless\nCREATE (m)",
    "MATCH (n) MERGE (m:X)",
    "MATCH (n) SET n.name = 'x'",
    "MATCH (n) SET n += {name: 'x'}",
    "MATCH (n) SET n:Other",
    "MATCH (n) REMOVE n.name",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MATCH (n) RETURN n DETACH DELETE n",
    "INSERT (n:Place)",
    "MATCH (n) FOREACH (x IN [1] | CREATE (m))",
    "FOREACH (x IN [1] | CREATE (m))",
    "WITH 1 AS x CREATE (n)",
    "WITH * CREATE (n)",
    "MATCH (n) WITH * DELETE n",
    "RETURN 1 AS x CREATE (n)",
    "RETURN 1.CREATE (n)",
    "MATCH (n) RETURN n UNION CREATE (m) RETURN m",
    "MATCH (n) RETURN n UNION ALL MERGE (m:X) RETURN m",
    "CALL { CREATE (n) RETURN n } RETURN n",
    "MATCH (x) CALL (x) { CREATE (n) RETURN n } RETURN n",
    "MATCH (x) CALL { WITH x SET x.a = 1 } RETURN x",
    "MATCH (x) WHERE EXISTS { CREATE (n) } RETURN x",
    "MATCH (x) RETURN COUNT { MERGE (n:X) RETURN n } AS n",
    "MATCH (n) CALL { WITH n DELETE n } IN TRANSACTIONS RETURN 1",
    # schema and administration
    "CREATE INDEX x FOR (n:Place) ON (n.name)",
    "DROP INDEX place_id",
    "DROP CONSTRAINT place_id",
    "SHOW INDEXES",
    "SHOW PROCEDURES",
    "USE neo4j MATCH (n) RETURN n",
    "ALTER USER neo4j SET PASSWORD 'x'",
    "GRANT ROLE x TO y",
    "TERMINATE TRANSACTION 'x'",
    "EXPLAIN MATCH (n) RETURN n",
    "PROFILE MATCH (n) RETURN n",
    "CYPHER runtime=slotted MATCH (n) RETURN n",
    "FOR VALID_TIME ALL MATCH (n) RETURN n",
    # files, addresses, procedures, functions that are not known
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "LOAD CSV WITH HEADERS FROM 'http://example.org/x' AS row RETURN row",
    "WITH 1 AS x LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "CALL { LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row } RETURN row",
    "CALL db.labels()",
    "CALL db.labels() YIELD label RETURN label",
    "CALL dbms.components()",
    "CALL db.cdc.enable()",
    "CALL pagerank() YIELD node, score RETURN node",
    "CALL apoc.load.json('file:///etc/passwd') YIELD value RETURN value",
    "MATCH (n) CALL apoc.create.node(['X'], {}) YIELD node RETURN node",
    "CALL `db.labels`()",
    "CALL `apoc`.`load`.`json`('x')",
    "RETURN apoc.load.json('file:///etc/passwd')",
    "RETURN `apoc`.`load`('x')",
    "RETURN n.create('x')",
    "RETURN file('/etc/passwd')",
    "RETURN text_score(n, 'x', 'y')",
    "RETURN `load`('x')",
    "MATCH (n) RETURN n FORMAT CSV",
    # several statements, tricks with quotes, comments and escapes
    "MATCH (n) RETURN n; CREATE (m)",
    "MATCH (n) RETURN n;;",
    "RETURN 1; RETURN 2",
    "RETURN 'x' CREATE (n)",
    "RETURN 'x\\' CREATE (n)",
    "RETURN 'it''s' CREATE (n)",
    'RETURN "x" DELETE n',
    "MATCH (n) RETURN n.`a`` b` CREATE (m)",
    "MATCH (n) \\u0043REATE (m)",
    "RETURN '\\u0027 CREATE (n) //'",
    "RETURN '\\U00000027'",
    "MATCH (n) RETURN n // end\u2028LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "MATCH (n) RETURN n // end\rLOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "MATCH (n) RETURN n // end\x0bDELETE n",
    "/* open MATCH (n) RETURN n",
    "MATCH (n) RETURN 'open",
    "MATCH (n) RETURN `open",
    "MATCH (n) RETURN n /* */ */ CREATE (m)",
    "MATCH (n) RETURN n\u2028CREATE (m)",
    "MATCH (n) RETURN n\u00a0CREATE (m)",
    "MATCH (n) RETURN n\u200bCREATE (m)",
    "ＣＲＥＡＴＥ (n)",
    "",
    "   // nothing\n",
    ";",
    # names that would hide a clause
    "MATCH (n) RETURN n.x SET n.x = 1",
    "MATCH (n) WHERE n.x = $p SET n.x = 1",
    "MATCH (n) WHERE n.list[0] SET n.x = 1",
    "MATCH (n) RETURN {a: 1} SET n.x = 1",
    "MATCH (n) RETURN n ORDER BY n.x DESC DELETE n",
    "MATCH (n) RETURN n LIMIT 1 DELETE n",
    "MATCH (n) WHERE n.x IS NULL DELETE n",
    "MATCH (n) RETURN CASE WHEN true THEN 1 END DELETE n",
    "MATCH (n) VACUUM",
    "MATCH (n) UPSERT (m)",
    # memory
    "RETURN reduce(s = 'x', i IN range(1, 40) | s + s)",
    "RETURN replace('aaaa', 'a', 'bbbb')",
    "WITH 'x' AS s " + "WITH s + s AS s " * 30 + "RETURN size(s)",
    "RETURN [x IN range(1, 5) | x] " + "+ [1]" * 20,
    "RETURN " + "1, " * 5000 + "1",
    "UNWIND range(1, 100000000) AS x RETURN count(x)",
    "UNWIND range(1, 6000000) AS x WITH collect(x) AS xs RETURN size(xs)",
    "RETURN [x IN range(1, 3000) | [y IN range(1, 3000) | [z IN range(1, 3000) | z]]]",
    "RETURN [x IN range(1, 300000000) | x]",
    "WITH 900000000 AS n RETURN [x IN range(1, n) | x]",
    "RETURN size(range(1, 10 * 100000000))",
    "RETURN size(range(1, size([1]) + 999999999))",
    "MATCH (n) WITH collect(n) AS ns RETURN [a IN ns | [b IN ns | b]]",
    "MATCH (n) WITH collect(n) AS ns RETURN [a IN ns WHERE any(b IN ns WHERE all(c IN ns WHERE c = b))]",
    "MATCH (n) WITH collect(n) AS ns RETURN [a IN ns | [(a)--(b) | b]]",
    "MATCH (n) WITH collect(n) AS ns RETURN [a IN ns | COLLECT { MATCH (m) RETURN m }]",
    "MATCH (n) WITH collect(n) AS ns RETURN [a IN ns | {x: [b IN ns | b]}]",
]


WRITING = [
    "CREATE (n:Place {id: 'x'})",
    "MATCH (n) SET n.name = 'x'",
    "MATCH (n) DETACH DELETE n",
    "MERGE (n:Place {id: 'y'}) RETURN n",
    "MATCH (n) REMOVE n.name",
]


@pytest.fixture(scope="module", params=ENGINES)
def store(request, tmp_path_factory):
    with opening(request.param, tmp_path_factory.mktemp("graph"), request) as open_graph:
        store = open_graph()
        report = Report("a").adopts("法律八进").counts("disputes_mediated", 12)
        report.node("adviser:林小满", "LegalAdviser", "林小满").node("body:x", "Body", "青石镇人民政府").relates("ADVISES", "adviser:林小满", "body:x")
        store.apply([report.change()])
        yield store


@pytest.mark.parametrize("statement", HARMLESS)
def test_reading_statement_is_answered(store, statement):
    sandbox.run(store, statement, {"years": [2020, 2021], "p": 1})


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statement_is_refused(store, statement):
    with pytest.raises((Invalid, TooLarge)):
        sandbox.run(store, statement, {"p": 1})


@pytest.mark.parametrize("statement", WRITING)
def test_engine_refuses_to_write_also_without_the_words_wall(store, statement):
    before = listing(store)
    with pytest.raises(Invalid):
        store.read(statement, untrusted=True)
    assert listing(store) == before


@pytest.mark.parametrize("statement", HOSTILE)
def test_hostile_statement_is_refused_by_its_words_alone(statement):
    with pytest.raises((Invalid, TooLarge)):
        sandbox.check(statement)


def test_there_are_enough_hostile_statements():
    assert len(set(HOSTILE)) >= 60


def test_hostile_statements_leave_the_graph_as_it_was(store):
    before = listing(store)
    for statement in HOSTILE:
        with pytest.raises(FazhiError):
            sandbox.run(store, statement)
    assert listing(store) == before


def test_block_comment_hides_nothing_and_is_no_command():
    sandbox.check("MATCH (n) /* MERGE (x) SET x.y = 1 */ RETURN count(*) AS n")


def test_refusal_says_where(store):
    with pytest.raises(Invalid) as caught:
        sandbox.run(store, "MATCH (n) RETURN n DELETE n")
    assert caught.value.position == 19
    assert "DELETE" in caught.value.detail


def test_answer_has_columns_in_order_and_says_when_cut(store):
    answer = sandbox.run(store, "UNWIND range(1, 10) AS x RETURN x, x * 2 AS double", max_rows=3)
    assert answer.columns == ("x", "double")
    assert [row["double"] for row in answer.rows] == [2, 4, 6]
    assert answer.truncated
    assert not sandbox.run(store, "UNWIND range(1, 3) AS x RETURN x", max_rows=3).truncated


def test_adviser_question_of_the_documentation(store):
    answer = sandbox.run(store, "MATCH (a:LegalAdviser)-[:ADVISES]->(b) RETURN a.name, b.name")
    assert answer.rows == ({"a.name": "林小满", "b.name": "青石镇人民政府"},)


def test_nodes_edges_and_paths_become_plain_json(store):
    (row,) = sandbox.run(store, "MATCH path = (a:LegalAdviser)-[e:ADVISES]->(b:Body) RETURN a, e, path").rows
    assert row["a"] == {"id": "adviser:林小满", "labels": ["LegalAdviser"], "properties": {"id": "adviser:林小满", "name": "林小满"}}
    assert row["e"]["type"] == "ADVISES" and row["e"]["properties"]["modality"] == "done"
    assert [node["id"] for node in row["path"]["nodes"]] == ["adviser:林小满", "body:x"]


def test_books_of_the_graph_are_not_shown(store):
    for row in sandbox.run(store, "MATCH (r:Report) RETURN r, properties(r) AS p, r {.*} AS m").rows:
        for shown in (row["r"]["properties"], row["p"], row["m"]):
            assert not {"ledger", "digest", "type"} & set(shown)


def test_endless_statement_times_out(store):
    with pytest.raises((TimedOut, TooLarge)):
        sandbox.run(store, "UNWIND range(1, 900) AS x UNWIND range(1, 900) AS y UNWIND range(1, 900) AS z RETURN count(*)", timeout=0.3)


def test_places_are_given_back(store):
    threads = [threading.Thread(target=lambda: sandbox.run(store, "MATCH (n) RETURN count(n) AS n")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox._places.acquire(blocking=False)
    sandbox._places.release()


def test_tokens_keep_strings_and_drop_comments():
    assert [token.text for token in cut("RETURN 'a//b' /* x */ + `c d` // end")] == ["RETURN", "'a//b'", "+", "`c d`"]
