// read/condition_citations_in_reports.cypher — how each of these reports cites a document; the first of it
// params: reports (list of ids), most (int), document (id or part of the title), from_year, to_year (int or null)
// returns: asked, total, statements (list of {report, year, modality, facts, id, name, source, source_name})
UNWIND $reports AS asked
MATCH (source:Report {id: asked})-[edge:CITES]->(target:Document)
WHERE (target.id = $document OR target.name CONTAINS $document)
  AND ($from_year IS NULL OR source.year >= $from_year) AND ($to_year IS NULL OR source.year <= $to_year)
WITH asked, asked AS report, source.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name
ORDER BY asked, id, modality
RETURN asked, count(*) AS total, collect({report: report, year: year, modality: modality, facts: facts, id: id, name: name, source: null, source_name: null})[0..$most] AS statements
