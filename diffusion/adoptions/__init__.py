"""Who took up a practice when: from sentences of reports to intervals of years, with what silence and missing reports leave open."""
