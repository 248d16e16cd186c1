"""From Athena's SQL to what Trino and the Glue catalog have to do: pure functions of text."""
