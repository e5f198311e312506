// write/delete_operates.cypher — edges OPERATES that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:OPERATES]->()
WHERE edge.report IN $reports
DELETE edge
