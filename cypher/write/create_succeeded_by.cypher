// write/create_succeeded_by.cypher — edges SUCCEEDED_BY: Place → Place
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place {id: row.source})
MATCH (target:Place {id: row.target})
CREATE (source)-[edge:SUCCEEDED_BY]->(target)
SET edge = row.properties
