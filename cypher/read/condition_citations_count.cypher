// read/condition_citations_count.cypher — how often reports cite a document
// params: document (id or part of the title)
// returns: total
MATCH (target:Document)
WHERE (target.id = $document OR target.name CONTAINS $document)
RETURN sum(COUNT { (target)<-[:CITES]-(:Report) }) AS total
