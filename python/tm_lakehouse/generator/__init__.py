"""Synthetic course files that look like the pilot courses', with known defects."""
