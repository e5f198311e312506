// read/place_children.cypher — places directly below, with the reports at and below each
// params: id
// returns: id, labels, name, reports, properties
MATCH (:Place {id: $id})<-[:PART_OF]-(child:Place)
RETURN child.id AS id, labels(child) AS labels, child.name AS name, COUNT { (child)<-[:PART_OF*0..4]-(:Place)<-[:COVERS]-(:Report) } AS reports, properties(child) AS properties
ORDER BY name, id
