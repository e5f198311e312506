// write/merge_organisations.cypher — organisations, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (organisation:Organisation {id: row.id})
SET organisation = row.properties
