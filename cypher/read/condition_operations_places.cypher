// read/condition_operations_places.cypher — places of a level at or below which a mediation room or a platform is run
// params: label (MediationRoom or Platform), name (part of its name or null), kind (or null), modalities (list), from_year, to_year (int or null), level
// returns: id
MATCH (source)-[edge:OPERATES]->(target:MediationRoom|Platform)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year) AND $label IN labels(target) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
WITH DISTINCT source
MATCH (source)-[:PART_OF*0..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id
