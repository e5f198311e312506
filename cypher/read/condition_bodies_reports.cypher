// read/condition_bodies_reports.cypher — reports that say that a report names a body of a place
// params: name (part of its name or null), kind (or null), modalities (list)
// returns: id, year (or null): every year in which it is said
MATCH (target:Body)
WHERE ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
MATCH (target)<-[edge:MENTIONS]-(stating:Report)
WHERE edge.modality IN $modalities
RETURN DISTINCT edge.report AS id, stating.year AS year
