// read/indicators.cypher — indicators with how many measures state them, most first
// params: q (part of the name or null), catalogued (bool or null), skip, limit
// returns: id, name, catalogued, measures, reports, units
MATCH (indicator:Indicator)
WHERE ($q IS NULL OR indicator.name CONTAINS $q) AND ($catalogued IS NULL OR indicator.catalogued = $catalogued)
WITH indicator, COUNT { (indicator)<-[:OF]-(:Measure) } AS measures, indicator.name AS name, indicator.id AS id
ORDER BY measures DESC, name, id SKIP $skip LIMIT $limit
MATCH (indicator)<-[:OF]-(measure:Measure)
RETURN id, name, indicator.catalogued AS catalogued, measures, count(DISTINCT measure.report) AS reports, collect(DISTINCT measure.unit) AS units
ORDER BY measures DESC, name, id
