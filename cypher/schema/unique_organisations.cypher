// schema/unique_organisations.cypher — one organisation per id
// params: none
// returns: nothing
CREATE CONSTRAINT organisation_id IF NOT EXISTS FOR (organisation:Organisation) REQUIRE organisation.id IS UNIQUE
