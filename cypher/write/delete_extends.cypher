// write/delete_extends.cypher — edges EXTENDS that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:EXTENDS]->()
WHERE edge.report IN $reports
DELETE edge
