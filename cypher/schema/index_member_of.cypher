// schema/index_member_of.cypher — find edges MEMBER_OF by their report
// params: none
// returns: nothing
CREATE INDEX member_of_report IF NOT EXISTS FOR ()-[edge:MEMBER_OF]-() ON (edge.report)
