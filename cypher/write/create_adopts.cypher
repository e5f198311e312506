// write/create_adopts.cypher — edges ADOPTS: Place, Body, Organisation → Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place|Body|Organisation {id: row.source})
MATCH (target:Program {id: row.target})
CREATE (source)-[edge:ADOPTS]->(target)
SET edge = row.properties
