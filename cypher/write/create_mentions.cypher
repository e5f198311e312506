// write/create_mentions.cypher — edges MENTIONS: Report → Place, Body, Organisation, Person, LegalAdviser, MediationRoom, Program, Platform, Document, Event
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})
MATCH (target:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event {id: row.target})
CREATE (source)-[edge:MENTIONS]->(target)
SET edge = row.properties
