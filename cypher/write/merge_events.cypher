// write/merge_events.cypher — events, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (event:Event {id: row.id})
SET event = row.properties
