// write/create_reports.cypher — reports that are not in the graph
// params: rows (list of {id, properties})
// returns: nothing
UNWIND $rows AS row
CREATE (report:Report {id: row.id})
SET report = row.properties
