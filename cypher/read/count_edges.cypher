// read/count_edges.cypher — how many edges there are of each type
// params: none
// returns: type, count
MATCH ()-[edge]->()
RETURN type(edge) AS type, count(*) AS count
