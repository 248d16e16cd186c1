stands in for table_maintenance.py
