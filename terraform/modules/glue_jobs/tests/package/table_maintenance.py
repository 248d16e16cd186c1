# Stands in for table_maintenance.py: Terraform only uploads it.
