// schema/index_part_of.cypher — find edges PART_OF by their report
// params: none
// returns: nothing
CREATE INDEX part_of_report IF NOT EXISTS FOR ()-[edge:PART_OF]-() ON (edge.report)
