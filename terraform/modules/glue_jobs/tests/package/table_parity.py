# Stands in for table_parity.py: Terraform only uploads it.
