// read/edges_from.cypher — all edges that start at these nodes
// params: ids (list of node ids)
// returns: source, type, target, properties
UNWIND $ids AS id
MATCH (node:Report|Measure|Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
MATCH (node)-[edge]->(target)
RETURN node.id AS source, type(edge) AS type, target.id AS target, properties(edge) AS properties
