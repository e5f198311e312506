// schema/index_operates.cypher — find edges OPERATES by their report
// params: none
// returns: nothing
CREATE INDEX operates_report IF NOT EXISTS FOR ()-[edge:OPERATES]-() ON (edge.report)
