// neo4j/gate.cypher — whether the graph is being filled anew
// params: none
// returns: since (ISO time)
MATCH (gate:Rebuild)
WHERE gate.until IS NULL OR gate.until > timestamp()
RETURN gate.since AS since
LIMIT 1
