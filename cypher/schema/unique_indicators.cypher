// schema/unique_indicators.cypher — one indicator per id
// params: none
// returns: nothing
CREATE CONSTRAINT indicator_id IF NOT EXISTS FOR (indicator:Indicator) REQUIRE indicator.id IS UNIQUE
