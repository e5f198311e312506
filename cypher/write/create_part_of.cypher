// write/create_part_of.cypher — edges PART_OF: Place, Body, Organisation, Program, Platform, MediationRoom → Place, Body, Organisation, Program, Platform
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place|Body|Organisation|Program|Platform|MediationRoom {id: row.source})
MATCH (target:Place|Body|Organisation|Program|Platform {id: row.target})
CREATE (source)-[edge:PART_OF]->(target)
SET edge = row.properties
