// read/condition_bodies_places.cypher — places of a level at or below which a report names a body of a place
// params: name (part of its name or null), kind (or null), modalities (list), from_year, to_year (int or null), level
// returns: id
MATCH (target:Body)
WHERE ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
  AND EXISTS { (target)<-[edge:MENTIONS]-(stating:Report) WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR stating.year >= $from_year) AND ($to_year IS NULL OR stating.year <= $to_year) }
MATCH (target)-[:PART_OF*1..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id
