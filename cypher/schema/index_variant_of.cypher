// schema/index_variant_of.cypher — find edges VARIANT_OF by their report
// params: none
// returns: nothing
CREATE INDEX variant_of_report IF NOT EXISTS FOR ()-[edge:VARIANT_OF]-() ON (edge.report)
