// write/create_mentions_reports_legal_advisers.cypher — edges MENTIONS of these ends alone: Report → LegalAdviser
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:LegalAdviser {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
