// write/create_about.cypher — edges ABOUT: Measure → Place
// params: rows (list of {source, target, report})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Measure {id: row.source})
MATCH (target:Place {id: row.target})
CREATE (source)-[:ABOUT {report: row.report}]->(target)
