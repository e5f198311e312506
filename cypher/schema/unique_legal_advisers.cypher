// schema/unique_legal_advisers.cypher — one legal adviser per id
// params: none
// returns: nothing
CREATE CONSTRAINT adviser_id IF NOT EXISTS FOR (adviser:LegalAdviser) REQUIRE adviser.id IS UNIQUE
