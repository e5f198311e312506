// read/place_reports.cypher — reports at and below a place
// params: id
// returns: reports, years
MATCH (:Place {id: $id})<-[:PART_OF*0..4]-(:Place)<-[:COVERS]-(report:Report)
RETURN count(DISTINCT report) AS reports, collect(DISTINCT report.year) AS years
