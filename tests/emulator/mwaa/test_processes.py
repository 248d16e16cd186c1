"""Airflow's processes: revived while the environment lives, and none is left when it goes, however it goes."""

import json
import signal

import boto3
import psutil
import pytest
from botocore.config import Config
from processes import command_of, environment_of

TASK_OF_AN_HOUR = """
import subprocess
from airflow.sdk import dag, task

@dag(schedule=None, is_paused_upon_creation=False)
def long():
    @task
    def wait():
        subprocess.run(["setsid", "sleep", "3600"])
    wait()

long()
"""


def processes_of(name):
    """What was started for an environment, tasks and their children among them."""
    return [process for process in psutil.process_iter() if environment_of(process).get("AIRFLOW_ENV_NAME") == name]


@pytest.fixture
def available(make_trial, settled):
    trial = make_trial()
    trial.put("dags/long.py", TASK_OF_AN_HOUR)
    trial.create()
    assert settled(trial)["Status"] == "AVAILABLE"
    return trial


def start_the_long_task(trial, wait_until):
    wait_until(lambda: trial.api("GET", "/dags")["dags"], 90, "the DAG")
    trial.api("POST", "/dags/long/dagRuns", {"logical_date": None})
    wait_until(lambda: sleeping(trial.name), 90, "the task's own process")


def sleeping(name):
    return [process for process in processes_of(name) if command_of(process)[:1] == ["sleep"]]


def test_two_environments_live_side_by_side_and_what_ends_in_one_is_revived(
    available, make_trial, settled, wait_until, mwaa
):
    other = make_trial()
    other.create()
    assert settled(other)["Status"] == "AVAILABLE"
    assert available.told()["WebserverUrl"] != other.told()["WebserverUrl"]
    victims = [process for process in processes_of(available.name) if "triggerer" in command_of(process)]
    for process in victims:
        process.kill()

    def revived():
        new = [process for process in processes_of(available.name) if "triggerer" in command_of(process)]
        return new and not {process.pid for process in new} & {process.pid for process in victims}

    wait_until(revived, 30, "the new triggerer")
    start_the_long_task(available, wait_until)
    for trial in (available, other):
        mwaa.delete_environment(Name=trial.name)
        wait_until(lambda trial=trial: not trial.exists(), 60, "the end")
        assert processes_of(trial.name) == []


@pytest.mark.nightly
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_an_environment_ends_with_its_localstack(second_localstack, unique, wait_until, ending):
    localstack = second_localstack("-m", "localstack.runtime.main")
    name = unique("lost")
    s3, iam = localstack.client("s3"), localstack.client("iam")
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
    mwaa = boto3.client("mwaa", endpoint_url=localstack.url, config=Config(inject_host_prefix=False), **keys)
    trust = {"Effect": "Allow", "Principal": {"Service": "airflow-env.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName="airflow", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))["Role"]
    access = {"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}
    iam.put_role_policy(
        RoleName="airflow",
        PolicyName="access",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [access]}),
    )
    s3.create_bucket(Bucket="dags")
    s3.put_bucket_versioning(Bucket="dags", VersioningConfiguration={"Status": "Enabled"})
    mwaa.create_environment(
        Name=name,
        ExecutionRoleArn=role["Arn"],
        SourceBucketArn="arn:aws:s3:::dags",
        DagS3Path="dags",
        NetworkConfiguration={"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]},
    )
    parts = ("api-server", "scheduler", "dag-processor", "triggerer")
    wait_until(lambda: all(any(part in command_of(p) for p in processes_of(name)) for part in parts), 120, "Airflow")

    localstack.process.send_signal(ending)
    wait_until(lambda: not processes_of(name), 45, "the end of Airflow's processes")
