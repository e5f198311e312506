// read/condition_measures_reports.cypher — numbers of these indicators by the report that states them
// params: indicators (list of ids), low, high (number or null: bounds of exact ones, both included), modalities (list), from_year, to_year (int or null)
// returns: id, value, approx, unit
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(measure:Measure)
WHERE measure.modality IN $modalities AND measure.value IS NOT NULL
  AND ($from_year IS NULL OR measure.year >= $from_year) AND ($to_year IS NULL OR measure.year <= $to_year)
  AND (measure.approx IS NOT NULL OR (($low IS NULL OR measure.value >= $low) AND ($high IS NULL OR measure.value <= $high)))
RETURN DISTINCT measure.report AS id, CASE WHEN measure.approx IS NULL THEN null ELSE measure.value END AS value, measure.approx AS approx, measure.unit AS unit
