# Stands in for silver_etl.py: Terraform only uploads it.
