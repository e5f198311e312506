// neo4j/create_generation.cypher — say which rebuild the graph comes from
// params: name
// returns: nothing
CREATE INDEX $name IF NOT EXISTS FOR (gate:Rebuild) ON (gate.generation)
