// write/create_covers.cypher — edges COVERS: Report → Place
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Place {id: row.target})
CREATE (source)-[edge:COVERS]->(target)
SET edge = row.properties
