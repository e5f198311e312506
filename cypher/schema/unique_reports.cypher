// schema/unique_reports.cypher — one report per id
// params: none
// returns: nothing
CREATE CONSTRAINT report_id IF NOT EXISTS FOR (report:Report) REQUIRE report.id IS UNIQUE
