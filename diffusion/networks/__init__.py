"""Who takes up practices after whom: networks from the times of adoption alone, and from times with mandates and copied text."""
