// write/create_extends.cypher — edges EXTENDS: Program → Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Program {id: row.source})
MATCH (target:Program {id: row.target})
CREATE (source)-[edge:EXTENDS]->(target)
SET edge = row.properties
