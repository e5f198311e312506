// read/shortest_paths.cypher — shortest ways between two entities; reports and measures are not stepping stones
// params: source (id), target (id), max_hops (1 to 6), k
// returns: nodes (list of {id, labels, name}), hops (list of {source, relation, target, edge})
MATCH (source:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: $source}), (target:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: $target})
MATCH path = allShortestPaths((source)-[:PART_OF|SUCCEEDED_BY|ADOPTS|OPERATES|ADVISES|EMPLOYS|LEADS|MEMBER_OF|IMPLEMENTS|VARIANT_OF|EXTENDS*..6]-(target))
WHERE length(path) <= $max_hops
RETURN [node IN nodes(path) | {id: node.id, labels: labels(node), name: node.name}] AS nodes,
       [edge IN relationships(path) | {source: startNode(edge).id, relation: type(edge), target: endNode(edge).id, report: edge.report, facts: edge.facts, year: edge.year, modality: edge.modality}] AS hops
LIMIT $k
