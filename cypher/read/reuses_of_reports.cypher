// read/reuses_of_reports.cypher — edges REUSES that begin at these reports
// params: reports (list of report ids)
// returns: source, target, properties
UNWIND $reports AS id
MATCH (report:Report {id: id})-[edge:REUSES]->(earlier:Report)
RETURN report.id AS source, earlier.id AS target, properties(edge) AS properties
