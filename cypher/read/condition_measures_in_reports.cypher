// read/condition_measures_in_reports.cypher — numbers of these indicators that each of these reports states
// params: reports (list of ids), indicators (list of ids), low, high (number or null: bounds of exact ones, both included), modalities (list), from_year, to_year (int or null)
// returns: asked, report, year, modality, fact, id, name, source, source_name, value, approx, unit, measure
UNWIND $reports AS asked
MATCH (:Report {id: asked})-[:STATES]->(measure:Measure)-[:OF]->(indicator:Indicator)
WHERE indicator.id IN $indicators AND measure.modality IN $modalities AND measure.value IS NOT NULL
  AND ($from_year IS NULL OR measure.year >= $from_year) AND ($to_year IS NULL OR measure.year <= $to_year)
  AND (measure.approx IS NOT NULL OR (($low IS NULL OR measure.value >= $low) AND ($high IS NULL OR measure.value <= $high)))
OPTIONAL MATCH (measure)-[:ABOUT]->(source:Place)
RETURN DISTINCT asked, measure.report AS report, measure.year AS year, measure.modality AS modality, measure.fact AS fact, indicator.id AS id, indicator.name AS name,
       source.id AS source, source.name AS source_name, measure.value AS value, measure.approx AS approx, measure.unit AS unit, measure.id AS measure
ORDER BY asked, coalesce(year, 9999), report, measure
