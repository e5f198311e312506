// read/measured_places.cypher — places of one level that numbers are stated about
// params: level
// returns: place, name
MATCH (place:Place)
WHERE place.level = $level AND EXISTS { (place)<-[:ABOUT]-(:Measure) }
RETURN place.id AS place, place.name AS name
ORDER BY place
