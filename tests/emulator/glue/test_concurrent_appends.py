"""Six Spark writers append to one Iceberg table at once: what Iceberg says it committed is in the table.

The same job against a catalog without the lock loses rows: the test can fail.
"""

import json
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from fault_injector import Injector

SCRIPT = Path(__file__).with_name("concurrent_appends.py")
UNLOCKED = Path(__file__).with_name("unlocked_localstack.py")
TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*"], "Resource": "*"}
SECONDS = 180
# Long enough that all six have looked at the table before the first has changed it.
COMMIT_SECONDS = 1


def append_concurrently(client: Callable[[str], object], retries: int, commit_seconds: int = 0) -> dict[str, int]:
    """Let a Glue job's six writers append, three times; the rows attempted, committed and found."""
    name = f"tm-appends-{secrets.token_hex(4)}"
    database = name.replace("-", "_")
    s3, glue, iam = client("s3"), client("glue"), client("iam")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="job.py", Body=SCRIPT.read_bytes())
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=_policy(ACCESS))
    glue.create_database(DatabaseInput={"Name": database})
    faults = Injector(glue.meta.endpoint_url)
    slow = {"service": "glue", "operation": "UpdateTable", "resource": f"{database}.", "seconds": commit_seconds}
    faults.add(name="slow commits", effect="delay", **slow)
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{name}/job.py"}
    size = {"GlueVersion": "5.1", "WorkerType": "G.1X", "NumberOfWorkers": 2}
    glue.create_job(Name=name, Role=role, Command=command, DefaultArguments=_arguments(name, database), **size)
    try:
        run_id = glue.start_job_run(JobName=name, Arguments={"--retries": str(retries)})["JobRunId"]
        run = _ended(glue, name, run_id)
        assert run["JobRunState"] == "SUCCEEDED", run
        return json.loads(s3.get_object(Bucket=name, Key="result.json")["Body"].read())
    finally:
        faults.clear()
        glue.delete_job(JobName=name)
        glue.delete_database(Name=database)
        iam.delete_role_policy(RoleName=name, PolicyName="access")
        iam.delete_role(RoleName=name)
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
            for entry in page.get("Contents", []):
                s3.delete_object(Bucket=name, Key=entry["Key"])
        s3.delete_bucket(Bucket=name)


def _policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _arguments(bucket: str, database: str) -> dict[str, str]:
    conf = {
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "glue",
        "spark.sql.catalog.lake.warehouse": f"s3://{bucket}/warehouse/",
        "spark.sql.catalog.lake.cache-enabled": "false",
    }
    return {
        "--datalake-formats": "iceberg",
        "--conf": " --conf ".join(f"{name}={value}" for name, value in conf.items()),
        "--database": database,
        "--location": f"s3://{bucket}/warehouse/appends",
        "--result": f"s3://{bucket}/result.json",
    }


def _ended(glue: object, job: str, run_id: str) -> dict:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        run = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
        if "CompletedOn" in run:
            return run
        time.sleep(0.5)
    raise AssertionError(f"not ended within {SECONDS} s: {run}")


def test_with_retries_every_append_commits_and_no_row_is_lost(client):
    rows = append_concurrently(client, retries=50)

    assert rows["committed"] == rows["attempted"]
    assert rows["found"] == rows["committed"]


def test_without_retries_some_appends_are_refused_and_no_committed_row_is_lost(client):
    rows = append_concurrently(client, retries=0, commit_seconds=COMMIT_SECONDS)

    assert 0 < rows["committed"] < rows["attempted"]
    assert rows["found"] == rows["committed"]


def test_a_catalog_that_ignores_versions_loses_rows(second_localstack):
    rows = append_concurrently(second_localstack(str(UNLOCKED)).client, retries=0, commit_seconds=COMMIT_SECONDS)

    assert rows["found"] < rows["committed"]
