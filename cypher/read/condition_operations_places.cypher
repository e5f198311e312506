// read/condition_operations_places.cypher — places of a level at or below which a mediation room or a platform is run
// params: label (MediationRoom or Platform), name (part of its name or null), kind (or null), modalities (list), level
// returns: id, year (or null): every year in which it is said
MATCH (source)-[edge:OPERATES]->(target:MediationRoom|Platform)
WHERE edge.modality IN $modalities AND $label IN labels(target) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
WITH DISTINCT source, edge.year AS year
MATCH (source)-[:PART_OF*0..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id, year
