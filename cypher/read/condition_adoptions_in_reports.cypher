// read/condition_adoptions_in_reports.cypher — what each of these reports says about it: a program or a variant of it is taken up; the first of it
// params: reports (list of ids), most (int), program (id), variants (bool: also programs of its family below it), modalities (list), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(target:Program)
WHERE $variants OR target.id = $program
WITH DISTINCT target
MATCH (source)-[edge:ADOPTS]->(target)
WHERE edge.report IN $reports AND edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year)
WITH edge.report AS asked, source, edge, target
WITH asked, edge.report AS report, edge.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name, source.id AS source, source.name AS source_name
ORDER BY asked, coalesce(year, 9999), report, id, source, modality
RETURN asked, count(*) AS total,
       collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: source, source_name: source_name})[0..$most] AS statements
