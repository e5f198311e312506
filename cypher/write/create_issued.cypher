// write/create_issued.cypher — edges ISSUED: Body, Organisation → Report
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Body|Organisation {id: row.source})
MATCH (target:Report {id: row.target})
CREATE (source)-[edge:ISSUED]->(target)
SET edge = row.properties
