// read/condition_adoptions_places.cypher — places of a level at or below which a program or a variant of it is taken up
// params: program (id), variants (bool: also programs of its family below it), modalities (list), level
// returns: id, year (or null): every year in which it is said
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(target:Program)
WHERE $variants OR target.id = $program
WITH DISTINCT target
MATCH (source)-[edge:ADOPTS]->(target)
WHERE edge.modality IN $modalities
WITH DISTINCT source, edge.year AS year
MATCH (source)-[:PART_OF*0..6]->(unit:Place)
WHERE unit.level = $level
RETURN DISTINCT unit.id AS id, year
