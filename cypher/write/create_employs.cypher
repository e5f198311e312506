// write/create_employs.cypher — edges EMPLOYS: Body, Place, Organisation → Person, LegalAdviser, Organisation
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Body|Place|Organisation {id: row.source})
MATCH (target:Person|LegalAdviser|Organisation {id: row.target})
CREATE (source)-[edge:EMPLOYS]->(target)
SET edge = row.properties
