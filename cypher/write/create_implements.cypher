// write/create_implements.cypher — edges IMPLEMENTS: Place, Body, Organisation → Document, Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place|Body|Organisation {id: row.source})
MATCH (target:Document|Program {id: row.target})
CREATE (source)-[edge:IMPLEMENTS]->(target)
SET edge = row.properties
