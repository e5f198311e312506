// read/condition_bodies_places.cypher — places of a level at or below which a report names a body of a place
// params: name (part of its name or null), kind (or null), modalities (list), level
// returns: id, year (or null): every year in which it is said
MATCH (target:Body)
WHERE ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
MATCH (target)<-[edge:MENTIONS]-(stating:Report)
WHERE edge.modality IN $modalities
WITH DISTINCT target, stating.year AS year
MATCH (target)-[:PART_OF*1..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id, year
