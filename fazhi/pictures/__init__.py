"""Pictures of a practice on its way: pure functions from rows to Vega-Lite, one module a picture, for pages, files and the command line alike."""
