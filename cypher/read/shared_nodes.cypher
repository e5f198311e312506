// read/shared_nodes.cypher — nodes that any number of reports speak of, with what their ids and properties put them under
// params: none
// returns: id, parents (list of node ids)
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator)
OPTIONAL MATCH (node)-[edge:PART_OF]->(above)
WHERE edge.report IS NULL
RETURN node.id AS id, collect(above.id) AS parents
