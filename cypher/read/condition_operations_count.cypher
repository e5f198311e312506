// read/condition_operations_count.cypher — how often a mediation room or a platform is run, whenever and however it is said
// params: label (MediationRoom or Platform), name (part of its name or null), kind (or null)
// returns: total
MATCH (source)-[edge:OPERATES]->(target:MediationRoom|Platform)
WHERE $label IN labels(target) AND ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
RETURN count(*) AS total
