// read/measures_of_places.cypher — what is stated as done about places, number by number
// params: places (list of ids), indicators (list of ids, or null: all), from_year, to_year (int or null)
// returns: id, indicator, indicator_name, phrase, value, unit, approx, year, modality, polarity, place, place_name, report, fact
UNWIND $places AS wanted
MATCH (place:Place {id: wanted})<-[:ABOUT]-(measure:Measure)-[:OF]->(indicator:Indicator)
WHERE ($indicators IS NULL OR indicator.id IN $indicators)
  AND measure.modality IN ['done', 'ongoing'] AND measure.year IS NOT NULL AND measure.value IS NOT NULL
  AND ($from_year IS NULL OR measure.year >= $from_year) AND ($to_year IS NULL OR measure.year <= $to_year)
RETURN measure.id AS id, indicator.id AS indicator, indicator.name AS indicator_name, measure.name AS phrase, measure.value AS value, measure.unit AS unit,
       measure.approx AS approx, measure.year AS year, measure.modality AS modality, measure.polarity AS polarity, place.id AS place, place.name AS place_name,
       measure.report AS report, measure.fact AS fact
ORDER BY place, year, indicator, report, id
