// write/sweep_nodes.cypher — remove nodes that no report and no node below speaks for
// params: ids (list of node ids to look at)
// returns: swept (how many went)
UNWIND $ids AS id
MATCH (node:Place|Body|Organisation|Person|LegalAdviser|MediationRoom|Program|Platform|Document|Event|Indicator {id: id})
WHERE NOT EXISTS { (node)<--() }
  AND NOT EXISTS { MATCH (node)-[edge]->() WHERE edge.report IS NOT NULL }
DETACH DELETE node
RETURN count(*) AS swept
