// write/delete_advises.cypher — edges ADVISES that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:ADVISES]->()
WHERE edge.report IN $reports
DELETE edge
