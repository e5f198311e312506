// read/program.cypher — a program by id or name
// params: program
// returns: id, name, parent
MATCH (program:Program)
WHERE program.id = $program OR program.name = $program
RETURN program.id AS id, program.name AS name, program.parent AS parent
ORDER BY id
