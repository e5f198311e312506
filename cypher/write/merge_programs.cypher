// write/merge_programs.cypher — programs, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (program:Program {id: row.id})
SET program = row.properties
