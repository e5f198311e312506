// read/places_of_level.cypher — places of a level with their names
// params: level
// returns: id, name
MATCH (place:Place)
WHERE place.level = $level
RETURN place.id AS id, place.name AS name
ORDER BY id
