"""Landed files to Silver rows: read, type, judge, deduplicate; then one atomic write."""
