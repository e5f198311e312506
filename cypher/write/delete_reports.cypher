// write/delete_reports.cypher — reports with all their edges
// params: reports (list of report ids)
// returns: nothing
UNWIND $reports AS id
MATCH (report:Report {id: id})
DETACH DELETE report
