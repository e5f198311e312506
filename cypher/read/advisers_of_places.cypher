// read/advisers_of_places.cypher — legal advisers of these places, of what lies below them and of their bodies, in whatever modality, earliest first
// params: places (list of ids)
// returns: place, report, year, modality, facts, id, name, source, source_name
UNWIND $places AS asked
MATCH (:Place {id: asked})<-[:PART_OF*0..6]-(source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
RETURN DISTINCT asked AS place, edge.report AS report, edge.year AS year, edge.modality AS modality, edge.facts AS facts, target.id AS id, target.name AS name,
       source.id AS source, source.name AS source_name
ORDER BY place, id, coalesce(year, 9999), report, source, modality
