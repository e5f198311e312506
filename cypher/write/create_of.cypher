// write/create_of.cypher — edges OF: Measure → Indicator
// params: rows (list of {source, target, report})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Measure {id: row.source})
MATCH (target:Indicator {id: row.target})
CREATE (source)-[:OF {report: row.report}]->(target)
