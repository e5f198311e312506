// read/list_events.cypher — events by name
// params: q (part of the name or null), skip, limit
// returns: id, labels, name, reports, properties
MATCH (node:Event)
WHERE $q IS NULL OR node.name CONTAINS $q
WITH node, node.name AS name, node.id AS id
ORDER BY name, id SKIP $skip LIMIT $limit
RETURN id, labels(node) AS labels, name, COUNT { (node)<-[:MENTIONS]-(:Report) } AS reports, properties(node) AS properties
ORDER BY name, id
