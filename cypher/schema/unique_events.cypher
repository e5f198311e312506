// schema/unique_events.cypher — one event per id
// params: none
// returns: nothing
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (event:Event) REQUIRE event.id IS UNIQUE
