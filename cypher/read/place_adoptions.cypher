// read/place_adoptions.cypher — who at and below a place does what programs ask; plans do not count
// params: id
// returns: adopters, programs
MATCH (:Place {id: $id})<-[:PART_OF*0..4]-(place:Place)-[adopts:ADOPTS]->(program:Program)
WHERE adopts.modality IN ['done', 'ongoing']
RETURN count(DISTINCT place) AS adopters, count(DISTINCT program) AS programs
