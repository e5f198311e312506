// read/measured_places_below_place.cypher — places of one level, at and below a place, that numbers are stated about
// params: place (id), level
// returns: place, name
MATCH (:Place {id: $place})<-[:PART_OF*0..4]-(below:Place)
WHERE below.level = $level
WITH DISTINCT below
WHERE EXISTS { (below)<-[:ABOUT]-(:Measure) }
RETURN below.id AS place, below.name AS name
ORDER BY place
