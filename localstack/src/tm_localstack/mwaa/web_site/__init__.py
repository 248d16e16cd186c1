"""What MWAA's web server has besides Airflow's own pages."""
