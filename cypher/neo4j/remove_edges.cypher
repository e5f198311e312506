// neo4j/remove_edges.cypher — take edges out
// params: limit (how many at most)
// returns: removed (how many went)
MATCH (:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure)-[edge]->()
WITH edge LIMIT $limit
DELETE edge
RETURN count(*) AS removed
