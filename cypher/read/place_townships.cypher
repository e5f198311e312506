// read/place_townships.cypher — townships at and below a place, and those with a report
// params: id
// returns: townships, townships_with_reports
MATCH (:Place {id: $id})<-[:PART_OF*0..4]-(township:Township)
WITH township, EXISTS { (township)<-[:COVERS]-(:Report) } AS reported
RETURN count(township) AS townships, sum(CASE WHEN reported THEN 1 ELSE 0 END) AS townships_with_reports
