// read/place_roll_up.cypher — what townships at and below a place, and the villages and bodies of these, are tied to, by how many townships
// params: id, relation (edge type or null), year (int or null), skip, limit
// returns: relation, outgoing, id, labels, name, townships (distinct), doing (distinct, plans left aside), edges, years, fact (one of those it stands on)
MATCH (:Place {id: $id})<-[:PART_OF*0..4]-(township:Township)<-[:PART_OF*0..2]-(holder)-[edge:ADOPTS|OPERATES|IMPLEMENTS|ADVISES]-(other)
WHERE ($relation IS NULL OR type(edge) = $relation) AND ($year IS NULL OR edge.year = $year)
WITH type(edge) AS relation, startNode(edge).id = holder.id AS outgoing, other.id AS id, labels(other) AS labels, other.name AS name, township.id AS township,
     CASE WHEN edge.modality IN ['done', 'ongoing'] THEN township.id ELSE null END AS doing, edge.year AS year, edge.facts[0] AS fact
WITH relation, outgoing, id, labels, name, count(DISTINCT township) AS townships, count(DISTINCT doing) AS doing, count(*) AS edges, collect(DISTINCT year) AS years, min(fact) AS fact
ORDER BY doing DESC, townships DESC, relation, name, id SKIP $skip LIMIT $limit
RETURN relation, outgoing, id, labels, name, townships, doing, edges, years, fact
