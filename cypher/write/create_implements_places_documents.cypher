// write/create_implements_places_documents.cypher — edges IMPLEMENTS of these ends alone: Place → Document
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place {id: row.source})
MATCH (target:Document {id: row.target})
CREATE (source)-[edge:IMPLEMENTS]->(target)
SET edge = row.properties
