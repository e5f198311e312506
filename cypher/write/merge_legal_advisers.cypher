// write/merge_legal_advisers.cypher — legal advisers, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (adviser:LegalAdviser {id: row.id})
SET adviser = row.properties
