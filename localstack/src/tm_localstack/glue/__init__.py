"""The glue service."""
