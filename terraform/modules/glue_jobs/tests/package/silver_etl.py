stands in for silver_etl.py
