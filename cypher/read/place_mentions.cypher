// read/place_mentions.cypher — mediation rooms and legal advisers that reports at and below a place name
// params: id
// returns: rooms, advisers
MATCH (:Place {id: $id})<-[:PART_OF*0..4]-(:Place)<-[:COVERS]-(:Report)-[:MENTIONS]->(node:MediationRoom|LegalAdviser)
WITH DISTINCT node
RETURN sum(CASE WHEN node:MediationRoom THEN 1 ELSE 0 END) AS rooms, sum(CASE WHEN node:LegalAdviser THEN 1 ELSE 0 END) AS advisers
