"""Whether Spark and Athena read the same from the same snapshots: equal checksums of every column."""
