// read/condition_bodies_reports.cypher — reports that say that a report names a body of a place
// params: name (part of its name or null), kind (or null), modalities (list), from_year, to_year (int or null)
// returns: id
MATCH (target:Body)
WHERE ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
MATCH (target)<-[edge:MENTIONS]-(stating:Report)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR stating.year >= $from_year) AND ($to_year IS NULL OR stating.year <= $to_year)
RETURN DISTINCT edge.report AS id
