// write/delete_member_of.cypher — edges MEMBER_OF that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:MEMBER_OF]->()
WHERE edge.report IN $reports
DELETE edge
