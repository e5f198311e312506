// schema/index_adopts.cypher — find edges ADOPTS by their report
// params: none
// returns: nothing
CREATE INDEX adopts_report IF NOT EXISTS FOR ()-[edge:ADOPTS]-() ON (edge.report)
