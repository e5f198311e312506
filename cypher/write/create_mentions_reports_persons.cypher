// write/create_mentions_reports_persons.cypher — edges MENTIONS of these ends alone: Report → Person
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Person {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
