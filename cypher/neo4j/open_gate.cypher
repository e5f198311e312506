// neo4j/open_gate.cypher — the graph is whole again
// params: none
// returns: nothing
MATCH (gate:Rebuild)
DELETE gate
