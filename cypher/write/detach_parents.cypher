// write/detach_parents.cypher — take nodes from under what their ids and properties put them under
// params: ids (list of node ids)
// returns: nothing
UNWIND $ids AS id
MATCH (node:Place|Body|Organisation|Program|Platform|MediationRoom {id: id})-[edge:PART_OF]->()
WHERE edge.report IS NULL
DELETE edge
