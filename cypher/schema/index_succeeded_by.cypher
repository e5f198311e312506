// schema/index_succeeded_by.cypher — find edges SUCCEEDED_BY by their report
// params: none
// returns: nothing
CREATE INDEX succeeded_by_report IF NOT EXISTS FOR ()-[edge:SUCCEEDED_BY]-() ON (edge.report)
