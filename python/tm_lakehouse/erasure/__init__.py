"""Removing a round or a device from the tables, and telling where else it lies."""
