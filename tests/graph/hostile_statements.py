"""Statements that must be refused or come to an end, and some that must pass. Those of ``test_sandbox.py`` are not repeated here."""

from __future__ import annotations

WRITES = [
    f"{before}{write}"
    for before in ("", "MATCH (n) ", "MATCH (n) WITH n ", "UNWIND [1] AS x ", "OPTIONAL MATCH (n) ", "MATCH (n) /* x */ ", "WITH 1 AS n // y\n")
    for write in ("CREATE (m:X)", "MERGE (m:X {id: 1})", "SET n.name = 'x'", "DETACH DELETE n", "REMOVE n.name", "dElEtE n", "INSERT (m)")
]  # fmt: skip
INSIDE = [
    opening.replace("…", write)
    for opening in ("CALL { … RETURN 1 AS x } RETURN x", "MATCH (n) CALL (n) { … } RETURN n", "MATCH (n) WHERE EXISTS { … } RETURN n",
                    "MATCH (n) RETURN COUNT { … } AS c", "MATCH (n) RETURN COLLECT { … } AS c", "RETURN 1 AS x UNION … RETURN 1 AS x",
                    "MATCH (n) CALL { WITH n … } IN 10 CONCURRENT TRANSACTIONS RETURN 1", "MATCH (n) RETURN n {.name, x: [y IN [1] | …]}")
    for write in ("CREATE (m)", "MERGE (m:X)", "LOAD CSV FROM 'file:///etc/passwd' AS r", "CALL dbms.shutdown()")
]  # fmt: skip
ADMINISTRATION = [
    "SHOW USERS", "SHOW SETTINGS", "SHOW DATABASES", "SHOW TRANSACTIONS", "SHOW FUNCTIONS", "SHOW CONSTRAINTS", "STOP DATABASE neo4j", "START DATABASE neo4j",
    "CREATE USER x SET PASSWORD 'y'", "DROP USER x", "RENAME USER x TO y", "CREATE ROLE x", "CREATE DATABASE x", "DROP DATABASE neo4j", "CREATE ALIAS a FOR DATABASE b",
    "ENABLE SERVER 'x'", "DEALLOCATE DATABASES FROM SERVER 'x'", "REALLOCATE DATABASES", "DENY READ ON GRAPH * TO x", "REVOKE ROLE x FROM y", "ALTER DATABASE x SET ACCESS READ ONLY",
    "ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", "CREATE CONSTRAINT c FOR (n:X) REQUIRE n.id IS UNIQUE", "CREATE FULLTEXT INDEX i FOR (n:X) ON EACH [n.a]",
    "CREATE VECTOR INDEX i FOR (n:X) ON (n.a)", "TERMINATE TRANSACTIONS 'neo4j-transaction-1'", "BEGIN", "COMMIT", "ROLLBACK", ":param x => 1", ":use system", "USE system SHOW USERS",
    "USE graph.byName('neo4j') MATCH (n) RETURN n", "CYPHER 5 MATCH (n) RETURN n", "CYPHER planner=cost EXPLAIN MATCH (n) RETURN n", "explain match (n) return n",
    "Profile MATCH (n) RETURN n", "/* */ EXPLAIN MATCH (n) RETURN n", "// x\nPROFILE MATCH (n) RETURN n", "EXPLAIN CREATE (n)", "PROFILE LOAD CSV FROM 'x' AS r RETURN r",
    "USING PERIODIC COMMIT 500 LOAD CSV FROM 'file:///x' AS r CREATE (n)", "MATCH (n) USING INDEX n:X(a) RETURN n", "MATCH (n) RETURN n NEXT CREATE (m)", "FILTER true RETURN 1",
    "LET x = 1 RETURN x", "FINISH",
]  # fmt: skip
PROCEDURES = [
    f"CALL {name}({arguments})"
    for name, arguments in (
        ("dbms.listConfig", ""), ("dbms.setConfigValue", "'a', 'b'"), ("dbms.security.createUser", "'x', 'y'"), ("dbms.security.listUsers", ""), ("dbms.killQuery", "'1'"),
        ("dbms.listQueries", ""), ("dbms.procedures", ""), ("dbms.cluster.role", "'neo4j'"), ("dbms.queryJmx", "'*:*'"), ("db.createLabel", "'x'"), ("db.clearQueryCaches", ""),
        ("db.index.fulltext.queryNodes", "'i', 'x'"), ("db.schema.visualization", ""), ("db.propertyKeys", ""), ("tx.setMetaData", "{}"), ("apoc.cypher.doIt", "'CREATE (n)', {}"),
        ("apoc.cypher.run", "'MATCH (n) RETURN n', {}"), ("apoc.load.csv", "'file:///etc/passwd'"), ("apoc.load.jdbc", "'jdbc:x', 'y'"), ("apoc.export.csv.all", "'/tmp/x', {}"),
        ("apoc.import.csv", "[], [], {}"), ("apoc.periodic.iterate", "'a', 'b', {}"), ("apoc.trigger.add", "'a', 'b', {}"), ("apoc.util.sleep", "100000"), ("apoc.systemdb.graph", ""),
        ("gds.graph.project", "'g', '*', '*'"), ("algo.pageRank", ""), ("n10s.rdf.import.fetch", "'http://x', 'RDF/XML'"), ("genai.vector.encodeBatch", "[], 'x'"), ("custom.x", ""),
    )
]  # fmt: skip
FUNCTIONS = [
    f"RETURN {call}"
    for call in ("apoc.text.join(['a'], '')", "apoc.convert.toJson(1)", "apoc.cypher.runFirstColumnSingle('CREATE (n)', {})", "gds.util.asNode(1)", "genai.vector.encode('a', 'b')",
                 "graph.byElementId('x')", "graph.names()", "db.nameFromElementId('x')", "randomUUID()", "timestamp()", "linenumber()", "file()", "`file`()", "load('x')", "readFile('/x')",
                 "http('http://x')", "env('HOME')", "system('id')", "eval('1')", "reduce(a = 0, x IN [1] | a + x)", "replace('a', 'a', 'aa')", "lpad('a', 1000000000)", "repeat('a', 1000000000)",
                 "vector.similarity.cosine([1.0], [1.0])", "`abs`(1)", "abs.x(1)", "date.x.y('a')", "n.abs(1)", "toString.a('x')", "text_score('a', 'b')")
]  # fmt: skip
TRICKS = [
    "RETURN 'a' 'b'", "RETURN '\\' CREATE (n) //'DELETE", "RETURN \"\\\" DELETE n", "RETURN `a` `b`", "RETURN '' + ''''", "MATCH (n:`x`) CREATE (m)", "MATCH (n:`x``) RETURN n//`) DELETE n",
    "MATCH (n) RETURN n /* a /* b */ DELETE n */", "MATCH (n) RETURN n --> DELETE n", "MATCH (n) RETURN n // \x85DELETE n", "MATCH (n) RETURN n // \x0cDELETE n", "MATCH (n) RETURN n // \x1cDELETE n",
    "MATCH (n) RETURN n // \x00DELETE n", "MATCH (n) RETURN n // \u2029DELETE n", "MATCH (n)\ufeffDELETE n", "MATCH (n)\u3000DELETE n", "MATCH (n)\u180eDELETE n", "MATCH (n)\x1fDELETE n", "DELET\u0415 n",
    "ＤＥＬＥＴＥ n", "MATCH (n) ſET n.a = 1", "LOAD\u00a0CSV FROM 'x' AS r RETURN r", "LOAD/**/CSV FROM 'x' AS r RETURN r", "LOAD\nCSV\nFROM\n'x' AS r RETURN r", "\\u004cOAD CSV FROM 'x' AS r RETURN r",
    "RETURN '\\u0027' CREATE (n)", "MATCH (n:\\u0058) RETURN n", "RETURN \\", "RETURN $", "RETURN @x", "RETURN #x", "RETURN ?", "RETURN 1 ~ 2", "RETURN (1", "RETURN 1)", "RETURN [1)", "RETURN {a: 1",
    "MATCH (n) RETURN n}", "MATCH (n) RETURN n; MATCH (m) RETURN m", "; CREATE (n)", "RETURN 1;;", "RETURN 1 RETURN 2 CREATE (n)", "$statement", "MATCH (n) $clause", "RETURN $p CREATE (n)", "RETURN $`p` DELETE n",
    "RETURN 0x1G CREATE (n)", "RETURN 1.0.CREATE(n)", "RETURN 1e5CREATE (n)", "RETURN n.`a`.CREATE (n)", "RETURN {`a`: 1} DELETE n", "MATCH (n) RETURN n ORDER BY n.a SET n.a = 1",
    "MATCH (n) RETURN DISTINCT n SET n.a = 1", "MATCH (n) RETURN n AS CREATE (m)", "MATCH (n) WHERE n:X SET n:Y", "MATCH p = (a)-[r]->(b) DELETE r", "MATCH (a)-[r:X {set: 1}]->(b) SET r.a = 1",
]  # fmt: skip
BOMBS = [
    "RETURN " + "(" * 4000 + "1" + ")" * 4000,
    "RETURN " + "[" * 4000 + "1" + "]" * 4000,
    "RETURN " + "{a:" * 2400 + "1" + "}" * 2400,
    "RETURN " + "abs(" * 1900 + "1" + ")" * 1900,
    "RETURN " + "CASE WHEN true THEN " * 400 + "1" + " END" * 400,
    "CALL { " * 60 + "RETURN 1 AS x" + " } RETURN x" * 60,
    "CALL { " * 500 + "RETURN 1 AS x" + " } RETURN x" * 500,
    "RETURN 1 AS x" + " UNION RETURN 1 AS x" * 450,
    "RETURN 1 AS x" + " UNION ALL RETURN 1 AS x" * 390,
    "MATCH (n) " * 900 + "RETURN 1",
    "MATCH (a) WHERE " + "EXISTS { MATCH (a) WHERE " * 350 + "true" + " }" * 350 + " RETURN a",
    "MATCH (n) WHERE EXISTS { MATCH (a), (b), (c), (d), (e), (f) WHERE a.x = b.y } RETURN count(*)",
    "MATCH (n) WHERE EXISTS { (a)--(b), (c)--(d), (e)--(f) WHERE a.x = f.y } RETURN count(*)",
    "MATCH (n) WHERE EXISTS { MATCH (a) MATCH (b) MATCH (c) MATCH (d) WHERE a.x = b.y } RETURN count(*)",
    "RETURN COUNT { MATCH (a), (b), (c), (d), (e), (f), (g) } AS n",
    "MATCH (n) RETURN COUNT { (n)-[*]-() } AS n",
    "MATCH (n) WHERE EXISTS { (n)-[*1..]-(m {x: 1}) } RETURN n",
    "MATCH (n) WHERE EXISTS { (n)-[:PART_OF*..900]-(m {x: 1}) } RETURN n",
    "MATCH (n) WHERE EXISTS { MATCH (a) WHERE EXISTS { MATCH (b)-[*]-(c) WHERE b.x = c.y } } RETURN count(*)",
    "WITH range(1, 400000) AS xs UNWIND xs AS x WITH x, xs WHERE x IN xs RETURN count(*)",
    "UNWIND range(1, 400000) AS x RETURN range(1, 1000)",
    "UNWIND range(1, 3000000) AS x RETURN x",
    "RETURN range(1, 9223372036854775807)",
    "RETURN range(-1, -$p * 100)",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '(a+)+b'",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '(a|aa)+'",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '(.*a){25}'",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '" + "a?" * 40 + "'",
    "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '" + "(a|aa)" * 30 + "'",
    "RETURN 'aa' =~ '(a)\\\\1'",
    "RETURN 'aa' =~ '(?=a+a+a+)a'",
    "RETURN 'aa' =~ 'a{1,100000}'",
    "RETURN 'a' =~ '.*.*.*.*b'",
    "RETURN '" + "a" * 600 + "' =~ '.*a.*b'",
    "WITH 'aaaa' AS x WITH x + x AS x WITH x + x AS x RETURN x =~ '.*b'",
    "MATCH (n) RETURN n.name =~ n.name",
    "MATCH (n) RETURN n.name =~ '(' + 'a+)+'",
    "MATCH (n) RETURN n.name =~ toLower('(A+)+')",
    "RETURN [1][0" + "]" * 3000,
]  # fmt: skip
REFUSED = [*WRITES, *INSIDE, *ADMINISTRATION, *PROCEDURES, *FUNCTIONS, *TRICKS, *BOMBS]

# Harmless by their words; they must end within their bounds, with an answer or with a problem that says why not.
BOUNDED = [
    "RETURN " + "*" * 9000,
    "MATCH (a), (b), (c), (d), (e), (f), (g), (h) RETURN count(*) AS n",
    "MATCH (a) MATCH (b) MATCH (c) MATCH (d) MATCH (e) MATCH (f) RETURN a.id, b.id, c.id, d.id, e.id, f.id",
    "MATCH (a)-[*]-(b) RETURN count(*) AS n",
    "MATCH (a)-[*]-()-[*]-()-[*]-(b) RETURN count(*) AS n",
    "MATCH p = (a)-[*..1000000]-(b) RETURN length(p) AS n",
    "MATCH p = allShortestPaths((a:Place)-[*]-(b:Program)) RETURN length(p) AS n",
    "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y RETURN count(*) AS n",
    "UNWIND range(1, 200000) AS x WITH collect(x) AS xs UNWIND xs AS a UNWIND xs AS b RETURN count(*) AS n",
    "UNWIND range(1, 100000) AS x WITH collect(x) AS xs UNWIND xs AS a RETURN xs",
    "UNWIND range(1, 100000) AS x WITH collect(x) AS xs UNWIND xs AS a RETURN collect({a: xs}) AS n",
    "UNWIND range(1, 100000) AS x WITH collect(x) AS xs UNWIND xs AS a RETURN range(1, size(xs)) AS n",
    "UNWIND range(1, 100000) AS x WITH collect(x) AS xs WITH tail(xs) AS ys UNWIND ys AS y WITH y, ys RETURN count(*) AS n",
    "UNWIND range(1, 100000) AS x WITH collect(x) AS xs UNWIND xs AS a WITH xs[0..99999] AS ys RETURN ys",
    "RETURN " + "NOT " * 2400 + "true AS n",
    "RETURN " + "- " * 4900 + "1 AS n",
    "RETURN 1" + " * 2" * 2000 + " AS n",
    "MATCH (n) RETURN n" + ".a" * 4000 + " AS n",
    "MATCH (n) WHERE n.a = 1" + " OR n.a = 1" * 800 + " RETURN n.id AS n",
    "RETURN 9223372036854775807 + 1 AS n",
    "RETURN 1 / 0 AS n",
    "RETURN range(1, 10, 0) AS n",
    "RETURN [1][9223372036854775807] AS n",
    "RETURN substring('abc', 9223372036854775807) AS n",
    "RETURN date({year: 10000000000, month: 1, day: 1}) AS n",
    "RETURN 99999999999999999999999999 AS n",
    "RETURN '\ud800' AS n",
    "MATCH (n) RETURN n LIMIT -1",
    "MATCH (n) RETURN n SKIP 9223372036854775807",
    "UNWIND range(1, 100000) AS x RETURN x ORDER BY rand(), rand() LIMIT 3",
]  # fmt: skip

HARMLESS = [
    "MATCH (p:Program) RETURN p.name LIMIT 10",
    "MATCH (n) RETURN labels(n) AS labels, count(*) AS n ORDER BY n DESC",
    "MATCH ()-[e]->() RETURN type(e) AS type, count(*) AS n",
    "MATCH (t:Township)-[u:ADOPTS]->(p:Program {id: 'program:法律八进'}) RETURN t.name, u.year, u.modality ORDER BY u.year",
    "MATCH (t:Township)-[:PART_OF]->(c:County)-[:PART_OF]->(f:Prefecture) RETURN f.name, c.name, collect(t.name) AS townships",
    "MATCH (p:Place) WHERE p.name STARTS WITH '青' RETURN p.id",
    "MATCH (p:Place) WHERE p.name ENDS WITH '镇' RETURN count(p) AS n",
    "MATCH (p:Place) WHERE p.name =~ '.*镇' RETURN p.id",
    "MATCH (p:Place) WHERE p.name =~ '(?i)青石.*' RETURN p.id",
    "MATCH (p:Place) WHERE p.name =~ '(青石|白水)[镇乡]' RETURN p.id",
    "MATCH (p:Place) WHERE p.name =~ $name RETURN p.id",
    "MATCH (p:Place) WHERE p.id IN $ids RETURN p.name",
    "MATCH (p:Place) WHERE p.id IN ['cn:35', 'cn:3505'] RETURN p.name",
    "MATCH (r:Report) WHERE r.year >= 2020 AND r.year <= 2024 RETURN r.id, r.year",
    "MATCH (r:Report) WHERE r.year IS NOT NULL RETURN min(r.year) AS first, max(r.year) AS last",
    "MATCH (r:Report) RETURN coalesce(r.title, r.key) AS title",
    "MATCH (r:Report)-[:STATES]->(m:Measure)-[:OF]->(i:Indicator) RETURN i.name, m.value, m.unit",
    "MATCH (m:Measure) RETURN avg(m.value) AS mean, sum(m.value) AS total",
    "MATCH (m:Measure) WHERE m.value > 10 RETURN m.id ORDER BY m.value DESC",
    "MATCH (p:Place) OPTIONAL MATCH (p)-[a:ADOPTS]->(g) RETURN p.name, count(g) AS programs",
    "MATCH (p:Place) WHERE NOT EXISTS { (p)-[:ADOPTS]->() } RETURN p.id",
    "MATCH (p:Place) WHERE EXISTS { (p)-[:PART_OF*1..3]->(:Province) } RETURN p.id",
    "MATCH (p:Place) RETURN p.id, COUNT { (p)<-[:PART_OF]-() } AS children",
    "MATCH (p:Place) WHERE COUNT { (p)<-[:PART_OF]-() } > 1 RETURN p.id",
    "MATCH (a:Township)-[:ADOPTS]->(p)<-[:ADOPTS]-(b:Township) WHERE a.id < b.id RETURN a.name, b.name, p.name",
    "MATCH path = (a:Township)-[:PART_OF*..3]->(b) RETURN [n IN nodes(path) | n.name] AS names",
    "MATCH path = (a:Township)-[:PART_OF*..3]->(b) RETURN length(path) AS steps ORDER BY steps",
    "MATCH (a:Township {name: '青石镇'}), (b:Province {name: '福建省'}) MATCH p = shortestPath((a)-[*..5]-(b)) RETURN length(p) AS n",
    "MATCH (p:Program) RETURN CASE p.catalogued WHEN true THEN 'known' ELSE 'new' END AS state, count(*) AS n",
    "MATCH (p:Program) WITH p.kind AS kind, count(*) AS n WHERE n > 0 RETURN kind, n",
    "MATCH (r:Report) WITH r ORDER BY r.year DESC LIMIT 3 RETURN collect(r.id) AS newest",
    "UNWIND ['青石镇', '白水乡'] AS name MATCH (p:Place {name: name}) RETURN p.id",
    "UNWIND range(2018, 2024) AS year OPTIONAL MATCH (r:Report {year: year}) RETURN year, count(r) AS reports",
    "UNWIND $ids AS id MATCH (n {id: id}) RETURN n",
    "MATCH (n:Place) RETURN n.name AS name UNION MATCH (n:Program) RETURN n.name AS name",
    "MATCH (n:Place) RETURN n.name AS name UNION ALL MATCH (n:Program) RETURN n.name AS name",
    "MATCH (p:Place) CALL (p) { MATCH (p)-[a:ADOPTS]->() RETURN count(a) AS n } RETURN p.id, n",
    "MATCH (n) WHERE n.name = 'CREATE (x) DELETE y; LOAD CSV' RETURN n",
    "MATCH (n) WHERE n.name = \"it's\" RETURN n // DELETE n",
    "MATCH (n) RETURN n.name AS `delete` // SET x",
    "MATCH (`create`:Place) RETURN `create`.name AS name",
    "MATCH (n:Place) RETURN n {.id, .name} AS place LIMIT 2",
    "MATCH (n:Place) RETURN properties(n) AS p, keys(n) AS k LIMIT 2",
    "MATCH (n:Place) RETURN toUpper(n.id) AS id, size(n.name) AS n, substring(n.name, 0, 2) AS stem LIMIT 2",
    "MATCH (n:Place) RETURN split(n.id, '/') AS parts LIMIT 2",
    "MATCH (n:Place) RETURN n.id SKIP 1 LIMIT 2",
    "RETURN [x IN range(1, 10) WHERE x % 2 = 0 | x * x] AS squares",
    "RETURN round(3.7) AS r, abs(-1) AS a, 7 % 3 AS m, 2 ^ 3 AS p",
]  # fmt: skip
