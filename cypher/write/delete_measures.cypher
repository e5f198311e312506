// write/delete_measures.cypher — numbers that these reports stated, with their edges
// params: reports (list of report ids)
// returns: nothing
UNWIND $reports AS id
MATCH (:Report {id: id})-[:STATES]->(measure:Measure)
DETACH DELETE measure
