// write/delete_employs.cypher — edges EMPLOYS that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:EMPLOYS]->()
WHERE edge.report IN $reports
DELETE edge
