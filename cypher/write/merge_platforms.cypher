// write/merge_platforms.cypher — platforms, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (platform:Platform {id: row.id})
SET platform = row.properties
