// write/create_cites.cypher — edges CITES: Report → Document
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Document {id: row.target})
CREATE (source)-[edge:CITES]->(target)
SET edge = row.properties
