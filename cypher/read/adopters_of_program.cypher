// read/adopters_of_program.cypher — who takes up a program or a variant of it, first seen first
// params: program (id), place (id or null: everywhere), to_year (int or null), skip, limit
// returns: place, name, program, program_name, year, modality, first_seen, report, facts
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(program:Program)<-[adopts:ADOPTS]-(place)
WHERE ($place IS NULL OR EXISTS { (place)-[:PART_OF*0..4]->(:Place {id: $place}) })
  AND ($to_year IS NULL OR adopts.year <= $to_year)
WITH DISTINCT place, adopts, program
RETURN place.id AS place, place.name AS name, program.id AS program, program.name AS program_name, adopts.year AS year, adopts.modality AS modality,
       adopts.first_seen AS first_seen, adopts.report AS report, adopts.facts AS facts
ORDER BY first_seen, year, name, place, program, report, modality SKIP $skip LIMIT $limit
