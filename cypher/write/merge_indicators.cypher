// write/merge_indicators.cypher — indicators, new or changed
// params: rows (list of {id, properties}; the properties replace all that were there)
// returns: nothing
UNWIND $rows AS row
MERGE (indicator:Indicator {id: row.id})
SET indicator = row.properties
