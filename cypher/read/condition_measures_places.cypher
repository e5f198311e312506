// read/condition_measures_places.cypher — numbers of these indicators that are stated of places of a level or of what is below them
// params: indicators (list of ids), low, high (number or null: bounds of exact ones, both included), modalities (list), from_year, to_year (int or null), level
// returns: id, value, approx, unit
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(measure:Measure)-[:ABOUT]->(source:Place)
WHERE measure.modality IN $modalities AND measure.value IS NOT NULL
  AND ($from_year IS NULL OR measure.year >= $from_year) AND ($to_year IS NULL OR measure.year <= $to_year)
  AND (measure.approx IS NOT NULL OR (($low IS NULL OR measure.value >= $low) AND ($high IS NULL OR measure.value <= $high)))
MATCH (source)-[:PART_OF*0..6]->(place:Place)
WHERE place.level = $level
RETURN DISTINCT place.id AS id, CASE WHEN measure.approx IS NULL THEN null ELSE measure.value END AS value, measure.approx AS approx, measure.unit AS unit
