// read/adoption_of_programs.cypher — how many reports name each of these programs, and which places do it since when; plans do not count
// params: ids
// returns: id, reports, adopters, first_year, last_year
MATCH (program:Program)
WHERE program.id IN $ids
OPTIONAL MATCH (program)<-[adopts:ADOPTS]-(place)
WHERE adopts.modality IN ['done', 'ongoing']
WITH program, count(DISTINCT place) AS adopters, min(adopts.year) AS first_year, max(adopts.year) AS last_year
RETURN program.id AS id, COUNT { (program)<-[:MENTIONS]-(:Report) } AS reports, adopters, first_year, last_year
ORDER BY id
