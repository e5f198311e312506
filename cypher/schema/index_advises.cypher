// schema/index_advises.cypher — find edges ADVISES by their report
// params: none
// returns: nothing
CREATE INDEX advises_report IF NOT EXISTS FOR ()-[edge:ADVISES]-() ON (edge.report)
