// read/node_ids.cypher — ids of all nodes with their most general label
// params: none
// returns: id, labels
MATCH (node)
RETURN node.id AS id, labels(node) AS labels
ORDER BY id
