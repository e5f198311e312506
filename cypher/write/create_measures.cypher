// write/create_measures.cypher — numbers that reports state, of an indicator and about a place, with the edges STATES, OF and ABOUT
// params: rows (list of {id, name, value, unit, approx, year, modality, polarity, report, fact, reviewed, indicator, place})
// returns: nothing
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (indicator:Indicator {id: row.indicator})
MATCH (place:Place {id: row.place})
CREATE (report)-[:STATES {report: row.report}]->(measure:Measure {id: row.id, name: row.name, modality: row.modality, polarity: row.polarity,
  report: row.report, fact: row.fact})-[:OF {report: row.report}]->(indicator)
CREATE (measure)-[:ABOUT {report: row.report}]->(place)
SET measure.value = row.value, measure.unit = row.unit, measure.approx = row.approx, measure.year = row.year, measure.reviewed = row.reviewed
