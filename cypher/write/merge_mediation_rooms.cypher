// write/merge_mediation_rooms.cypher — mediation rooms, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (room:MediationRoom {id: row.id})
SET room = row.properties
