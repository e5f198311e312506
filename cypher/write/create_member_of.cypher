// write/create_member_of.cypher — edges MEMBER_OF: Person, LegalAdviser, Body, Organisation → Body, Organisation
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Person|LegalAdviser|Body|Organisation {id: row.source})
MATCH (target:Body|Organisation {id: row.target})
CREATE (source)-[edge:MEMBER_OF]->(target)
SET edge = row.properties
