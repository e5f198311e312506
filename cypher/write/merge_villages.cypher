// write/merge_villages.cypher — villages, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (place:Place {id: row.id})
SET place = row.properties
SET place:Village
