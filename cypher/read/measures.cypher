// read/measures.cypher — numbers of indicators, by year and place
// params: indicators (list of ids), place (id or null: everywhere), from_year, to_year (int or null), skip, limit
// returns: id, indicator, indicator_name, phrase, value, unit, approx, year, modality, polarity, place, place_name, report, fact
UNWIND $indicators AS wanted
MATCH (indicator:Indicator {id: wanted})<-[:OF]-(measure:Measure)
WHERE ($from_year IS NULL OR measure.year >= $from_year) AND ($to_year IS NULL OR measure.year <= $to_year)
OPTIONAL MATCH (measure)-[:ABOUT]->(place:Place)
WITH indicator, measure, place
WHERE $place IS NULL OR EXISTS { (place)-[:PART_OF*0..4]->(:Place {id: $place}) }
RETURN measure.id AS id, indicator.id AS indicator, indicator.name AS indicator_name, measure.name AS phrase, measure.value AS value, measure.unit AS unit,
       measure.approx AS approx, measure.year AS year, measure.modality AS modality, measure.polarity AS polarity, place.id AS place, place.name AS place_name,
       measure.report AS report, measure.fact AS fact
ORDER BY year, place_name, place, id SKIP $skip LIMIT $limit
