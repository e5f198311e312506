// demo/advisers_and_rooms.cypher — places whose report names a legal adviser and a mediation room
// params: none
// returns: place, year, adviser, room
MATCH (adviser:LegalAdviser)<-[:MENTIONS]-(report:Report)-[:MENTIONS]->(room:MediationRoom), (report)-[:COVERS]->(place:Place)
RETURN place.name AS place, report.year AS year, adviser.name AS adviser, room.name AS room
ORDER BY year, place, adviser, room
LIMIT 10
