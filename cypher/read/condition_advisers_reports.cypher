// read/condition_advisers_reports.cypher — reports that say that somebody is legal adviser
// params: name (part of the adviser's name or null), modalities (list), from_year, to_year (int or null)
// returns: id
MATCH (source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year) AND ($name IS NULL OR target.name CONTAINS $name)
RETURN DISTINCT edge.report AS id
