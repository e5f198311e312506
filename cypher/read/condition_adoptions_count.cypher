// read/condition_adoptions_count.cypher — how often a program or a variant of it is taken up, whenever and however it is said
// params: program (id), variants (bool: also programs of its family below it)
// returns: total
MATCH (:Program {id: $program})<-[:PART_OF*0..3]-(target:Program)
WHERE $variants OR target.id = $program
WITH DISTINCT target
MATCH (source)-[edge:ADOPTS]->(target)
RETURN count(*) AS total
