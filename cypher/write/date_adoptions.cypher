// write/date_adoptions.cypher — first year in which a report says that a place does what a program asks; none where it is only planned
// params: rows (list of {source, program})
// returns: nothing
UNWIND $rows AS row
MATCH (source:Place|Body|Organisation {id: row.source})
MATCH (source)-[adopts:ADOPTS]->(program:Program)
WHERE program.id = row.program
WITH source, program, collect(adopts) AS edges, min(CASE WHEN adopts.modality IN ['done', 'ongoing'] THEN adopts.year END) AS first_seen
UNWIND edges AS edge
SET edge.first_seen = first_seen
