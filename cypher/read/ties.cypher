// read/ties.cypher — what nodes are tied to: of each node each relation to each other node once, the most often stated first
// params: ids, relations (list of edge types), year (int or null: any), limit (of each node)
// returns: of, relation, outgoing, id, labels, name, edges, years, modalities, facts (a list for each edge)
UNWIND $ids AS of
CALL (of) {
  MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure {id: of})-[edge]-(other)
  WHERE type(edge) IN $relations AND ($year IS NULL OR edge.year = $year)
  WITH type(edge) AS relation, startNode(edge).id = of AS outgoing, other.id AS id, labels(other) AS labels, other.name AS name, count(edge) AS edges,
       collect(DISTINCT edge.year) AS years, collect(DISTINCT edge.modality) AS modalities, collect(edge.facts) AS facts
  ORDER BY edges DESC, relation, name, id LIMIT $limit
  RETURN relation, outgoing, id, labels, name, edges, years, modalities, facts
}
RETURN of, relation, outgoing, id, labels, name, edges, years, modalities, facts
ORDER BY of, edges DESC, relation, name, id
