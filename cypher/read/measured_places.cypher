// read/measured_places.cypher — places of one level that numbers are stated about
// params: place (id or null: everywhere), level
// returns: place, name
MATCH (place:Place)
WHERE place.level = $level
  AND ($place IS NULL OR EXISTS { (place)-[:PART_OF*0..4]->(:Place {id: $place}) })
  AND EXISTS { (place)<-[:ABOUT]-(:Measure) }
RETURN place.id AS place, place.name AS name
ORDER BY place
