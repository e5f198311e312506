// read/condition_bodies_count.cypher — how often a report names a body of a place, whenever and however it is said
// params: name (part of its name or null), kind (or null)
// returns: total
MATCH (target:Body)
WHERE ($name IS NULL OR target.name CONTAINS $name) AND ($kind IS NULL OR target.kind = $kind)
RETURN sum(COUNT { (target)<-[:MENTIONS]-(:Report) }) AS total
