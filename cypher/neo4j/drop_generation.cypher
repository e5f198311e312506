// neo4j/drop_generation.cypher — forget which rebuild the graph comes from
// params: name
// returns: nothing
DROP INDEX $name IF EXISTS
