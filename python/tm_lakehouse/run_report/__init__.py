"""The report of a run: what came in, what became of it, how long it took and what it cost, in one file."""
