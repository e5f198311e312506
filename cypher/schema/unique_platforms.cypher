// schema/unique_platforms.cypher — one platform per id
// params: none
// returns: nothing
CREATE CONSTRAINT platform_id IF NOT EXISTS FOR (platform:Platform) REQUIRE platform.id IS UNIQUE
