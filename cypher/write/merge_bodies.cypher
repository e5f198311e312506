// write/merge_bodies.cypher — bodies, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (body:Body {id: row.id})
SET body = row.properties
