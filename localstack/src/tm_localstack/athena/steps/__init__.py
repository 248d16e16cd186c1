"""What carries out the steps of a translated statement: Trino, the Glue catalog and S3."""
