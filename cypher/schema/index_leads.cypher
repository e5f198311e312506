// schema/index_leads.cypher — find edges LEADS by their report
// params: none
// returns: nothing
CREATE INDEX leads_report IF NOT EXISTS FOR ()-[edge:LEADS]-() ON (edge.report)
