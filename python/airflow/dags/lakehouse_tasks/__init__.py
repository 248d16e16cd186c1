"""What several DAGs have in common. Airflow looks for no DAG here."""
