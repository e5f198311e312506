// read/reports_of_advisers.cypher — how many reports tell of advisers, also of those that no report names (未具名)
// params: ids
// returns: id, reports
UNWIND $ids AS asked
MATCH (adviser:LegalAdviser {id: asked})-[edge]-()
RETURN asked AS id, count(DISTINCT edge.report) AS reports
