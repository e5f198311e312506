// read/condition_adoptions_reports.cypher — reports that say that a program or a variant of it is taken up
// params: program (id), variants (bool: also programs of its family below it), modalities (list), from_year, to_year (int or null)
// returns: id
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(target:Program)
WHERE $variants OR target.id = $program
WITH DISTINCT target
MATCH (source)-[edge:ADOPTS]->(target)
WHERE edge.modality IN $modalities
  AND ($from_year IS NULL OR edge.year >= $from_year) AND ($to_year IS NULL OR edge.year <= $to_year)
RETURN DISTINCT edge.report AS id
