// write/delete_stated_measures.cypher — numbers that carry the ids of these reports, also where the report itself is gone
// params: reports (list of report ids)
// returns: nothing
MATCH (measure:Measure)
WHERE measure.report IN $reports
DETACH DELETE measure
