// read/evidence.cypher — what reports say of a node, newest first; the fact of a measure stands on the measure. REUSES is nothing that a report says
// params: id, skip, limit
// returns: report, title, place, year, relation, modality, count, facts
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator|Report|Measure {id: $id})-[edge]-(other)
WHERE edge.report IS NOT NULL AND type(edge) <> 'REUSES'
WITH node, edge, other, edge.report AS stated
MATCH (report:Report {id: stated})
WITH report, type(edge) AS relation, coalesce(edge.modality, other.modality, node.modality) AS modality, coalesce(edge.year, other.year, node.year, report.year) AS year,
     coalesce(edge.count, 1) AS count, coalesce(edge.facts, CASE WHEN other.fact IS NOT NULL THEN [other.fact] WHEN node.fact IS NOT NULL THEN [node.fact] ELSE [] END) AS facts
ORDER BY year DESC, report.id, relation, modality, facts[0] SKIP $skip LIMIT $limit
RETURN report.id AS report, report.title AS title, report.place AS place, year, relation, modality, count, facts
