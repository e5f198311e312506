// neo4j/index_names.cypher — indexes that are there; a constraint has one of its own name
// params: none
// returns: name
SHOW INDEXES YIELD name
RETURN name
