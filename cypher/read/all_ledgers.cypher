// read/all_ledgers.cypher — what the graph was told of every report
// params: none
// returns: id, ledger
MATCH (report:Report)
RETURN report.id AS id, report.ledger AS ledger
