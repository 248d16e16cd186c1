"""Upkeep of the Iceberg tables: by Glue's own optimizers, or by a Spark job of the same effect."""
