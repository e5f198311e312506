// schema/unique_measures.cypher — one measure per id
// params: none
// returns: nothing
CREATE CONSTRAINT measure_id IF NOT EXISTS FOR (measure:Measure) REQUIRE measure.id IS UNIQUE
