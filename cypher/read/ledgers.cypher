// read/ledgers.cypher — what the graph was told of these reports
// params: reports (list of report ids)
// returns: id, digest, ledger
MATCH (report:Report)
WHERE report.id IN $reports
RETURN report.id AS id, report.digest AS digest, report.ledger AS ledger
