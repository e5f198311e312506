// read/condition_operations_reports.cypher — reports that say that a mediation room or a platform is run
// params: label (MediationRoom or Platform), name (part of its name or null), kind (or null), modalities (list)
// returns: id, year (or null): every year in which it is said
MATCH (source)-[edge:OPERATES]->(target:MediationRoom|Platform)
WHERE edge.modality IN $modalities AND $label IN labels(target) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
RETURN DISTINCT edge.report AS id, edge.year AS year
