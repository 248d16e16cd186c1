"""Scripts as Glue jobs: upload, define, run to the end, clean up."""

import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tm_localstack.launcher.settings import LauncherSettings, requirements_lock, runtime_python, uv_program

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


@dataclass(frozen=True)
class SecondLocalstack:
    """A LocalStack of the test's own, without Trino: to be broken, or crashed."""

    url: str
    process: "subprocess.Popen[bytes]"

    def client(self, service: str) -> object:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        return boto3.client(service, endpoint_url=self.url, **keys)


@pytest.fixture
def second_localstack(tmp_path) -> Iterator[Callable[..., SecondLocalstack]]:
    """Start another LocalStack by the given arguments of the emulator's Python."""
    started: list[SecondLocalstack] = []

    def start(*arguments: str) -> SecondLocalstack:
        url = f"http://127.0.0.1:{_free_port()}"
        with (tmp_path / "log").open("wb") as log:
            command = [str(runtime_python("emulator")), *arguments]
            environment = _environment(url, tmp_path)
            process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
        started.append(SecondLocalstack(url, process))
        _wait_for(started[-1])
        return started[-1]

    yield start
    for localstack in started:
        localstack.process.terminate()
        localstack.process.wait(30)


def _environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": os.environ["HOME"],
        "GATEWAY_LISTEN": url.removeprefix("http://"),
        "FILESYSTEM_ROOT": str(folder / "localstack"),
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "TM_LOCAL_SCRATCH": str(folder),
        "TM_LOCAL_SPARK_PYTHON": str(runtime_python("spark")),
        "TM_LOCAL_SPARK_JARS": str(LauncherSettings.from_environment().spark_jars),
        "TM_LOCAL_MODULE_CACHE": str(folder / "modules"),
        "TM_LOCAL_TRINO_URL": "http://127.0.0.1:9",
        "TM_LOCAL_GATEWAY_URL": url,
        "TM_LOCAL_UV": uv_program(LauncherSettings.from_environment()),
        "TM_LOCAL_AIRFLOW_PYTHON": str(runtime_python("airflow")),
        "TM_LOCAL_AIRFLOW_LOCK": str(requirements_lock("airflow")),
    }


def _wait_for(localstack: SecondLocalstack) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and localstack.process.poll() is None:
        try:
            localstack.client("glue").get_databases()
        except (BotoCoreError, ClientError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("The second LocalStack did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
