// read/places_of_indicators.cypher — places of one level that numbers of these indicators are stated about
// params: indicators (list of ids), place (id or null: everywhere), level
// returns: place, name
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(:Measure)-[:ABOUT]->(place:Place)
WHERE place.level = $level
WITH DISTINCT place
WHERE $place IS NULL OR EXISTS { (place)-[:PART_OF*0..4]->(:Place {id: $place}) }
RETURN place.id AS place, place.name AS name
ORDER BY place
