// write/create_mentions_reports_documents.cypher — edges MENTIONS of these ends alone: Report → Document
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Document {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
