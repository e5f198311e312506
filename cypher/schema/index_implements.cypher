// schema/index_implements.cypher — find edges IMPLEMENTS by their report
// params: none
// returns: nothing
CREATE INDEX implements_report IF NOT EXISTS FOR ()-[edge:IMPLEMENTS]-() ON (edge.report)
