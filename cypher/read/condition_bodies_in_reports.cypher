// read/condition_bodies_in_reports.cypher — what each of these reports says about it: a report names a body of a place; the first of it
// params: reports (list of ids), most (int), name (part of its name or null), kind (or null), modalities (list), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
UNWIND $reports AS asked
MATCH (stating:Report {id: asked})-[edge:MENTIONS]->(target:Body)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR stating.year >= $from_year) AND ($to_year IS NULL OR stating.year <= $to_year) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
WITH DISTINCT asked, target AS source, edge, target, stating
WITH asked, edge.report AS report, stating.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name, source.id AS source, source.name AS source_name
ORDER BY asked, coalesce(year, 9999), report, id, source, modality
RETURN asked, count(*) AS total,
       collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: source, source_name: source_name})[0..$most] AS statements
