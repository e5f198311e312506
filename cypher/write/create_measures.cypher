// write/create_measures.cypher — numbers that reports state
// params: rows (list of {id, properties})
// returns: nothing
UNWIND $rows AS row
CREATE (measure:Measure {id: row.id})
SET measure = row.properties
