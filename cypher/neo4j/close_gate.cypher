// neo4j/close_gate.cypher — say that the graph is being filled anew and must not be read; where that was said for good, it stays so
// params: since (ISO time), milliseconds (until it may be read again by itself, or null: not before it is said)
// returns: nothing
MERGE (gate:Rebuild)
ON CREATE SET gate.since = $since, gate.until = timestamp() + $milliseconds
ON MATCH SET gate.since = $since, gate.until = CASE WHEN gate.until IS NULL THEN NULL ELSE timestamp() + $milliseconds END
