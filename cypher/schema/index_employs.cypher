// schema/index_employs.cypher — find edges EMPLOYS by their report
// params: none
// returns: nothing
CREATE INDEX employs_report IF NOT EXISTS FOR ()-[edge:EMPLOYS]-() ON (edge.report)
