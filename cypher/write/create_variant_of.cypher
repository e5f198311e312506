// write/create_variant_of.cypher — edges VARIANT_OF: Program → Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Program {id: row.source})
MATCH (target:Program {id: row.target})
CREATE (source)-[edge:VARIANT_OF]->(target)
SET edge = row.properties
