// write/create_operates.cypher — edges OPERATES: Place, Body, Organisation → MediationRoom, Platform, Organisation, Body
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place|Body|Organisation {id: row.source})
MATCH (target:MediationRoom|Platform|Organisation|Body {id: row.target})
CREATE (source)-[edge:OPERATES]->(target)
SET edge = row.properties
