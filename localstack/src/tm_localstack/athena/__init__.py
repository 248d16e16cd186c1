"""The athena service."""
