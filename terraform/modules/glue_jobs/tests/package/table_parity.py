stands in for table_parity.py
