// read/condition_adoptions_reports.cypher — reports that say that a program or a variant of it is taken up
// params: program (id), variants (bool: also programs of its family below it), modalities (list)
// returns: id, year (or null): every year in which it is said
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(target:Program)
WHERE $variants OR target.id = $program
WITH DISTINCT target
MATCH (source)-[edge:ADOPTS]->(target)
WHERE edge.modality IN $modalities
RETURN DISTINCT edge.report AS id, edge.year AS year
