// read/count_nodes.cypher — how many nodes there are of each set of labels
// params: none
// returns: labels, count
MATCH (node)
RETURN labels(node) AS labels, count(*) AS count
