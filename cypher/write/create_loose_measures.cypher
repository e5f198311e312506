// write/create_loose_measures.cypher — numbers that reports state, where the indicator or the place is not known, with the edge STATES
// params: rows (list of {id, name, value, unit, approx, year, modality, polarity, report, fact, reviewed})
// returns: nothing
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
CREATE (report)-[:STATES {report: row.report}]->(measure:Measure {id: row.id, name: row.name, modality: row.modality, polarity: row.polarity,
  report: row.report, fact: row.fact})
SET measure.value = row.value, measure.unit = row.unit, measure.approx = row.approx, measure.year = row.year, measure.reviewed = row.reviewed
