// read/condition_citations_reports.cypher — reports that cite a document
// params: document (id or part of the title)
// returns: id, year (or null)
MATCH (target:Document)
WHERE (target.id = $document OR target.name CONTAINS $document)
MATCH (target)<-[:CITES]-(report:Report)
RETURN DISTINCT report.id AS id, report.year AS year
