// write/delete_implements.cypher — edges IMPLEMENTS that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:IMPLEMENTS]->()
WHERE edge.report IN $reports
DELETE edge
