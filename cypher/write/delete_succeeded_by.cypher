// write/delete_succeeded_by.cypher — edges SUCCEEDED_BY that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:SUCCEEDED_BY]->()
WHERE edge.report IN $reports
DELETE edge
