// read/adoptions_of_reports.cypher — places and programs that these reports put together
// params: reports (list of report ids)
// returns: source, program
MATCH (source)-[adopts:ADOPTS]->(program:Program)
WHERE adopts.report IN $reports
RETURN DISTINCT source.id AS source, program.id AS program
