// read/coverage.cypher — places that have reports, with the year and id of each
// params: level (or null), from_year, to_year (int or null), skip, limit
// returns: place, name, reports (list of {year, report})
MATCH (report:Report)-[:COVERS]->(place:Place)
WHERE ($level IS NULL OR place.level = $level)
  AND ($from_year IS NULL OR report.year >= $from_year) AND ($to_year IS NULL OR report.year <= $to_year)
WITH place.id AS place, place.name AS name, collect({year: report.year, report: report.id}) AS reports
RETURN place, name, reports
ORDER BY place SKIP $skip LIMIT $limit
