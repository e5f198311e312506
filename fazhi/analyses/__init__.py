"""Analyses of a collection that take long: asked for over HTTP, worked off in processes of their own, kept with all that it takes to repeat them."""
