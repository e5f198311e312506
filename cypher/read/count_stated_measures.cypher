// read/count_stated_measures.cypher — how many numbers every report states
// params: none
// returns: report, count
MATCH (measure:Measure)
RETURN measure.report AS report, count(*) AS count
ORDER BY report
