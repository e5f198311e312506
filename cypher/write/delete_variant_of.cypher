// write/delete_variant_of.cypher — edges VARIANT_OF that these reports stated
// params: reports (list of report ids)
// returns: nothing
MATCH ()-[edge:VARIANT_OF]->()
WHERE edge.report IN $reports
DELETE edge
