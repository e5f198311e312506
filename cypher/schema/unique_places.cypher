// schema/unique_places.cypher — one place per id
// params: none
// returns: nothing
CREATE CONSTRAINT place_id IF NOT EXISTS FOR (place:Place) REQUIRE place.id IS UNIQUE
