"""Silver as its rules say it, in plain Python: slow, obvious, and knowing nothing of the job that it judges."""
