// read/named_programs.cypher — every program that reports name, with its properties and its family's name
// params: none
// returns: id, name, properties, family, family_name
MATCH (program:Program)
WHERE program.name IS NOT NULL
OPTIONAL MATCH (program)-[:PART_OF]->(above:Program)
WITH program, min(above.id) AS family, min(above.name) AS family_name
RETURN program.id AS id, program.name AS name, properties(program) AS properties, family, family_name
ORDER BY id
