// read/years_of_adoption.cypher — in which years reports speak of a program or a variant of it at a place, each once; without what they stand on
// params: program (id), place (id or null: everywhere), to_year (int or null)
// returns: place, name, year, modality
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(program:Program)<-[adopts:ADOPTS]-(place)
WHERE ($place IS NULL OR EXISTS { (place)-[:PART_OF*0..4]->(:Place {id: $place}) })
  AND ($to_year IS NULL OR adopts.year <= $to_year)
WITH DISTINCT place.id AS id, place.name AS name, adopts.year AS year, adopts.modality AS modality
RETURN id AS place, name, year, modality
ORDER BY place, year, modality
