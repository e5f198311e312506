// write/merge_documents.cypher — documents, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (document:Document {id: row.id})
SET document = row.properties
