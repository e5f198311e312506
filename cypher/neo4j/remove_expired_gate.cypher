// neo4j/remove_expired_gate.cypher — tidy up after a rebuild that died before it changed anything
// params: none
// returns: nothing
MATCH (gate:Rebuild)
WHERE gate.until <= timestamp()
DELETE gate
