// write/create_leads.cypher — edges LEADS: Person, Body, Organisation → Body, Organisation, Place, Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Person|Body|Organisation {id: row.source})
MATCH (target:Body|Organisation|Place|Program {id: row.target})
CREATE (source)-[edge:LEADS]->(target)
SET edge = row.properties
