// write/delete_adopts.cypher — edges ADOPTS that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:ADOPTS]->()
WHERE edge.report IN $reports
DELETE edge
