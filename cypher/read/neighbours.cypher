// read/neighbours.cypher — edges at a node, by relation and name of the other end
// params: id, relation (edge type or null), year (int or null), direction (out, in or both), skip, limit
// returns: relation, outgoing, id, labels, name, edge (properties)
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure {id: $id})-[edge]-(other)
WITH type(edge) AS relation, startNode(edge).id = $id AS outgoing, other, edge
WHERE ($relation IS NULL OR relation = $relation)
  AND ($year IS NULL OR edge.year = $year)
  AND ($direction = 'both' OR ($direction = 'out' AND outgoing) OR ($direction = 'in' AND NOT outgoing))
WITH relation, outgoing, other.id AS id, labels(other) AS labels, other.name AS name, properties(edge) AS edge, edge.report AS report, edge.year AS year, edge.modality AS modality
ORDER BY relation, outgoing, name, id, year, report, modality SKIP $skip LIMIT $limit
RETURN relation, outgoing, id, labels, name, edge
