// read/condition_measures_places.cypher — numbers of these indicators that are stated of places of a level or of what is below them
// params: indicators (list of ids), modalities (list), level
// returns: id, year, value, approx, unit
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(measure:Measure)-[:ABOUT]->(source:Place)
WHERE measure.modality IN $modalities AND measure.value IS NOT NULL
MATCH (source)-[:PART_OF*0..6]->(place:Place)
WHERE place.level = $level
RETURN DISTINCT place.id AS id, measure.year AS year, measure.value AS value, measure.approx AS approx, measure.unit AS unit
