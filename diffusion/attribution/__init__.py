"""From whom a practice came: what reports name, what texts show, what times allow."""
