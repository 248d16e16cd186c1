"""For every dbt test a defect that it must find: planted into a copy of its table that only the statement sees."""
