// read/condition_advisers_places.cypher — places of a level at or below which somebody is legal adviser
// params: name (part of the adviser's name or null), modalities (list), from_year, to_year (int or null), level
// returns: id
MATCH (source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year) AND ($name IS NULL OR target.name CONTAINS $name)
WITH DISTINCT source
MATCH (source)-[:PART_OF*0..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id
