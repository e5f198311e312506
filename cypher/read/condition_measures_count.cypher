// read/condition_measures_count.cypher — how many numbers there are of these indicators
// params: indicators (list of ids)
// returns: total
UNWIND $indicators AS wanted
MATCH (:Indicator {id: wanted})<-[:OF]-(measure:Measure)
RETURN count(*) AS total
