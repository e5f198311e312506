// read/fingerprints.cypher — every report with the fingerprint of the version that the graph shows
// params: none
// returns: report, fingerprint
MATCH (report:Report)
RETURN report.id AS report, report.fingerprint AS fingerprint
ORDER BY report
