"""Scripts as Glue jobs: upload, define, run to the end, clean up."""

import json
import secrets
from collections.abc import Callable, Iterator

import pytest

FINAL_STATES = {"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT", "ERROR"}
RUN_SECONDS = 120
TRUST = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
ACCESS = {"Effect": "Allow", "Action": ["s3:*", "glue:*", "logs:*"], "Resource": "*"}


def policy(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="session")
def bucket(client) -> Iterator[str]:
    """A bucket for scripts and what they write."""
    s3, name = client("s3"), f"tm-glue-{secrets.token_hex(4)}"
    s3.create_bucket(Bucket=name)
    yield name
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=name):
        for entry in page.get("Contents", []):
            s3.delete_object(Bucket=name, Key=entry["Key"])
    s3.delete_bucket(Bucket=name)


@pytest.fixture(scope="session")
def role(client) -> Iterator[str]:
    """The ARN of a role that Glue may assume."""
    iam, name = client("iam"), f"tm-glue-{secrets.token_hex(4)}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="access", PolicyDocument=policy(ACCESS))
    yield arn
    iam.delete_role_policy(RoleName=name, PolicyName="access")
    iam.delete_role(RoleName=name)


@pytest.fixture
def upload(client, bucket) -> Callable[[str, str | bytes], str]:
    """Put an object, and give its S3 path."""

    def put(key: str, body: str | bytes) -> str:
        client("s3").put_object(Bucket=bucket, Key=key, Body=body)
        return f"s3://{bucket}/{key}"

    return put


@pytest.fixture
def make_job(client, role, unique, upload) -> Iterator[Callable[..., str]]:
    """Define a job that runs the given Python text; keyword arguments are CreateJob's."""
    made: list[str] = []

    def make(script: str, **definition: object) -> str:
        name = unique("job")
        command = {"Name": "glueetl", "ScriptLocation": upload(f"scripts/{name}.py", script)}
        size = {"GlueVersion": "5.1", "WorkerType": "G.1X", "NumberOfWorkers": 2}
        client("glue").create_job(**{"Name": name, "Role": role, "Command": command, **size, **definition})
        made.append(name)
        return name

    yield make
    for name in made:
        client("glue").delete_job(JobName=name)


@pytest.fixture
def start(client) -> Callable[..., str]:
    """Start a run with the given arguments; keyword arguments are StartJobRun's."""

    def begin(job: str, arguments: dict[str, str] | None = None, **request: object) -> str:
        return client("glue").start_job_run(JobName=job, Arguments=arguments or {}, **request)["JobRunId"]

    return begin


@pytest.fixture
def state_of(client) -> Callable[[str, str], str]:
    return lambda job, run_id: client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]["JobRunState"]


@pytest.fixture
def ended(client, wait_until) -> Callable[..., dict]:
    """Wait for a run's end and give the run."""

    def wait(job: str, run_id: str, seconds: float = RUN_SECONDS) -> dict:
        def final() -> dict | None:
            run = client("glue").get_job_run(JobName=job, RunId=run_id)["JobRun"]
            return run if run["JobRunState"] in FINAL_STATES else None

        return wait_until(final, seconds, f"the end of run {run_id}")

    return wait


@pytest.fixture
def run_job(start, ended) -> Callable[..., dict]:
    """Start a run and wait for its end."""
    return lambda job, arguments=None, **request: ended(job, start(job, arguments, **request))


@pytest.fixture
def read_json(client, bucket) -> Callable[[str], object]:
    """Read what a script wrote to the bucket."""
    return lambda key: json.loads(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
