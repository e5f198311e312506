"""What is said of a practice, judged by sentences of which it is known: a second reading of what the wordings of ``moods.yaml`` take for a deed."""
