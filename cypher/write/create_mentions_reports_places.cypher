// write/create_mentions_reports_places.cypher — edges MENTIONS of these ends alone: Report → Place
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Place {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
