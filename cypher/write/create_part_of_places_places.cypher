// write/create_part_of_places_places.cypher — edges PART_OF of these ends alone: Place → Place
// params: rows (list of {source, target, properties})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place {id: row.source})
MATCH (target:Place {id: row.target})
CREATE (source)-[edge:PART_OF]->(target)
SET edge = row.properties
