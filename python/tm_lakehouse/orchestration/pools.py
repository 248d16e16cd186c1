"""The pools that tasks name: made with the deployment, since no DAG can make one."""

from tm_lakehouse.airflow_run import AirflowEnvironment, Pool
from tm_lakehouse.settings import Settings

SILVER_RUNS = "silver_runs"


def keep_pools(settings: Settings) -> list[Pool]:
    """Bring the pools of an environment to what the deployment allows."""
    import boto3

    job = boto3.client("glue").get_job(JobName=settings.glue_job_silver)["Job"]
    pools = [silver_runs(job["ExecutionProperty"]["MaxConcurrentRuns"])]
    environment = AirflowEnvironment(settings.airflow_environment)
    for pool in pools:
        environment.keep_pool(pool)
    return pools


def silver_runs(max_concurrent_runs: int) -> Pool:
    """Tasks that wait for a run of the Silver job: one fewer than it allows, for the one that is just being started."""
    slots = max(1, max_concurrent_runs - 1)
    return Pool(SILVER_RUNS, slots, f"Waits for runs of the Silver job, which allows {max_concurrent_runs} at once.")
