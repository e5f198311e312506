// read/path_nodes.cypher — entities by id, and how many edges each has that paths may take
// params: ids (list of node ids)
// returns: id, labels, name, degree
UNWIND $ids AS id
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
RETURN id, labels(node) AS labels, node.name AS name,
       COUNT { (node)-[:PART_OF|SUCCEEDED_BY|ADOPTS|OPERATES|ADVISES|EMPLOYS|LEADS|MEMBER_OF|IMPLEMENTS|VARIANT_OF|EXTENDS]-() } AS degree
