// neo4j/await_indexes.cypher — wait until new indexes are filled
// params: seconds
// returns: nothing
CALL db.awaitIndexes($seconds)
