// read/condition_advisers_of_places.cypher — what is said about it: somebody is legal adviser, at or below each of these places; the first of it, earliest first
// params: places (list of ids), most (int), name (part of the adviser's name or null), modalities (list), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
UNWIND $places AS asked
MATCH (:Place {id: asked})<-[:PART_OF*0..6]-(source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year) AND ($name IS NULL OR target.name CONTAINS $name)
WITH DISTINCT asked, source, edge, target
WITH asked, edge.report AS report, edge.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name, source.id AS source, source.name AS source_name
ORDER BY asked, coalesce(year, 9999), report, id, source, modality
RETURN asked, count(*) AS total,
       collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: source, source_name: source_name})[0..$most] AS statements
