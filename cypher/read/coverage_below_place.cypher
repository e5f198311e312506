// read/coverage_below_place.cypher — places at and below one that have reports, with the year and id of each
// params: place (id), level (or null), from_year, to_year (int or null), skip, limit
// returns: place, name, reports (list of {year, report})
MATCH (:Place {id: $place})<-[:PART_OF*0..4]-(below:Place)
WHERE $level IS NULL OR below.level = $level
WITH DISTINCT below
MATCH (report:Report)-[:COVERS]->(below)
WHERE ($from_year IS NULL OR report.year >= $from_year) AND ($to_year IS NULL OR report.year <= $to_year)
WITH below.id AS place, below.name AS name, collect({year: report.year, report: report.id}) AS reports
RETURN place, name, reports
ORDER BY place SKIP $skip LIMIT $limit
