"""How a practice spread through the collection, told so that pages, files and the API say the same: rows with names, intervals, reasons and sentences."""
