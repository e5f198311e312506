// read/condition_citations_reports.cypher — reports that cite a document
// params: document (id or part of the title), from_year, to_year (int or null)
// returns: id
MATCH (target:Document)
WHERE (target.id = $document OR target.name CONTAINS $document)
MATCH (target)<-[:CITES]-(report:Report)
WHERE ($from_year IS NULL OR report.year >= $from_year) AND ($to_year IS NULL OR report.year <= $to_year)
RETURN DISTINCT report.id AS id
