// read/condition_bodies_of_places.cypher — what is said about it: a report names a body of a place, at or below each of these places; the first of it, earliest first
// params: places (list of ids), most (int), name (part of its name or null), kind (or null), modalities (list), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
UNWIND $places AS asked
MATCH (:Place {id: asked})<-[:PART_OF*1..6]-(target:Body)<-[edge:MENTIONS]-(stating:Report)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR stating.year >= $from_year) AND ($to_year IS NULL OR stating.year <= $to_year) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
WITH DISTINCT asked, target AS source, edge, target, stating
WITH asked, edge.report AS report, stating.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name, source.id AS source, source.name AS source_name
ORDER BY asked, coalesce(year, 9999), report, id, source, modality
RETURN asked, count(*) AS total,
       collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: source, source_name: source_name})[0..$most] AS statements
