// demo/advisers_and_rooms.cypher — places with a named legal adviser and a named mediation room
// params: none
// returns: place, adviser, room
MATCH (body:Body)-[:PART_OF]->(place:Place), (adviser:LegalAdviser)-[:ADVISES]->(body), (body)-[:OPERATES]->(room:MediationRoom)
RETURN DISTINCT place.name AS place, adviser.name AS adviser, room.name AS room
ORDER BY place, adviser, room
LIMIT 10
