// schema/unique_persons.cypher — one person per id
// params: none
// returns: nothing
CREATE CONSTRAINT person_id IF NOT EXISTS FOR (person:Person) REQUIRE person.id IS UNIQUE
