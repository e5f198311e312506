// read/condition_advisers_count.cypher — how often somebody is legal adviser, whenever and however it is said
// params: name (part of the adviser's name or null)
// returns: total
MATCH (source)<-[edge:ADVISES]-(target:LegalAdviser|Person|Organisation)
WHERE $name IS NULL OR target.name CONTAINS $name
RETURN count(*) AS total
