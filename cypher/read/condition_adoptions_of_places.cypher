// read/condition_adoptions_of_places.cypher — what is said about it: a program or a variant of it is taken up, at or below each of these places; the first of it, earliest first
// params: places (list of ids), most (int), program (id), variants (bool: also programs of its family below it), modalities (list), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(program:Program)
WHERE $variants OR program.id = $program
WITH collect(DISTINCT program.id) AS programs
UNWIND $places AS asked
MATCH (:Place {id: asked})<-[:PART_OF*0..6]-(source)-[edge:ADOPTS]->(target:Program)
WHERE target.id IN programs AND edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year)
WITH DISTINCT asked, source, edge, target
WITH asked, edge.report AS report, edge.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name, source.id AS source, source.name AS source_name
ORDER BY asked, coalesce(year, 9999), report, id, source, modality
RETURN asked, count(*) AS total,
       collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: source, source_name: source_name})[0..$most] AS statements
