DAG = 1
