// read/entities_below_place.cypher — entities that reports at or below a place mention, by name; reports counts those reports only
// params: place (id), type (label or null), q (part of the name or null), skip, limit
// returns: id, labels, name, reports, properties
MATCH (:Place {id: $place})<-[:PART_OF*0..4]-(:Place)<-[:COVERS]-(report:Report)-[:MENTIONS]->(node)
WHERE ($type IS NULL OR $type IN labels(node)) AND ($q IS NULL OR node.name CONTAINS $q)
WITH node, count(DISTINCT report) AS reports, node.name AS name, node.id AS id
ORDER BY name, id SKIP $skip LIMIT $limit
RETURN id, labels(node) AS labels, name, reports, properties(node) AS properties
ORDER BY name, id
