"""How a practice spread through the places of a collection: shares with bounds, laws of growth with intervals, and what the data can't carry."""
