// write/merge_places.cypher — places, new or changed (places of no level)
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (place:Place {id: row.id})
SET place = row.properties
