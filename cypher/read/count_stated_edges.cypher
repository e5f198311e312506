// read/count_stated_edges.cypher — how many edges of each type every report states
// params: none
// returns: report, type, count
MATCH ()-[edge]->()
WHERE edge.report IS NOT NULL
RETURN edge.report AS report, type(edge) AS type, count(*) AS count
ORDER BY report, type
