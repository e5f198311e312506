// neo4j/generation.cypher — which rebuild the graph comes from: the name of an index that holds nothing, where no question about nodes can meet it
// params: none
// returns: name
SHOW INDEXES YIELD name
WHERE name STARTS WITH 'fazhi_graph_'
RETURN name
ORDER BY name
