// schema/unique_bodies.cypher — one public body per id
// params: none
// returns: nothing
CREATE CONSTRAINT body_id IF NOT EXISTS FOR (body:Body) REQUIRE body.id IS UNIQUE
