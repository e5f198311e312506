// schema/index_extends.cypher — find edges EXTENDS by their report
// params: none
// returns: nothing
CREATE INDEX extends_report IF NOT EXISTS FOR ()-[edge:EXTENDS]-() ON (edge.report)
