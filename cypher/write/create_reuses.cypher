// write/create_reuses.cypher — edges REUSES: Report → Report
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Report {id: row.target})
CREATE (source)-[edge:REUSES]->(target)
SET edge = row.properties
