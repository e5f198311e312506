// read/indicator.cypher — indicators by id, with or without its prefix, or by name
// params: indicator
// returns: id, name
MATCH (indicator:Indicator)
WHERE indicator.id IN [$indicator, 'indicator:' + $indicator, 'indicator:raw/' + $indicator] OR indicator.name = $indicator
RETURN indicator.id AS id, indicator.name AS name
ORDER BY id
