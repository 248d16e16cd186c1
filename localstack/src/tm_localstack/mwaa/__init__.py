"""MWAA: environments as AWS describes them, each a real Airflow on this machine."""
