// read/variants_of_program.cypher — a program with all of its family
// params: program (id)
// returns: id, name, parent, reports, adopters, first_year, last_year
MATCH (:Program {id: $program})-[:PART_OF*0..3]->(top:Program)
WHERE NOT EXISTS { (top)-[:PART_OF]->(:Program) }
MATCH (top)<-[:PART_OF*0..3]-(variant:Program)
WITH DISTINCT variant
OPTIONAL MATCH (variant)<-[adopts:ADOPTS]-(place)
WHERE adopts.modality IN ['done', 'ongoing']
WITH variant, count(DISTINCT place) AS adopters, min(adopts.year) AS first_year, max(adopts.year) AS last_year
RETURN variant.id AS id, variant.name AS name, variant.parent AS parent, COUNT { (variant)<-[:MENTIONS]-(:Report) } AS reports, adopters, first_year, last_year
ORDER BY name, id
