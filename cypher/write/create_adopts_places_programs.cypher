// write/create_adopts_places_programs.cypher — edges ADOPTS of these ends alone: Place → Program
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place {id: row.source})
MATCH (target:Program {id: row.target})
CREATE (source)-[edge:ADOPTS]->(target)
SET edge = row.properties
