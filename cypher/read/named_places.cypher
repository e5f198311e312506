// read/named_places.cypher — every place with the names it goes by, without those that a text does not name
// params: none
// returns: id, name, aliases
MATCH (place:Place)
WHERE NOT place.id CONTAINS '?' AND place.name IS NOT NULL
RETURN place.id AS id, place.name AS name, place.aliases AS aliases
ORDER BY id
