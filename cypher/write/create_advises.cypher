// write/create_advises.cypher — edges ADVISES: LegalAdviser, Person, Organisation → Place, Body, Organisation
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:LegalAdviser|Person|Organisation {id: row.source})
MATCH (target:Place|Body|Organisation {id: row.target})
CREATE (source)-[edge:ADVISES]->(target)
SET edge = row.properties
