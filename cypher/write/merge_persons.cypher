// write/merge_persons.cypher — persons, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (person:Person {id: row.id})
SET person = row.properties
