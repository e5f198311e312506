// write/create_addressed_to.cypher — edges ADDRESSED_TO: Report → Body, Organisation
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Body|Organisation {id: row.target})
CREATE (source)-[edge:ADDRESSED_TO]->(target)
SET edge = row.properties
