"""The contract of each Iceberg table that this package writes."""
