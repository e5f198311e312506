// read/path_edges.cypher — edges between these entities and others; reports and measures are not stepping stones
// params: ids (list of node ids)
// returns: id, other_id, source, relation, report, facts, year, modality
UNWIND $ids AS id
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
MATCH (node)-[edge:PART_OF|SUCCEEDED_BY|ADOPTS|OPERATES|ADVISES|EMPLOYS|LEADS|MEMBER_OF|IMPLEMENTS|VARIANT_OF|EXTENDS]-(other)
RETURN id, other.id AS other_id, startNode(edge).id AS source, type(edge) AS relation, edge.report AS report, edge.facts AS facts, edge.year AS year,
       edge.modality AS modality
