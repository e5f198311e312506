// write/delete_reuses.cypher — edges REUSES between these reports
// params: rows (list of {source, target})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Report {id: row.source})-[edge:REUSES]->(target:Report {id: row.target})
DELETE edge
