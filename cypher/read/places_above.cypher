// read/places_above.cypher — a place and those above it, nearest first
// params: ids (list of place ids)
// returns: place, id, name, labels, properties, depth (0: the place itself)
UNWIND $ids AS place
MATCH path = (:Place {id: place})-[:PART_OF*0..4]->(above:Place)
RETURN place, above.id AS id, above.name AS name, labels(above) AS labels, properties(above) AS properties, length(path) AS depth
ORDER BY place, depth
