// read/condition_advisers_reports.cypher — reports that say that somebody is legal adviser
// params: name (part of the adviser's name or null), modalities (list)
// returns: id, year (or null): every year in which it is said
MATCH (source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE edge.modality IN $modalities AND ($name IS NULL OR target.name CONTAINS $name)
RETURN DISTINCT edge.report AS id, edge.year AS year
