// write/create_mentions_reports_mediation_rooms.cypher — edges MENTIONS of these ends alone: Report → MediationRoom
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:MediationRoom {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
