// read/entity.cypher — a node by id, of any label
// params: id
// returns: id, labels, name, reports, properties
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure {id: $id})
RETURN node.id AS id, labels(node) AS labels, node.name AS name, COUNT { (node)<-[:MENTIONS]-(:Report) } AS reports, properties(node) AS properties
