// read/whole_nodes.cypher — nodes of any kind by id, reports and measures among them
// params: ids (list of node ids)
// returns: id, node
UNWIND $ids AS id
MATCH (node:Report|Measure|Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
RETURN node.id AS id, node AS node
