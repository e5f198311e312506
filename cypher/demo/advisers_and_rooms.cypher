// demo/advisers_and_rooms.cypher — places that have a legal adviser and a mediation room in the same year
// params: none
// returns: place, year, adviser, room
MATCH (adviser:LegalAdviser)-[advises:ADVISES]->(:Body)-[:PART_OF]->(place:Place)-[operates:OPERATES]->(room:MediationRoom)
WHERE advises.modality = "done" AND operates.modality = "done" AND advises.year = operates.year
RETURN DISTINCT place.name AS place, advises.year AS year, adviser.name AS adviser, room.name AS room
ORDER BY year, place, adviser, room
LIMIT 10
