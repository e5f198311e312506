// read/extensions_of_program.cypher — programs that reports say a program extends, or that extend it
// params: program (id)
// returns: id, outgoing, relation
MATCH (program:Program {id: $program})-[edge:EXTENDS|VARIANT_OF]-(other:Program)
RETURN DISTINCT other.id AS id, startNode(edge).id = $program AS outgoing, type(edge) AS relation
