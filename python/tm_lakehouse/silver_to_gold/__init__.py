"""Run dbt on Athena and keep its artifacts."""
