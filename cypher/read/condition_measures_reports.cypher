// read/condition_measures_reports.cypher — numbers of these indicators by the report that states them
// params: indicators (list of ids), modalities (list)
// returns: id, year, value, approx, unit
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(measure:Measure)
WHERE measure.modality IN $modalities AND measure.value IS NOT NULL
RETURN DISTINCT measure.report AS id, measure.year AS year, measure.value AS value, measure.approx AS approx, measure.unit AS unit
