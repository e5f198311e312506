// neo4j/remove_nodes.cypher — take nodes out, with their edges
// params: limit (how many at most)
// returns: removed (how many went)
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure)
WITH node LIMIT $limit
DETACH DELETE node
RETURN count(*) AS removed
