"""Check a course file and land it, unchanged."""
