// write/create_states.cypher — edges STATES: Report → Measure
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Measure {id: row.target})
CREATE (source)-[edge:STATES]->(target)
SET edge = row.properties
