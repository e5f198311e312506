// read/nodes.cypher — nodes by id
// params: ids (list of node ids)
// returns: id, labels, properties
UNWIND $ids AS id
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
RETURN node.id AS id, labels(node) AS labels, properties(node) AS properties
