// write/delete_part_of.cypher — edges PART_OF that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:PART_OF]->()
WHERE edge.report IN $reports
DELETE edge
