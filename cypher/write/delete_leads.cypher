// write/delete_leads.cypher — edges LEADS that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:LEADS]->()
WHERE edge.report IN $reports
DELETE edge
