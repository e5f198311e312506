// schema/unique_programs.cypher — one program per id
// params: none
// returns: nothing
CREATE CONSTRAINT program_id IF NOT EXISTS FOR (program:Program) REQUIRE program.id IS UNIQUE
