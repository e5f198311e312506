// read/adoptions_by_year.cypher — programs that are taken up at or below each of these places: how many statements of each year and modality there are
// params: places (list of ids)
// returns: place, id, name, year, modality, statements, fact (one of those that they stand on)
UNWIND $places AS asked
MATCH (:Place {id: asked})<-[:PART_OF*0..6]-(source)
WITH DISTINCT asked, source
MATCH (source)-[edge:ADOPTS]->(target:Program)
RETURN asked AS place, target.id AS id, target.name AS name, edge.year AS year, edge.modality AS modality, count(*) AS statements, min(edge.facts[0]) AS fact
ORDER BY place, id, coalesce(year, 9999), modality
