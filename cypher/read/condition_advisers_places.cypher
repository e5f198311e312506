// read/condition_advisers_places.cypher — places of a level at or below which somebody is legal adviser
// params: name (part of the adviser's name or null), modalities (list), level
// returns: id, year (or null): every year in which it is said
MATCH (source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE edge.modality IN $modalities AND ($name IS NULL OR target.name CONTAINS $name)
WITH DISTINCT source, edge.year AS year
MATCH (source)-[:PART_OF*0..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id, year
